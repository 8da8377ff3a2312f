import Sweep
import VAE

/// Reads one axis under `grid:`: a list of values, or one value for a list of one.
enum AxisReader {
  /// - Parameter places: Takes where each value stands.
  static func axis(
    _ key: GridKey, _ entry: Entry, _ input: ArchitectureInput, _ places: inout ValuePlaces
  ) throws(Fault) -> GridAxis {
    let items =
      entry.node.isSpacing || (key.isCounted && entry.node.isMapping)
      ? try SpacingReader.values(entry)
      : entry.node.isNull && !key.acceptsNone ? [] : entry.node.listOrOne
    guard !items.isEmpty else {
      throw Fault(entry.place, "\(entry.name): the axis is empty: it must have at least one value")
    }
    switch key {
    case .seed, .initSeed, .orderSeed, .noiseSeed:
      return GridAxis(key: key, values: try SeedAxisReader.values(items, of: entry))
    case .hidden: try refuseFlatWidths(items, entry)
    case .architecture, .latentDim, .train: break
    }
    var seen: Set<GridValue> = []
    var values: [GridValue] = []
    for item in items {
      let element = Entry(name: entry.name, place: entry.place, node: item)
      let value = try ValueReader.value(key, element, input)
      guard seen.insert(value).inserted else {
        throw element.fault("\(value.description.quotable) stands twice in the list")
      }
      values.append(value)
      places.note(value, of: key, at: item.place ?? entry.place)
    }
    return GridAxis(key: key, values: .list(values))
  }

  /// `hidden: [256, 32]` could be one net or two; neither is guessed.
  private static func refuseFlatWidths(_ items: [Node], _ entry: Entry) throws(Fault) {
    guard items.count > 1 else { return }
    let widths = items.compactMap(\.wholeNumber)
    guard widths.count == items.count else { return }
    let shown = widths.prefix(4).map(String.init)
    let more = widths.count > 4 ? ", …" : ""
    throw entry.fault(
      "[\(shown.joined(separator: ", "))\(more)] may be one net or several: write "
        + "[[\(shown.joined(separator: ", "))\(more)]] for the layers of one, "
        + "[[\(shown.joined(separator: "], ["))]\(more)] for nets of one layer each")
  }
}

extension GridKey {
  /// Whether a value may be missing: then `limit:` with nothing behind it is no empty axis.
  fileprivate var acceptsNone: Bool {
    switch self {
    case .train(let key): key.acceptsNone
    case .architecture, .hidden, .latentDim, .seed, .initSeed, .orderSeed, .noiseSeed: false
    }
  }
}
