import Sweep
import VAE

/// How a choice by one run of each configuration goes where all have the same seed.
///
/// ``ChoiceRisk`` draws the runs of each configuration by themselves. A sweep trains all at the same
/// seeds, and variants of one architecture then share their initial weights and the order of the
/// images: their runs move together, and a difference is told by fewer of them.
package struct ChoiceBySeed: Hashable, Sendable {
  /// Seeds that every configuration has.
  package let seeds: Int
  /// The share of these seeds at which the best run is of a configuration whose mean over all of its
  /// runs is not the best; runs that tie share the choice.
  package let wrong: Double
  /// How much worse on average the mean of the chosen one is, in the metric's unit.
  package let cost: Double

  /// Nil where a value is not one run, where no two configurations are of one architecture (others draw
  /// by themselves at any seed), and where fewer than three seeds are shared.
  package init?(_ set: ComparableSet) {
    let architectures = Set(set.members.map(\.configuration.architecture))
    guard set.unit == .run, architectures.count < set.members.count else { return nil }
    let sign = set.isHigherBetter ? -1.0 : 1.0
    let means = set.members.compactMap(\.sample.mean).map { sign * $0 }
    guard let best = means.min(), means.count == set.members.count else { return nil }
    var shared: [Seeds: [Double]] = [:]
    for (place, member) in set.members.enumerated() {
      for (seeds, value) in member.runs.values(set.metric)
      where shared[seeds]?.count ?? 0 == place {
        shared[seeds, default: []].append(sign * value)
      }
    }
    let complete = shared.filter { $0.value.count == means.count }
      .sorted { Seeds.precedes($0.key, $1.key) }
    guard complete.count >= ComparableSet.fewestRuns else { return nil }
    var (wrong, cost) = (0.0, 0.0)
    for (_, values) in complete {
      let least = values.min()
      let chosen = values.indices.filter { values[$0] == least }
      wrong += Double(chosen.count { means[$0] > best }) / Double(chosen.count)
      cost += chosen.reduce(0) { $0 + means[$1] - best } / Double(chosen.count)
    }
    seeds = complete.count
    self.wrong = wrong / Double(seeds)
    self.cost = cost / Double(seeds)
  }
}
