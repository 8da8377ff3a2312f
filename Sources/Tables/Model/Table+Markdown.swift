extension Table {
  /// A table as GitHub Flavored Markdown has it (specification 0.29, section 4.10).
  var markdown: String {
    func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }
    let rules = columns.map { $0.alignment == .right ? "---:" : "---" }
    let above = caption.isEmpty ? "" : caption.map(Self.escaped).joined(separator: "\\\n") + "\n\n"
    guard !rows.isEmpty else { return above + Self.escaped(empty) + "\n" }
    return above + line(columns.map { Self.escaped($0.heading) }) + line(rules)
      + shown.map { line($0.map(Self.escaped)) }.joined()
  }

  /// With a backslash before whatever Markdown would take for markup of its own.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      if #"\|*`<[]"#.contains(character) { escaped.append("\\") }
      escaped.append(character)
    }
    return escaped
  }
}
