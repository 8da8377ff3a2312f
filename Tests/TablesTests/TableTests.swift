import Study
import Sweep
import Tables
import Testing

@Suite("A table")
struct TableTests {
  private let table = Table(
    caption: ["two hosts"],
    columns: ["host", .number("rate", title: "Rate", unit: "1/s", decimals: 1), "idle", "note"],
    rows: [
      ["alpha", 12.25, true, "a|b, \"c\""], ["日本", 3, nil], ["e\u{301}", nil, false, "x\ny"],
    ]
  )

  @Test("is aligned in a terminal, wide characters and accents included")
  func plain() {
    #expect(
      table.render(.table) == """
        two hosts
        host   Rate (1/s)  idle   note
        alpha        12.2  true   a|b, "c"
        日本            3  –      –
        e\u{301}               –  false  x y

        """)
    #expect(
      table.render(.table, ansi: true).contains(
        "\n\u{1b}[1mhost   Rate (1/s)  idle   note\u{1b}[0m\n"))
    #expect(table.render(.markdown, ansi: true) == table.render(.markdown))
  }

  @Test("is an array of objects in JSON")
  func json() {
    #expect(
      table.render(.json) == #"""
        [
          {
            "host": "alpha",
            "rate": 12.25,
            "idle": true,
            "note": "a|b, \"c\""
          },
          {
            "host": "日本",
            "rate": 3,
            "idle": null,
            "note": null
          },
          {
            "host": "é",
            "rate": null,
            "idle": false,
            "note": "x\ny"
          }
        ]

        """#)
  }

  @Test("is quoted as RFC 4180 has it in CSV")
  func csv() {
    let lines = [
      "host,rate,idle,note", #"alpha,12.25,true,"a|b, ""c""""#, "日本,3,,",
      "e\u{301},,false,\"x\ny\"",
      "",
    ]
    #expect(table.render(.csv) == lines.joined(separator: "\n"))
    let other = Table(
      columns: ["a"],
      rows: [[Cell(json: [.int(1), .string("b")])], [Cell(Double.nan)], ["x\r\ny"]])
    #expect(other.render(.csv) == "a\n\"[1,\"\"b\"\"]\"\n\n\"x\r\ny\"\n")
  }

  @Test(
    "shows a figure within its interval as both are shown",
    arguments: [
      (0.00027129, 0.00014235, 0.00086242), (0.00007843, 0.00007843, 1.5),
      (0.0996, 0.09958, 0.1001), (-0.0126, -0.14, -0.0121), (0, 0, 0), (537.756, 537.7, 537.8),
    ] as [(Double, Double, Double)])
  func figure(value: Double, lower: Double, upper: Double) throws {
    let interval = try #require(Interval(lower, upper) as Interval?)
    let cell = Cell(interval)
    let ends = cell.shown().split(separator: " to ").compactMap { Double($0) }
    let shown = try #require(Double(Cell(figure: value).shown()))
    #expect(ends.count == 2 && ends[0] <= shown && shown <= ends[1], "\(ends), \(shown)")
    #expect((shown == 0) == (value == 0))
    #expect(Cell(figure: value).json == .number(value))
    #expect(cell.json == [.number(lower), .number(upper)])
  }

  @Test("escapes what Markdown takes for markup")
  func markdown() {
    #expect(
      table.render(.markdown) == """
        two hosts

        | host | Rate (1/s) | idle | note |
        | --- | ---: | --- | --- |
        | alpha | 12.2 | true | a\\|b, "c" |
        | 日本 | 3 | – | – |
        | é | – | false | x y |

        """)
  }

  @Test("lets no cell move the cursor")
  func controls() {
    let table = Table(columns: ["a"], rows: [["\u{1b}[2Jx"]])
    #expect(table.render(.table) == "a\n\\u{1B}[2Jx\n")
  }

  @Test("without rows says so to a person, and is its headings for a program")
  func empty() {
    let table = Table(columns: ["a", "b"])
    #expect(table.render(.table) == "nothing to list\n")
    #expect(table.render(.csv) == "a,b\n")
    #expect(table.render(.json) == "[]\n")
  }

  @Test(
    "without a row says so to a person instead of bare headings, and keeps them for a program",
    arguments: [
      (.table, "two hosts\nno host yet\n"), (.markdown, "two hosts\n\nno host yet\n"),
      (.csv, "host\n"), (.json, "[]\n"),
    ] as [(OutputFormat, String)])
  func empty(format: OutputFormat, text: String) {
    let table = Table(caption: ["two hosts"], columns: ["host"], empty: "no host yet")
    #expect(table.render(format) == text)
  }
}
