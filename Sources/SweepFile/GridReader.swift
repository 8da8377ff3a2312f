import Sweep
import VAE
import Yams

/// Reads `grid:`, `train:` and `exclude:` and joins them into a grid, each fault on its line.
struct GridReader {
  let grid: Entry
  let train: Entry?
  let exclude: Entry?
  let variance: Entry?

  func read() throws(Fault) -> Grid {
    let nested = try variance.flatMap { (entry) throws(Fault) in try VarianceReader.read(entry) }
    var axes: [GridAxis] = []
    var lines: [GridKey: Int] = [:]
    for entry in try grid.node.entries(of: "grid:") {
      guard let key = GridKey(name: entry.name) else {
        throw DefinitionReader.unknown(entry, under: "grid", known: GridKey.names)
      }
      axes.append(try AxisReader.axis(key, entry))
      lines[key] = entry.line
    }
    try checkPresence(of: Set(axes.map(\.key)), isNested: nested != nil)
    var values: [TrainKey: ParameterValue] = [:]
    for (key, entry) in try trainEntries() {
      if let axisLine = lines[.train(key)] {
        throw Fault(
          entry.line,
          "\(key.rawValue): given under train: and under grid: (line \(axisLine)): keep one of them"
        )
      }
      values[key] = try ValueReader.parameter(key, entry)
      lines[.train(key)] = entry.node.line ?? entry.line
    }
    let whole: Grid
    do {
      whole = try Grid(axes: axes, train: values, nested: nested)
    } catch {
      if error.key == "factor" { throw Fault(variance?.node.line, error.description) }
      throw Fault(GridKey(name: error.key).flatMap { lines[$0] } ?? grid.line, error.description)
    }
    let exclusions = try ExclusionReader(axes: axes, train: values).read(exclude)
    guard !exclusions.isEmpty else { return whole }
    let rest: Grid
    do {
      rest = try Grid(axes: axes, train: values, exclusions: exclusions, nested: nested)
    } catch {
      throw Fault(exclude?.line, error.description)
    }
    guard !rest.isEmptySmall else {
      throw Fault(exclude?.line, "exclude: leaves no point of the grid")
    }
    return rest
  }

  private func trainEntries() throws(Fault) -> [(TrainKey, Entry)] {
    guard let train else { return [] }
    var entries: [(TrainKey, Entry)] = []
    for entry in try train.node.entries(of: "train:") {
      guard let key = TrainKey(rawValue: entry.name) else {
        if GridKey(name: entry.name) != nil {
          throw Fault(
            entry.line, "\(entry.name): unknown key under train: (it belongs under grid:)")
        }
        throw DefinitionReader.unknown(
          entry, under: "train", known: TrainKey.allCases.map(\.rawValue))
      }
      if case .sequence = entry.node {
        throw entry.refused(mustBe: "one value (to vary it, move it under grid:)")
      }
      entries.append((key, entry))
    }
    return entries
  }

  private func checkPresence(of keys: Set<GridKey>, isNested: Bool) throws(Fault) {
    guard keys.contains(.architecture) || keys.isSuperset(of: [.hidden, .latentDim]) else {
      let half =
        keys.contains(.hidden)
        ? "has hidden but no latent_dim"
        : keys.contains(.latentDim) ? "has latent_dim but no hidden" : "has no architecture"
      throw Fault(grid.line, "grid: \(half): give architecture, or both hidden and latent_dim")
    }
    guard
      isNested || keys.contains(.seed) || keys.isSuperset(of: [.initSeed, .orderSeed, .noiseSeed])
    else {
      throw Fault(
        grid.line,
        "grid: has no seed: give seed, as in seed: 0..19, or init_seed, order_seed and noise_seed")
    }
  }
}

extension Grid {
  /// Whether every point is excluded; false without looking where there are over a million.
  fileprivate var isEmptySmall: Bool {
    guard positions <= 1_000_000 else { return false }
    var found = false
    forEachConfiguration { planned in
      found = planned.points > 0
      return !found
    }
    return !found
  }
}
