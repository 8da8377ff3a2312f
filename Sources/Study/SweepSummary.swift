package import Sweep
package import VAE

/// Gathers outcomes one by one, then describes each configuration over its seeds.
///
/// It keeps a few numbers of each outcome, so that a store of any size is read once through.
package struct SweepSummary {
  private let keys: [ConfigurationKey]?
  private let collapseThreshold: Double
  /// Groups in the order in which they are to be listed.
  private var groups: [Group] = []
  private var places: [[JSONValue]: Int] = [:]
  /// Of configurations that have an outcome: to take the keys' values of each again is slow.
  private var known: [Configuration: Int] = [:]
  /// How many groups the sweep file names: the others are listed after them, by key.
  private let namedGroups: Int
  private let looks: [Configuration: SequentialLooks]

  /// A summary of nothing yet.
  ///
  /// `planned` are the sweep's configurations in the order of its file, `failed` the points of each
  /// that are in the state failed now, `looks` what was decided by them. With `by`, outcomes are grouped by those keys alone and
  /// pooled over all others.
  package init(
    planned: some Sequence<Grid.PlannedConfiguration>, failed: [Configuration: Int] = [:],
    by keys: [ConfigurationKey]? = nil, collapseThreshold: Double = Sweep.collapseThreshold,
    looks: [Configuration: SequentialLooks] = [:]
  ) {
    self.looks = looks
    self.keys = keys
    self.collapseThreshold = collapseThreshold
    var places: [[JSONValue]: Int] = [:]
    var groups: [Group] = []
    for plan in planned {
      let place = Self.place(of: plan.configuration, keys, &places, &groups)
      groups[place].counts.planned += plan.points
    }
    namedGroups = groups.count
    for (configuration, count) in failed {
      let place = Self.place(of: configuration, keys, &places, &groups)
      groups[place].counts.failed += count
    }
    self.places = places
    self.groups = groups
  }

  package mutating func add(_ outcome: Outcome) { add(outcome, Run(outcome)) }

  /// - Parameter run: Of this outcome.
  package mutating func add(_ outcome: Outcome, _ run: Run) {
    let configuration = outcome.point.configuration
    let place =
      known[configuration] ?? Self.place(of: configuration, keys, &places, &groups)
    known[configuration] = place
    groups[place].add(outcome, run, collapseThreshold: collapseThreshold)
  }

  /// In the order of the sweep file; configurations that it does not name follow by their keys.
  package var configurations: [ConfigurationSummary] {
    let others = groups[namedGroups...].sorted { $0.sortKey.lexicographicallyPrecedes($1.sortKey) }
    return (groups[..<namedGroups] + others).map {
      $0.summary(by: keys, looks: looks)
    }
  }

  private static func place(
    of configuration: Configuration, _ keys: [ConfigurationKey]?,
    _ places: inout [[JSONValue]: Int], _ groups: inout [Group]
  ) -> Int {
    let key = (keys ?? ConfigurationKey.all).map { $0.value(in: configuration) }
    let place = places[key] ?? groups.count
    if place == groups.count {
      places[key] = place
      groups.append(Group())
    }
    groups[place].name(configuration)
    return place
  }
}

/// Describes each configuration over its seeds: `SweepSummary` for outcomes that are at hand.
package func summarise(
  _ outcomes: some Sequence<Outcome>, planned: some Sequence<Grid.PlannedConfiguration>,
  failed: [Configuration: Int] = [:], by keys: [ConfigurationKey]? = nil,
  collapseThreshold: Double = Sweep.collapseThreshold
) -> [ConfigurationSummary] {
  var summary = SweepSummary(
    planned: planned, failed: failed, by: keys, collapseThreshold: collapseThreshold)
  for outcome in outcomes { summary.add(outcome) }
  return summary.configurations
}
