import Study

/// One section of the page, with the files of its pictures.
struct Section {
  /// A word for links: lower-case letters and `-`.
  let id: String
  let title: String
  var body = Markup()
  private(set) var files: [ReportFile] = []

  init(_ id: String, _ title: String) {
    self.id = id
    self.title = title
  }

  mutating func paragraph(_ text: Markup) { body += "<p>\(text)</p>\n" }

  /// Adds a drawing as `file`.svg, and gives the link to it.
  mutating func keep(_ drawing: Drawing, as file: String) -> Markup {
    keep(drawing.file, as: "\(file).svg")
  }

  /// Adds a file, and gives the link to it.
  mutating func keep(_ bytes: [UInt8], as name: String) -> Markup {
    files.append(ReportFile(name: name, bytes: bytes))
    return "<a class=\"file\" href=\"\(name)\">\(name)</a>"
  }

  var markup: Markup {
    "<section id=\"\(id)\">\n<h2>\(title)</h2>\n\(body)</section>\n"
  }
}

/// The parts that sections are made of.
enum Page {
  static func figure(_ content: Markup, caption: Markup, links: [Markup]) -> Markup {
    var end = Markup()
    for link in links { end += " \(link)" }
    return "<figure>\(content)<figcaption>\(caption)\(end)</figcaption></figure>\n"
  }

  static func details(_ summary: Markup, _ content: Markup, isOpen: Bool = false) -> Markup {
    let open: Markup = isOpen ? " open" : ""
    return "<details\(open)><summary>\(summary)</summary>\n\(content)</details>\n"
  }

  /// A table that is scrolled sideways where it does not fit.
  static func table(_ table: Table) -> Markup {
    var rows = Markup()
    for line in table.shown {
      rows += "<tr>"
      for (column, cell) in zip(table.columns, line) {
        rows += "<td\(alignment(column, cell))>\(cell)</td>"
      }
      rows += "</tr>\n"
    }
    var heads = Markup()
    for column in table.columns {
      heads +=
        "<th scope=\"col\"\(alignment(column))>\(column.heading.replacing("_", with: " "))</th>"
    }
    var caption = Markup()
    for (place, line) in table.caption.enumerated() {
      caption += place > 0 ? "<br>\(line)" : "\(line)"
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="table"><table><caption>\(caption)</caption>
      <thead><tr>\(heads)</tr></thead>
      <tbody>
      \(rows)</tbody></table></div>

      """
  }

  private static func alignment(_ column: Column, _ cell: String = "") -> Markup {
    if column.alignment == .right { return " class=\"number\"" }
    return cell.count > 44 ? " class=\"wrap\"" : ""
  }
}

extension PointCounts {
  /// `20/20 ok`, then what else there is: `18/20 ok, 1 diverged, 1 missing`.
  var words: String {
    var parts = ["\(ok)/\(planned) ok"]
    for (count, name) in [(diverged, "diverged"), (failed, "failed"), (missing, "missing")]
    where count > 0 {
      parts.append("\(count) \(name)")
    }
    return parts.joined(separator: ", ")
  }
}
