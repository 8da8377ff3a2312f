import Sweep
import VAE
import Yams

/// Reads `exclude:`, a list of mappings from axes to one of their values each.
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
      var exclusion: [GridKey: GridValue] = [:]
      for entry in entries {
        let (key, value) = try pair(entry)
        exclusion[key] = value
      }
      exclusions.append(exclusion)
    }
    return exclusions
  }

  private func pair(_ entry: Entry) throws(Fault) -> (GridKey, GridValue) {
    guard let key = GridKey(name: entry.name), let axis = axes.first(where: { $0.key == key })
    else {
      throw DefinitionReader.unknown(
        entry, under: "exclude", known: axes.map(\.key.description))
    }
    let value = try ValueReader.value(key, entry)
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
    return (key, value)
  }
}
