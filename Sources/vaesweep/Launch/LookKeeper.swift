import Coordinator
import ResultStore
import Study
import Sweep
import VAE

/// Stops a configuration's seeds at the look that decides, as the outcomes come in.
final class LookKeeper: SeedDesign {
  private struct Followed {
    let all: [UInt32]
    var settled: [UInt32: Double?] = [:]
    var isDecided = false
  }

  private let plan: LookPlan
  private let grid: Grid
  private var configurations: [Configuration: Followed] = [:]
  private(set) var unneeded: [Int] = []

  /// Nil without `looks:`.
  init?(_ definition: SweepDefinition, store path: String) throws(StoreError) {
    guard let plan = definition.looks else { return nil }
    self.plan = plan
    let grid = definition.grid
    self.grid = grid
    grid.forEachConfiguration { planned in
      configurations[planned.configuration] = Followed(
        all: grid.seeds(of: planned.configuration, first: grid.seedCount))
      return true
    }
    // The coordinator has just opened it.
    try StoreReader(ofChecked: path).forEachOutcome { stored in
      unneeded += learn(stored.outcome)
      return true
    }
  }

  func learn(_ outcome: Outcome) -> [Int] {
    let configuration = outcome.point.configuration
    guard let seed = outcome.point.seeds.shared, var seeds = configurations[configuration],
      !seeds.isDecided
    else { return [] }
    seeds.settled[seed] = .some(plan.value(of: Run(outcome)))
    let looks = SequentialLooks(plan, seeds: seeds.all, settled: seeds.settled)
    if case .waiting = looks.state {} else { seeds.isDecided = true }
    configurations[configuration] = seeds
    return looks.unneeded.compactMap {
      grid.index(of: Point(configuration: configuration, seeds: Seeds($0)))
    }
  }
}
