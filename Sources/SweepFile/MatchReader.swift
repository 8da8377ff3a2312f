import Sweep
import VAE

/// Reads what points are told apart by, under `exclude:` and `if:`: keys, each with one value or a
/// list of them.
enum MatchReader {
  static func match(
    _ entries: [Entry], under place: String, known: Set<GridKey>, _ input: ArchitectureInput
  ) throws(Fault) -> [(term: GridMatch.Term, entry: Entry)] {
    var terms: [(term: GridMatch.Term, entry: Entry)] = []
    for entry in entries {
      guard let key = GridKey(name: entry.name), isKnown(key, known) else {
        throw DefinitionReader.unknown(
          entry, under: place,
          known: GridKey.names.filter { name in known.contains { $0.description == name } })
      }
      terms.append((GridMatch.Term(key: key, values: try values(key, entry, input)), entry))
    }
    return terms
  }

  /// An architecture is hidden layers and latents, however the grid has them.
  private static func isKnown(_ key: GridKey, _ known: Set<GridKey>) -> Bool {
    known.contains(key) || (key.isShape && known.contains(where: \.isShape))
  }

  /// One value of a key, or a list of them; of seeds also a range.
  private static func values(_ key: GridKey, _ entry: Entry, _ input: ArchitectureInput)
    throws(Fault) -> GridAxis.Values
  {
    if key.isSeed { return try SeedAxisReader.values(entry.node.listOrOne, of: entry) }
    var items =
      entry.node.isSpacing || (key.isCounted && entry.node.isMapping)
      ? try SpacingReader.values(entry) : entry.node.listOrOne
    // `hidden: [256, 32]` is one net here, as it is on the axis.
    if key == .hidden, items.contains(where: { $0.wholeNumber != nil }) { items = [entry.node] }
    guard !items.isEmpty else { throw entry.fault("an empty list: name at least one value") }
    var seen: Set<GridValue> = []
    var values: [GridValue] = []
    for item in items {
      let element = Entry(name: entry.name, place: entry.place, node: item)
      let value = try ValueReader.value(key, element, input)
      guard seen.insert(value).inserted else {
        throw element.fault("\(value.description.quotable) stands twice in the list")
      }
      values.append(value)
    }
    return .list(values)
  }
}

extension GridAxis.Values {
  /// The values as a message shows them.
  var written: String {
    switch self {
    case .seeds(let range):
      range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)..\(range.upperBound)"
    case .list(let values):
      values.prefix(4).map(\.description).joined(separator: ", ")
        + (values.count > 4 ? ", …" : "")
    }
  }
}
