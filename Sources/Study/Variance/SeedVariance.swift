package import Sweep
import VAE

/// Where the variance of one configuration over its seeds comes from, as far as its design tells.
package struct SeedVariance: Hashable, Sendable {
  /// The share of one seed, or of an interaction of several.
  package struct Source: Hashable, Sendable {
    package let factors: [SeedFactor]
    /// Of the variance of the metric, and of "any latent collapsed" as 0 and 1; nil where nothing
    /// varies, or where collapse has no meaning.
    package let metric: Share?
    package let anyCollapse: Share?
  }

  package struct Share: Hashable, Sendable {
    package let value: Double
    /// By a bootstrap of whole levels; nil in a crossed design.
    package let interval: Interval?
    /// Searle's F interval, exact on normal figures; nil unless the design is nested and balanced.
    package var exact: Interval?
  }

  package enum Design: Hashable, Sendable {
    case nested(SeedFactor, levels: Int, redraws: Int)
    case crossed([SeedFactor], levels: [Int])
  }

  package let design: Design
  /// Empty where a crossed design lacks a cell: `notes` has the counts.
  package let sources: [Source]
  /// What the reader must know to trust the shares.
  package let notes: [String]

  /// Nil where the seeds are varied together, so that nothing can be told apart, or where there are
  /// too few runs.
  package init?(
    _ runs: ConfigurationRuns, metric: Metric, collapseThreshold: Double = Sweep.collapseThreshold,
    resampling: Resampling = .percentiles
  ) {
    func value(_ run: Run) -> Double? { run.values[metric] }
    func collapse(_ run: Run) -> Double? {
      run.collapsed(threshold: collapseThreshold).map { $0 > 0 ? 1 : 0 }
    }
    var notes: [String] = []
    // Differences of the machine would pass for those of a seed.
    if runs.fingerprints.count > 1 {
      notes.append("\(runs.fingerprints.count) fingerprints: not to be trusted")
    }
    let counts = runs.counts
    if counts.diverged + counts.failed > 0 {
      notes.append("\(counts.diverged) diverged and \(counts.failed) failed runs left out")
    }
    if counts.missing > 0 { notes.append("\(counts.missing.of("run")) missing") }
    // Simulated: with a rare mode that goes with the level the intervals hold 17 to 44 %.
    if runs.variance(of: metric, collapseThreshold: collapseThreshold)?.rareModes.isEmpty == false {
      notes.append("rare mode: the intervals are not to be trusted")
    }
    for factor in SeedFactor.allCases {
      guard let own = VarianceComponent(of: factor, in: runs, resampling: resampling, value: value)
      else { continue }
      let other = VarianceComponent(of: factor, in: runs, resampling: resampling, value: collapse)
      if own.isTooSmall {
        notes.append(
          "fewer than \(VarianceComponent.fewestLevels) levels or "
            + "\(VarianceComponent.fewestRedraws) redraws: the intervals hold too rarely")
      }
      design = .nested(factor, levels: own.levels, redraws: own.redraws)
      sources = [
        Source(
          factors: [factor],
          metric: Share(value: own.share, interval: own.interval, exact: own.exactInterval),
          anyCollapse: other.map { Share(value: $0.share, interval: $0.interval) })
      ]
      self.notes = notes
      return
    }
    guard let cells = CrossedCells(runs) else { return nil }
    design = cells.design
    guard let own = cells.variance(value) else {
      notes.append("\(cells.known(value)) of \(cells.count) cells: no decomposition")
      sources = []
      self.notes = notes
      return
    }
    let other = cells.variance(collapse)
    sources = own.components.map { component in
      let same = other?.components.first { $0.factors == component.factors }
      return Source(
        factors: component.factors,
        metric: component.share.map { Share(value: $0, interval: nil) },
        anyCollapse: same?.share.map { Share(value: $0, interval: nil) })
    }
    notes.append("no replication: the highest interaction is all that the lower terms leave")
    self.notes = notes
  }
}

/// The runs of a crossed design, one for each combination of the seeds that vary; some may be missing.
private struct CrossedCells {
  private let factors: [SeedFactor]
  private let levels: [[UInt32]]
  private let runs: [[UInt32]: Run]

  /// Nil unless two seeds or three vary, each under more than one combination of the others.
  init?(_ configuration: ConfigurationRuns) {
    var factors: [SeedFactor] = []
    var levels: [[UInt32]] = []
    for factor in configuration.seedFactors {
      let values = Set(configuration.runs.map { factor.level(of: $0.seeds) }).sorted()
      guard values.count > 1 else { continue }
      factors.append(factor)
      levels.append(values)
    }
    var runs: [[UInt32]: Run] = [:]
    for run in configuration.runs { runs[factors.map { $0.level(of: run.seeds) }] = run }
    guard factors.count >= 2, Self.isCrossed(Array(runs.keys), factors.count) else { return nil }
    self.factors = factors
    self.levels = levels
    self.runs = runs
  }

  /// Whether every seed has a level that recurs beside other levels of the rest.
  ///
  /// Seeds that are varied together never recur, nor do the redraws of a nested design. A single cell
  /// that is missing does not hide the others, save in the smallest designs.
  private static func isCrossed(_ cells: [[UInt32]], _ factors: Int) -> Bool {
    (0..<factors).allSatisfy { factor in
      Dictionary(grouping: cells) { $0[factor] }.contains { $0.value.count > 1 }
    }
  }

  var design: SeedVariance.Design { .crossed(factors, levels: levels.map(\.count)) }

  /// Combinations of the levels.
  var count: Int { levels.reduce(1) { $0 * $1.count } }

  /// Cells whose run has a value.
  func known(_ value: (Run) -> Double?) -> Int { runs.values.count { value($0) != nil } }

  /// Nil where a cell is missing.
  func variance(_ value: (Run) -> Double?) -> CrossedVariance? {
    var keys: [[UInt32]] = [[]]
    for own in levels { keys = keys.flatMap { key in own.map { key + [$0] } } }
    let values = keys.compactMap { key in runs[key].flatMap(value) }
    return CrossedVariance(factors, counts: levels.map(\.count), values: values)
  }
}
