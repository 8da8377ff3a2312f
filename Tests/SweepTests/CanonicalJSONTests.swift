import Sweep
import Testing

@Suite("Canonical JSON")
struct CanonicalJSONTests {
  @Test(
    "prints numbers as ECMAScript does",
    arguments: [
      (0.0, "0"), (-0.0, "0"), (1.0, "1"), (0.001, "0.001"), (1e-8, "1e-8"), (0.9, "0.9"),
      (123456.789, "123456.789"), (1e21, "1e+21"), (1e20, "100000000000000000000"),
      (1.5e-7, "1.5e-7"), (0.000001, "0.000001"), (-2.5, "-2.5"),
      (.leastNonzeroMagnitude, "5e-324"),
      (1.7976931348623157e308, "1.7976931348623157e+308"),
      (9_007_199_254_740_992, "9007199254740992"),
      (333333333.33333329, "333333333.3333333"), (1E30, "1e+30"), (4.50, "4.5"),
    ])
  func numbers(number: Double, expected: String) {
    #expect(JSONValue.number(number).canonical == expected)
  }

  @Test("sorts members by UTF-16 and escapes as RFC 8785 does")
  func rfcExample() {
    let value: JSONValue = [
      "\u{20ac}": "Euro Sign", "\r": "Carriage Return",
      "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
      "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control",
      "\u{f6}": "Latin Small Letter O With Diaeresis",
    ].json
    #expect(
      value.canonical
        == "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20ac}\":\"Euro Sign\",\"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}"
    )
    #expect(
      JSONValue.string("\u{20ac}$\u{f}\nA'B\"\\\"/").canonical
        == "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\"/\"")
  }

  @Test("turns numbers that are not finite into null")
  func notFinite() {
    #expect(JSONValue(Double.nan) == .null)
    #expect(JSONValue.number(.infinity).canonical == "null")
  }
}

extension [String: String] {
  fileprivate var json: JSONValue {
    .object(map { JSONValue.Member($0.key, .string($0.value)) })
  }
}
