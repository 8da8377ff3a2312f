import Yams

/// YAML text to nodes, with faults of the text told in one line.
enum YAMLText {
  /// The most aliases a file may use.
  ///
  /// Sixteen cannot repeat one node more than 243 times (3⁵), so
  /// that a few nested ones cannot stand for billions of nodes.
  static let maxAliases = 16

  /// The root of the one document in `text`, or nil where it holds nothing.
  ///
  /// `source` names the text in faults.
  static func compose(_ text: String, source: String) throws(Fault) -> Node? {
    guard text.contains(where: { !$0.isWhitespace }) else { return nil }
    try countAliases(in: text, source)
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

  /// Counts whatever may be an alias, `*name` in a comment included: telling them apart takes the
  /// parser, which would already have followed them.
  private static func countAliases(in text: String, _ source: String) throws(Fault) {
    var aliases = 0
    var line = 1
    var previous: UInt8 = 10
    var mayStart = false
    for byte in text.utf8 {
      if mayStart, byte > 32 {
        aliases += 1
        guard aliases <= maxAliases else {
          throw Fault(
            Place(source: source, line: line),
            "more than \(maxAliases) aliases (*name): write the values out")
        }
      }
      if byte == 10 { line += 1 }
      mayStart = byte == UInt8(ascii: "*") && !isWord(previous)
      previous = byte
    }
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
