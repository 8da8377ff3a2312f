package import Sweep
package import VAE

/// One configuration with all that is known of its runs.
package struct ConfigurationRuns: Hashable, Sendable {
  package let configuration: Configuration
  package var counts: PointCounts
  /// Those that ended well, in the order of their seeds.
  package let runs: [Run]
  /// Of the machines that made them: figures of several do not mix bit by bit.
  package let fingerprints: Set<String>
  /// What looks decided; nil where none were planned.
  package let looks: SequentialLooks?
  /// Which of the runs are independent of each other.
  private let independent: IndependentUnits

  package init(
    configuration: Configuration, counts: PointCounts, runs: some Sequence<Run>,
    fingerprints: Set<String> = [], looks: SequentialLooks? = nil
  ) {
    self.looks = looks
    self.configuration = configuration
    self.counts = counts
    self.fingerprints = fingerprints
    let ordered = runs.sorted { Seeds.precedes($0.seeds, $1.seeds) }
    self.runs = ordered
    independent = IndependentUnits(ordered.map(\.seeds), sampling: configuration.sampling)
  }

  /// What of the runs may be taken for independent.
  package var standing: IndependentUnits.Standing { independent.standing }

  /// Whether the means of levels stand in for runs.
  package var isOfLevels: Bool {
    if case .levels = standing { true } else { false }
  }

  /// The seeds that change a run: without sampling that of the noise does not.
  package var seedFactors: [SeedFactor] {
    SeedFactor.allCases.filter { configuration.sampling || $0 != .noise }
  }

  /// The seeds that matter and are the same in all of several runs: what they make is in no spread.
  package var heldSeeds: [SeedFactor] {
    guard runs.count > 1 else { return [] }
    return seedFactors.filter { factor in
      Set(runs.map { factor.level(of: $0.seeds) }).count == 1
    }
  }

  /// One value for each independent unit: of each run, or the mean of each level in a nested design;
  /// in a crossed one, and where no seed varies, the one mean of all runs, as nothing is independent.
  package func units(_ metric: Metric) -> Sample {
    Sample(independentMeans(runs.map { $0.values[metric] }))
  }

  /// The mean of each independent unit over `values`, one for each run.
  func independentMeans(_ values: [Double?]) -> [Double] { independent.means(values) }

  func values(_ metric: Metric) -> [(seeds: Seeds, value: Double)] {
    runs.compactMap { run in run.values[metric].map { (seeds: run.seeds, value: $0) } }
  }

  package func sample(_ metric: Metric) -> Sample { Sample(runs.compactMap { $0.values[metric] }) }

  /// The number of collapsed latents of each run; nil without sampling.
  package func collapsed(threshold: Double = collapseThreshold) -> [Int]? {
    configuration.sampling ? runs.compactMap { $0.collapsed(threshold: threshold) } : nil
  }

  /// The variance of `metric` by the number of collapsed latents; nil without sampling.
  package func variance(
    of metric: Metric, collapseThreshold: Double = collapseThreshold
  ) -> VarianceByCollapse? {
    guard configuration.sampling else { return nil }
    return VarianceByCollapse(
      runs.compactMap { run in
        guard let value = run.values[metric],
          let collapsed = run.collapsed(threshold: collapseThreshold)
        else { return nil }
        return (collapsed: collapsed, value: value)
      })
  }

  /// The run with the largest value of a loss; nil of other measures, of which some are the better the
  /// larger they are.
  package func worst(_ metric: Metric) -> (seeds: Seeds, value: Double)? {
    guard metric.isLoss else { return nil }
    return values(metric).max { $0.value < $1.value }
  }
}

/// Gathers outcomes by configuration.
package struct RunCollection {
  private var counts: [PointCounts] = []
  private var runs: [[Run]] = []
  private var fingerprints: [Set<String>] = []
  /// In the order of the sweep file; what it does not name comes after, as it is found.
  private var configurations: [Configuration] = []
  private var places: [Configuration: Int] = [:]
  private let looks: [Configuration: SequentialLooks]

  /// `failed` are the points of each configuration that are in the state failed now, `looks` what was
  /// decided by them.
  package init(
    planned: some Sequence<Grid.PlannedConfiguration>, failed: [Configuration: Int] = [:],
    looks: [Configuration: SequentialLooks] = [:]
  ) {
    self.looks = looks
    for plan in planned { counts[place(plan.configuration)].planned += plan.points }
    for (configuration, count) in failed { counts[place(configuration)].failed += count }
  }

  package mutating func add(_ outcome: Outcome, fingerprint: String? = nil) {
    add(outcome, Run(outcome), fingerprint: fingerprint)
  }

  /// - Parameter run: Of this outcome.
  package mutating func add(_ outcome: Outcome, _ run: Run, fingerprint: String? = nil) {
    let place = place(outcome.point.configuration)
    if let fingerprint { fingerprints[place].insert(fingerprint) }
    switch outcome.status {
    case .ok:
      counts[place].ok += 1
      runs[place].append(run)
    case .diverged: counts[place].diverged += 1
    }
  }

  package var all: [ConfigurationRuns] {
    configurations.indices.map {
      ConfigurationRuns(
        configuration: configurations[$0], counts: counts[$0], runs: runs[$0],
        fingerprints: fingerprints[$0], looks: looks[configurations[$0]])
    }
  }

  private mutating func place(_ configuration: Configuration) -> Int {
    if let place = places[configuration] { return place }
    places[configuration] = configurations.count
    configurations.append(configuration)
    counts.append(PointCounts())
    runs.append([])
    fingerprints.append([])
    return configurations.count - 1
  }
}
