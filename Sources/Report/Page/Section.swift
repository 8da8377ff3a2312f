import Figures
import Study
import Tables

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
  mutating func add(_ drawing: Drawing, as file: String) -> Markup {
    add(drawing.file, as: "\(file).svg")
  }

  /// Adds a file, and gives the link to it.
  mutating func add(_ bytes: [UInt8], as name: String) -> Markup {
    files.append(ReportFile(name: name, bytes: bytes))
    let kind = name.split(separator: ".").last.map { $0.uppercased() } ?? name
    return "<a class=\"file\" href=\"\(name)\">\(kind)</a>"
  }

  /// Open until a reader folds it.
  var markup: Markup {
    """
    <section id="\(id)"><details open><summary><h2>\(title)</h2></summary>
    \(body)</details></section>

    """
  }
}

/// The parts that sections are made of.
enum Page {
  /// - Parameter name: The configuration it is of, by which a reader may filter; nil where it is of
  ///   several.
  static func figure(
    _ content: Markup, caption: Markup, links: [Markup], name: String? = nil
  ) -> Markup {
    var end = Markup()
    for link in links { end += " \(link)" }
    let filtered: Markup = name.map { " data-name=\"\($0)\"" } ?? ""
    return "<figure\(filtered)>\(content)<figcaption>\(caption)\(end)</figcaption></figure>\n"
  }

  static func details(_ summary: Markup, _ content: Markup, isOpen: Bool = false) -> Markup {
    let open: Markup = isOpen ? " open" : ""
    return "<details\(open)><summary>\(summary)</summary>\n\(content)</details>\n"
  }
}
