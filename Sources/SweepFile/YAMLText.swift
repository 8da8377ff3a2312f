import Yams

/// YAML text to nodes, with faults of the text told in one line.
enum YAMLText {
  /// Possible aliases with which a key that is no single word is refused before the parser sees it.
  ///
  /// The parser follows an alias by sharing what it stands for, which costs nothing, but it compares the
  /// keys of a mapping with all that is in them: a key of a few nested aliases would stand for billions
  /// of nodes there. Sixteen cannot repeat one node more than 243 times (3⁵).
  private static let mostInKeys = 16

  /// The root of the one document in `text`, or nil where it holds nothing.
  ///
  /// `source` names the text in faults.
  static func compose(_ text: String, source: String) throws(Fault) -> Node? {
    guard text.contains(where: { !$0.isWhitespace }) else { return nil }
    try refuseNestedKeys(in: text, source)
    let root: Yams.Node?
    do {
      root = try Parser(yaml: text, encoding: .utf8).singleRoot()
    } catch let error as YamlError {
      let (line, message) = fault(error)
      throw Fault(Place(source: source, line: line), message)
    } catch {
      throw Fault(Place(source: source, line: nil), "not readable as YAML")
    }
    guard let root else { return nil }
    var tree = YAMLTree(source: source)
    return try tree.node(root)
  }

  /// Refuses aliases and collections in the place of keys in a text with many aliases.
  ///
  /// Comments and quoted text count like the rest: telling them apart takes the parser.
  private static func refuseNestedKeys(in text: String, _ source: String) throws(Fault) {
    guard mayHaveAliases(Array(text.utf8), moreThan: mostInKeys) else { return }
    for (number, line) in text.split(
      separator: "\n", omittingEmptySubsequences: false
    ).enumerated() where mayHaveNestedKey(Array(line.utf8)) {
      throw Fault(
        Place(source: source, line: number + 1),
        "this may be an alias, a list or a mapping in the place of a key, which a file with more than "
          + "\(mostInKeys) aliases (*name) cannot have: write the key out")
    }
  }

  private static func mayHaveAliases(_ text: [UInt8], moreThan most: Int) -> Bool {
    var aliases = 0
    for place in text.indices.dropLast() where text[place] == UInt8(ascii: "*") {
      let previous = place == 0 ? 10 : text[place - 1]
      if !isWord(previous), text[place + 1] > 32 { aliases += 1 }
    }
    return aliases > most
  }

  /// Whether a line has `? key`, `*name:`, `]:` or `}:`, with spaces before the colon or without.
  ///
  /// A key that is not marked with `?` ends on its line.
  private static func mayHaveNestedKey(_ line: [UInt8]) -> Bool {
    for (place, byte) in line.enumerated() {
      switch byte {
      case UInt8(ascii: "?"):
        let isMark = place == 0 || [32, 9, 44, 91, 123].contains(line[place - 1])
        if isMark, place + 1 == line.count || line[place + 1] <= 32 { return true }
      case UInt8(ascii: ":"):
        let before = line[..<place].reversed().drop { $0 <= 32 }
        guard let last = before.first else { continue }
        if last == UInt8(ascii: "]") || last == UInt8(ascii: "}") { return true }
        let name = before.prefix { isWord($0) || $0 == 45 || $0 == 95 }
        if !name.isEmpty, before.dropFirst(name.count).first == UInt8(ascii: "*") { return true }
      default: continue
      }
    }
    return false
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }

  private static func fault(_ error: YamlError) -> (line: Int?, message: String) {
    switch error {
    case .reader(let problem, let offset, _, let yaml):
      let line = offset.map { yaml.prefix($0).count { $0.isNewline } + 1 }
      return (line, "not readable as YAML: \(problem)")
    case .composer(.some(let context), _, let mark, _) where context.text.contains("single"):
      return (mark.line, "a second document (---): a sweep file holds one")
    case .parser(_, let problem, let mark, _) where problem.hasPrefix("Maximum nesting level"):
      // The C library's words name a function of its own.
      return (mark.line, YAMLTree.tooDeep)
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      // The context is where the thing that failed began, often an earlier line.
      let began = context.map { " (\($0.text) on line \($0.mark.line))" } ?? ""
      return (mark.line, "not readable as YAML: \(problem)\(began)")
    case .duplicatedKeysInMapping(let names, let context):
      let keys = names.sorted().map(\.quotable).joined(separator: ", ")
      return (context.mark.line, "\(keys): given twice in one mapping")
    default:
      return (nil, "not readable as YAML")
    }
  }
}
