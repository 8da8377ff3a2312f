package import Sweep
package import VAE

/// What a store holds of the runs that claims are judged by.
package struct ClaimEvidence {
  private struct Row {
    var runs: [Run] = []
    var diverged: [Seeds] = []
    var failed: [Seeds] = []
  }

  private var rows: [Configuration: Row] = [:]
  private let stopped: Set<Configuration>
  private let unneeded: [Configuration: Set<UInt32>]

  /// - Parameters:
  ///   - failed: The points that are in the state failed now.
  ///   - stopped: Configurations whose seeds ended when their deviation was small enough.
  ///   - unneeded: Seeds that looks decided without: no claim waits for them.
  package init(
    failed: some Sequence<Point>, stopped: Set<Configuration> = [],
    unneeded: [Configuration: Set<UInt32>] = [:]
  ) {
    self.stopped = stopped
    self.unneeded = unneeded
    for point in failed { rows[point.configuration, default: Row()].failed.append(point.seeds) }
  }

  package mutating func add(_ outcome: Outcome) {
    switch outcome.status {
    case .ok: rows[outcome.point.configuration, default: Row()].runs.append(Run(outcome))
    case .diverged:
      rows[outcome.point.configuration, default: Row()].diverged.append(outcome.point.seeds)
    }
  }

  /// The runs of each side, on its seeds and no others.
  ///
  /// - Parameter configurations: Those from which a name must tell its side.
  func sides(of part: ClaimPart, among configurations: [Configuration]) -> [JudgedSide] {
    part.sides.map { judged($0, name: $0.configuration.inWords(apartFrom: configurations)) }
  }

  private func judged(_ side: ClaimPart.Side, name: String) -> JudgedSide {
    let row = rows[side.configuration] ?? Row()
    func belongs(_ seeds: Seeds) -> Bool {
      guard let asked = side.seeds else { return true }
      return seeds.shared.map(asked.contains) ?? false
    }
    let runs = row.runs.filter { belongs($0.seeds) }
      .sorted { Seeds.precedes($0.seeds, $1.seeds) }
    let (diverged, failed) = (row.diverged.count(where: belongs), row.failed.count(where: belongs))
    return JudgedSide(
      side: side, name: name, runs: runs,
      counts: PointCounts(
        planned: planned(side) ?? runs.count + diverged + failed, ok: runs.count,
        diverged: diverged, failed: failed),
      isStopped: stopped.contains(side.configuration))
  }
}

extension ClaimEvidence {
  /// The seeds that a side names, less those that looks decided without; nil where it names none.
  private func planned(_ side: ClaimPart.Side) -> Int? {
    side.seeds.map { seeds in
      seeds.count - (unneeded[side.configuration] ?? []).count(where: seeds.contains)
    }
  }
}

/// One configuration of a claim with its runs.
package struct JudgedSide: Hashable, Sendable {
  package let side: ClaimPart.Side
  /// What tells it from the other configurations of the claims, in a sentence.
  package let name: String
  /// Those that ended well, in the order of their seeds.
  package let runs: [Run]
  /// Of the seeds that the claim names.
  package let counts: PointCounts
  /// Whether its standard deviation was stopped on, and is therefore too small on average.
  package let isStopped: Bool

  /// That so many ended badly that those left may not stand for all; nil where they may.
  var caution: String? { counts.caution(of: name) }

  /// The values that are judged: fewer than runs where a run lacks the measure, and where runs share
  /// seeds the mean of each independent unit.
  package var sample: Sample {
    guard let metric = side.metric else { return Sample([]) }
    return Sample(independent.means(runs.map { $0.values[metric] }))
  }

  /// Why collapse can't be counted run by run; nil where runs are independent.
  var dependence: String? {
    independent.standing.words.map { "\(name): \($0)" }
  }

  private var independent: IndependentUnits {
    IndependentUnits(runs.map(\.seeds), sampling: side.configuration.sampling)
  }

  /// The variance of the metric by collapsed latents; nil without sampling and of no metric.
  func variance(collapseThreshold: Double) -> VarianceByCollapse? {
    guard side.configuration.sampling, let metric = side.metric else { return nil }
    return VarianceByCollapse(
      runs.compactMap { run in
        guard let value = run.values[metric],
          let collapsed = run.collapsed(threshold: collapseThreshold)
        else { return nil }
        return (collapsed: collapsed, value: value)
      })
  }

  var values: [(seeds: Seeds, value: Double)] {
    guard let metric = side.metric else { return [] }
    return runs.compactMap { run in run.values[metric].map { (seeds: run.seeds, value: $0) } }
  }

  /// Names the runs of which a whole layer is dead: where they are, collapse has a rival explanation.
  var deadLayers: String? {
    side.configuration.architecture.deadLayers(of: runs).map { "\(name): \($0)" }
  }

  func collapsed(threshold: Double) -> [Int] {
    runs.compactMap { $0.collapsed(threshold: threshold) }
  }
}
