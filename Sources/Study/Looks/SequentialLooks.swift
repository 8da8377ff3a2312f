package import Sweep

/// Seeds added in steps until an interval is narrow enough, with the steps fixed beforehand.
///
/// With K looks each interval has the level α/K (Bonferroni), so that all of them hold together with
/// 95 %, wherever one stops. A look reads the first n seeds of the list and only once all of them are
/// done: the order in which runs finish cannot matter. Later runs are surplus and left out.
package struct SequentialLooks: Hashable, Sendable {
  /// What stood at one look.
  package struct Look: Hashable, Sendable {
    /// Seeds it reads.
    package let seeds: Int
    /// Values among them: runs that diverged or failed have none.
    package let n: Int
    /// At confidence 1 − 0.05/K.
    package let interval: Interval?
    package let isNarrowEnough: Bool
  }

  package enum State: Hashable, Sendable {
    /// Narrow enough at this look: no more seeds are needed.
    case reached(at: Int)
    /// The last look was not narrow enough.
    case exhausted
    /// The next look waits for these seeds of its prefix.
    case waiting(missing: [UInt32])
  }

  package let plan: LookPlan
  /// Those that were taken, in order.
  package let looks: [Look]
  package let state: State
  /// Seeds with outcomes beyond the look that decided; kept in the store and left out of the figures.
  package let surplus: [UInt32]
  /// Seeds beyond the look that decided, with outcomes or without: they need not be trained.
  package let unneeded: [UInt32]

  /// - Parameters:
  ///   - seeds: The list as the sweep file has it.
  ///   - settled: What is known of a seed: a value, or nil where it diverged or failed for good; a seed
  ///     that is not in it is still to come.
  package init(_ plan: LookPlan, seeds: [UInt32], settled: [UInt32: Double?]) {
    self.plan = plan
    let level = Self.confidence(of: plan)
    var looks: [Look] = []
    var state = State.exhausted
    var used = 0
    for count in plan.at {
      let prefix = seeds.prefix(count)
      let missing = prefix.filter { settled[$0] == nil }
      guard missing.isEmpty, prefix.count == count else {
        state = .waiting(missing: missing)
        break
      }
      used = count
      let sample = Sample(prefix.compactMap { settled[$0] ?? nil })
      let interval = plan.interval(of: sample, confidence: level)
      let narrow = interval.map { plan.isNarrowEnough($0, sample) } ?? false
      looks.append(
        Look(seeds: count, n: sample.count, interval: interval, isNarrowEnough: narrow))
      if narrow {
        state = .reached(at: count)
        break
      }
    }
    self.looks = looks
    self.state = state
    if case .waiting = state { unneeded = [] } else { unneeded = Array(seeds.dropFirst(used)) }
    surplus = unneeded.filter { settled[$0] != nil }
  }

  /// Of each look's interval: 1 − 0.05/K.
  package static func confidence(of plan: LookPlan) -> Double {
    1 - (1 - Study.confidence) / Double(plan.at.count)
  }

  /// Of the interval of a mean that stands in a table: that of a look where the mean was looked at.
  func confidence(of metric: Metric) -> Double {
    if case .meanHalfWidth = plan.aim, metric == plan.metric {
      Self.confidence(of: plan)
    } else {
      Study.confidence
    }
  }

  /// What a reader of the figures must know; nil where the looks changed none.
  package var caveat: String? {
    let level = Self.confidence(of: plan)
    var told: [String] = []
    if case .meanHalfWidth = plan.aim, plan.at.count > 1 {
      let percent = (100 * level).rounded(places: 2)
      told.append(
        "\(plan.at.count) looks: the mean of \(plan.metric.rawValue) has its \(percent) % interval")
    }
    if case .collapseHalfWidth = plan.aim, plan.at.count > 1 {
      let percent = (100 * level).rounded(places: 2)
      told.append(
        "\(plan.at.count) looks at the share with any collapse: the looks' own \(percent) % interval holds"
      )
    }
    if biasesDeviation { told.append("sd was stopped on: too small on average") }
    return told.isEmpty ? nil : told.joined(separator: "; ")
  }

  /// Whether the deviation was stopped on.
  ///
  /// Narrow intervals of a mean or a deviation come with small deviations, so that one that was stopped
  /// on is too small on average: it stays out of claims about spread. The interval of a share knows no
  /// deviation.
  package var biasesDeviation: Bool {
    switch plan.aim {
    case .meanHalfWidth, .deviationHalfWidth: hasStoppedEarly
    case .collapseHalfWidth: false
    }
  }

  private var hasStoppedEarly: Bool {
    if case .reached(let count) = state { count < plan.at.last ?? count } else { false }
  }
}

extension LookPlan {
  func interval(of sample: Sample, confidence: Double) -> Interval? {
    switch aim {
    case .meanHalfWidth: .ofMean(sample, confidence: confidence)
    case .deviationHalfWidth: .ofDeviation(sample, confidence: confidence)
    // Exact: with four looks Wilson's was simulated to hold a share of 2 % in 93.8 % of sweeps.
    case .collapseHalfWidth: Self.share(sample).exactInterval(confidence: confidence)
    }
  }

  func isNarrowEnough(_ interval: Interval, _ sample: Sample) -> Bool {
    let half = (interval.upper - interval.lower) / 2
    switch aim {
    case .meanHalfWidth(let width): return half <= width
    case .deviationHalfWidth(let width):
      return sample.standardDeviation.map { half <= width * $0 } ?? false
    case .collapseHalfWidth(let width): return half <= width
    }
  }

  /// Runs with any collapsed latent among those whose values are 0 and 1.
  private static func share(_ sample: Sample) -> Share {
    Share(count: sample.values.count { $0 > 0 }, of: sample.count)
  }

  /// What a look reads of a run: the metric, or whether any latent collapsed, as 1 and 0; nil where
  /// the run has no such value.
  package func value(of run: Run) -> Double? {
    switch aim {
    case .meanHalfWidth, .deviationHalfWidth: run.values[metric]
    case .collapseHalfWidth: run.collapsed().map { $0 > 0 ? 1 : 0 }
    }
  }
}
