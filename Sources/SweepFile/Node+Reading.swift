/// A key of a mapping with what stands under it.
struct Entry {
  let name: String
  /// Where the key stands.
  let place: Place?
  let node: Node

  /// A fault of the value: on its line, under this key's name.
  func fault(_ message: String) -> Fault { Fault(node.place ?? place, "\(name): \(message)") }

  /// The fault of a value that is of the wrong kind or out of range.
  func refused(_ written: String? = nil, mustBe expected: String) -> Fault {
    fault("\(written ?? node.written) is not accepted: it must be \(expected)")
  }
}

extension Node {
  /// The node as a message shows it: a scalar and a short list as written, anything else by its kind.
  var written: String {
    switch self {
    case .scalar(let scalar):
      if isNull { return "no value" }
      return scalar.isPlain ? scalar.string.quotable : "\"\(scalar.string.quotable)\""
    case .sequence(let sequence):
      if sequence.isEmpty { return "an empty list" }
      guard sequence.allSatisfy({ $0.text != nil }) else { return "a list" }
      let values = "[\(sequence.map(\.written).joined(separator: ", "))]"
      return values.count <= 40 ? values : "a list"
    case .mapping: return "a mapping"
    }
  }

  /// Whether this is an empty value, `~` or `null`.
  var isNull: Bool {
    guard case .scalar(let scalar) = self, scalar.isPlain else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }

  /// The entries of a mapping in the order of the file, none where nothing is written.
  ///
  /// `place` names it in the fault of anything else.
  func entries(of place: String) throws(Fault) -> [Entry] {
    if isNull { return [] }
    guard case .mapping(let mapping) = self else {
      throw Fault(
        self.place, "\(place) \(written) is not accepted: it must be a mapping of keys to values")
    }
    var entries: [Entry] = []
    for (key, value) in mapping {
      guard case .scalar(let scalar) = key else {
        throw Fault(key.place ?? self.place, "\(place) \(key.written) is not accepted as a key")
      }
      entries.append(Entry(name: scalar.string.quotable, place: key.place, node: value))
    }
    return entries
  }

  /// The values of a list; of a scalar, itself: a scalar under `grid:` is a list of one.
  var listOrOne: [Node] {
    if case .sequence(let sequence) = self { Array(sequence) } else { [self] }
  }
}
