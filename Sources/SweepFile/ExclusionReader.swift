import Sweep
import VAE
import Yams

/// Reads `exclude:`, a list of mappings from axes to values; where there are several, every
/// combination of them is left out.
struct ExclusionReader {
  /// Every point of the grid is held against every exclusion.
  static let most = 1000

  let axes: [GridAxis]
  let train: [TrainKey: ParameterValue]

  func read(_ exclude: Entry?) throws(Fault) -> [[GridKey: GridValue]] {
    guard let exclude, !exclude.node.isNull else { return [] }
    guard case .sequence(let list) = exclude.node else {
      throw exclude.refused(
        mustBe: "a list of mappings, as in - {architecture: 784-256-2, sampling: false}")
    }
    guard list.count <= Self.most else {
      throw exclude.fault("\(list.count) exclusions: at most \(Self.most) are accepted")
    }
    var exclusions: [[GridKey: GridValue]] = []
    for item in list {
      let entries = try item.entries(of: "exclude:")
      guard !entries.isEmpty else {
        throw Fault(
          item.line ?? exclude.line, "exclude: an empty exclusion: name at least one value")
      }
      var combinations: [[GridKey: GridValue]] = [[:]]
      for entry in entries {
        let (key, values) = try values(entry)
        let product = combinations.count * values.count
        guard exclusions.count + product <= Self.most else {
          throw entry.fault(
            "\(exclusions.count + product) combinations excluded: at most \(Self.most) are accepted"
          )
        }
        combinations = combinations.flatMap { combination in
          values.map { combination.merging([key: $0]) { $1 } }
        }
      }
      exclusions += combinations
    }
    return exclusions
  }

  /// One value of an axis, or a list of them; of seeds also a range.
  private func values(_ entry: Entry) throws(Fault) -> (GridKey, [GridValue]) {
    guard let key = GridKey(name: entry.name), let axis = axes.first(where: { $0.key == key })
    else {
      throw DefinitionReader.unknown(
        entry, under: "exclude", known: axes.map(\.key.description))
    }
    switch key {
    case .seed, .initSeed, .orderSeed, .noiseSeed:
      switch try SeedAxisReader.values(entry.node.listOrOne, of: entry) {
      case .list(let seeds):
        for seed in seeds { try check(seed, on: axis, entry) }
        return (key, seeds)
      case .seeds(let range):
        for end in [range.lowerBound, range.upperBound] {
          try check(.seed(end), on: axis, entry)
        }
        guard range.count <= Self.most else {
          throw entry.fault("\(range.count) seeds excluded: at most \(Self.most) are accepted")
        }
        let seeds = range.map(GridValue.seed)
        for seed in seeds { try check(seed, on: axis, entry) }
        return (key, seeds)
      }
    default: break
    }
    var items = entry.node.listOrOne
    // `hidden: [256, 32]` is one net here, as it is on the axis.
    if key == .hidden, items.contains(where: { $0.wholeNumber != nil }) { items = [entry.node] }
    guard !items.isEmpty else { throw entry.fault("an empty list: name at least one value") }
    var values: [GridValue] = []
    for item in items {
      let element = Entry(name: entry.name, line: entry.line, node: item)
      let value = try ValueReader.value(key, element)
      try check(value, on: axis, element)
      guard !values.contains(value) else {
        throw element.fault("\(value.description.quotable) stands twice in the list")
      }
      values.append(value)
    }
    return (key, values)
  }

  private func check(_ value: GridValue, on axis: GridAxis, _ entry: Entry) throws(Fault) {
    let stands =
      switch (axis.values, value) {
      case (.list(let values), _): values.contains(value)
      case (.seeds(let range), .seed(let seed)): range.contains(seed)
      case (.seeds, _): false
      }
    guard stands else {
      throw entry.refused(
        value.description.quotable, mustBe: "a value that stands on that axis under grid:")
    }
  }
}
