import Figures
import Testing

@Suite("Markup")
struct MarkupTests {
  @Test("escapes every text that is put into it, and no markup")
  func escaping() {
    let name = "<b onclick='x'>&\"</b>"
    let cell: Markup = "<td title=\"\(name)\">\(name)</td>"
    let escaped = "&lt;b onclick=&#39;x&#39;&gt;&amp;&quot;&lt;/b&gt;"
    #expect(cell.text == "<td title=\"\(escaped)\">\(escaped)</td>")
    let row: Markup = "<tr>\(cell)</tr>"
    #expect(row.text == "<tr>\(cell.text)</tr>")
  }

  @Test("holds no character that XML forbids or that turns the text around it")
  func control() {
    let text: Markup = "\("a\u{0}b\u{1b}c\u{202e}d\u{7f}e\nf")"
    #expect(text.text == "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}e\nf")
  }

  @Test(
    "writes coordinates to a hundredth, in the fewest digits",
    arguments: [
      (1.0, "1"), (-0.004, "0"), (12.345, "12.35"), (-3.1, "-3.1"), (0.05, "0.05"), (.nan, "0"),
      (.infinity, "0"), (-7.999, "-8"),
    ] as [(Double, String)])
  func coordinates(value: Double, text: String) {
    let markup: Markup = "\(value)"
    #expect(markup.text == text)
  }
}
