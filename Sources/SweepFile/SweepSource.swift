/// The text of a sweep file as one tree, joined with what it extends.
struct SweepSource {
  /// The file's own text.
  let text: String
  var root: Node
  /// Whether it extends no other file.
  let isAlone: Bool

  private static let key = "extends"

  /// A text that stands alone.
  init(text: String, file: String) throws(Fault) {
    root = try Self.tree(text, file)
    if let (entry, _) = Self.base(of: root) {
      throw entry.fault("only a sweep file on disk can extend another: write both in one")
    }
    self.text = text
    isAlone = true
  }

  /// The file at `path` and all that it extends.
  init(path: String) throws(Fault) {
    let bytes = try FileBytes.read(path: path, atMost: SweepFile.largestSize)
    let text = try Self.text(bytes, of: path)
    let own = try Self.tree(text, path)
    self.text = text
    isAlone = Self.base(of: own) == nil
    root = try Self.extended(own, path, through: [path])
  }

  /// The bytes as text, without the byte order mark that editors of some systems put in front, and
  /// which YAML takes for a document.
  static func text(_ bytes: [UInt8], of file: String) throws(Fault) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      let line = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }
      throw Fault(
        Place(source: file, line: line.map { $0 + 1 }),
        "not UTF-8 text: save the file as UTF-8")
    }
    return text
  }

  /// The tree of one file, without what it extends.
  static func tree(_ text: String, _ file: String) throws(Fault) -> Node {
    guard text.utf8.count <= SweepFile.largestSize else {
      throw FileBytes.tooLarge(SweepFile.largestSize)
    }
    let bare = text.hasPrefix("\u{feff}") ? String(text.unicodeScalars.dropFirst()) : text
    guard let root = try YAMLText.compose(bare, source: file) else {
      throw Fault(
        Place(source: file, line: nil), "the file is empty: it must hold name: and grid:")
    }
    return root
  }

  private static func base(of root: Node) -> (entry: Entry, place: Int)? {
    guard case .mapping(let top) = root, let place = top.index(of: key) else { return nil }
    let pair = top.pairs[place]
    return (Entry(name: key, place: pair.key.place, node: pair.value), place)
  }

  /// `root` over the file that it extends, if any.
  private static func extended(_ root: Node, _ path: String, through files: [String]) throws(Fault)
    -> Node
  {
    guard case .mapping(var own) = root, let (entry, place) = base(of: root) else { return root }
    guard let name = entry.node.text, !entry.node.isNull, !name.contains("/"), name != "..",
      name != ".", !name.contains("\0")
    else { throw entry.refused(mustBe: "the name of one sweep file beside this one") }
    own.pairs.remove(at: place)
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let base = folder + name
    guard !files.contains(base) else {
      throw entry.fault(
        "a circle: \((files + [base]).joined(separator: " extends "))")
    }
    let tree: Node
    do throws(Fault) {
      let bytes = try FileBytes.read(path: base, atMost: SweepFile.largestSize)
      tree = try self.tree(text(bytes, of: base), base)
    } catch {
      // What is wrong within it bears its own place.
      guard error.place == nil else { throw error }
      throw entry.fault("\(base) \(error.message)")
    }
    let below = try extended(tree, base, through: files + [base])
    guard case .mapping(let pairs) = below else {
      throw Fault(below.place, "\(below.written) is not accepted: it must be a mapping of keys")
    }
    return .mapping(merged(pairs, with: own))
  }

  /// `base` with what `other` has in its place: mappings are merged, everything else is replaced, and
  /// a key without a value takes the base's away.
  private static func merged(_ base: Node.Pairs, with other: Node.Pairs) -> Node.Pairs {
    var merged = base
    merged.place = other.place
    for (key, value) in other {
      guard let name = key.text, let place = merged.index(of: name) else {
        merged.pairs.append((key, value))
        continue
      }
      if value.isNull {
        merged.pairs.remove(at: place)
      } else if case .mapping(let below) = merged.pairs[place].value,
        case .mapping(let above) = value, !value.isSpacing
      {
        merged.pairs[place] = (key, .mapping(self.merged(below, with: above)))
      } else {
        merged.pairs[place] = (key, value)
      }
    }
    return merged
  }
}
