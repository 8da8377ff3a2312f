import ResultStore
import Study
import Sweep
import VAE

/// What the looks of a store's sweeps decided, from the completed prefixes of their seed lists.
struct StoredLooks {
  /// In the order of the sweep files.
  private(set) var looks: [(configuration: Configuration, looks: SequentialLooks)] = []
  private var unneeded: [Configuration: Set<UInt32>] = [:]

  /// - Parameter definitions: Those without `looks:` decide nothing.
  init(_ reader: StoreReader, _ definitions: [SweepDefinition]) throws(StoreError) {
    guard definitions.contains(where: { $0.looks != nil }) else { return }
    var settled: [Configuration: [UInt32: [Metric: Double]]] = [:]
    try reader.forEachOutcome { stored in
      let point = stored.outcome.point
      if let seed = point.seeds.shared {
        settled[point.configuration, default: [:]][seed] = Run(stored.outcome).values
      }
      return true
    }
    for definition in definitions {
      guard let plan = definition.looks else { continue }
      definition.grid.forEachConfiguration { planned in
        let configuration = planned.configuration
        // A failed point has no outcome and may be tried again: a look waits for it.
        let values = (settled[configuration] ?? [:]).mapValues { $0[plan.metric] }
        let seeds = definition.grid.seeds(of: configuration, first: definition.grid.seedCount)
        let taken = SequentialLooks(plan, seeds: seeds, settled: values)
        looks.append((configuration, taken))
        unneeded[configuration, default: []].formUnion(taken.unneeded)
        return true
      }
    }
  }

  /// Whether a point lies beyond the look that decided: it need not be trained, and its outcome is
  /// surplus where there is one.
  func isUnneeded(_ point: Point) -> Bool {
    guard let seeds = unneeded[point.configuration], let seed = point.seeds.shared
    else { return false }
    return seeds.contains(seed)
  }

  func unneededCount(_ configuration: Configuration) -> Int {
    unneeded[configuration]?.count ?? 0
  }

  /// Configurations whose standard deviation was stopped on.
  var stopped: Set<Configuration> {
    Set(looks.filter { $0.looks.biasesDeviation }.map(\.configuration))
  }
}
