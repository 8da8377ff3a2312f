package import Sweep
package import VAE

/// Configurations whose runs can be held against each other, with a metric's values of each.
///
/// They share the sampling mode, the loss and whatever else makes the metric mean one thing; each has
/// at least three independent values. The dataset is one throughout a store.
package struct ComparableSet: Sendable {
  /// Fewer values tell nothing of a spread.
  package static let fewestRuns = 3

  package struct Member: Sendable {
    package let runs: ConfigurationRuns
    /// Of independent units: single runs, or the mean of each level in a nested design.
    package let sample: Sample

    package var configuration: Configuration { runs.configuration }

    /// What a reader of this configuration's luck must know; empty where there is nothing.
    package var cautions: [String] {
      [
        runs.standing.words.map { "\($0), which varies less than a single run does" },
        runs.stoppedSpread, runs.heldLuck, runs.badLuck,
      ].compactMap(\.self)
    }

    /// Whether looks stopped on the spread.
    package var isStopped: Bool { runs.stoppedSpread != nil }
  }

  package let metric: Metric
  /// Two or more, in the order in which they were given.
  package let members: [Member]

  /// What each value of a sample is.
  package enum Unit: String, Hashable, Sendable {
    case run
    /// The mean of the runs that share a level of a seed.
    case level
    /// Runs of some configurations, levels of others.
    case mixed
  }

  /// Runs that the sweep asks for and that have not ended, and all that it asks for.
  package var missing: (runs: Int, of: Int) {
    members.reduce(into: (0, 0)) { sum, member in
      sum.0 += member.runs.counts.missing
      sum.1 += member.runs.counts.planned
    }
  }

  /// Of any member.
  package var fewestValues: Int { members.map(\.sample.count).min() ?? 0 }

  package var unit: Unit {
    let levels = members.count(where: \.runs.isOfLevels)
    return levels == 0 ? .run : levels == members.count ? .level : .mixed
  }

  /// Whether a few runs of some configuration end in a mode of their own, which makes intervals of
  /// the share hold more rarely.
  func hasRareMode(collapseThreshold: Double) -> Bool {
    members.contains { member in
      member.runs.variance(of: metric, collapseThreshold: collapseThreshold)?.rareModes.isEmpty
        == false
    }
  }

  /// The configuration that makes most of the variance within configurations, where one makes 90 %
  /// and more, and its part; nil where none does.
  package var loudest: (place: Int, part: Double)? {
    let variances = members.map { member in
      let deviation = member.sample.standardDeviation ?? 0
      return deviation * deviation
    }
    guard let place = variances.indices.max(by: { variances[$0] < variances[$1] }) else {
      return nil
    }
    let part = variances[place] / variances.reduce(0, +)
    return part >= Self.loud ? (place, part) : nil
  }

  private static let loud = 0.9

  /// A configuration that is in no set, and why.
  package struct LeftOut: Hashable, Sendable {
    package let configuration: Configuration
    package let reason: String
    /// Whether its runs are good by themselves, and nothing can be held against them.
    package var isAlone = false
  }

  /// All sets, in the order of their first members.
  package static func all(
    _ configurations: [ConfigurationRuns], metric: Metric
  ) -> (sets: [ComparableSet], left: [LeftOut]) {
    var groups: [[Member]] = []
    var left: [LeftOut] = []
    var unperturbed: Set<Configuration> = []
    for configuration in configurations.map(\.configuration)
    where configuration.perturbation == nil { unperturbed.insert(configuration) }
    for runs in configurations {
      let configuration = runs.configuration
      // The same seeds as another's: no other architecture, and no other luck.
      if configuration.perturbation != nil,
        !unperturbed.insert(configuration.unperturbed).inserted
      {
        left.append(LeftOut(configuration: configuration, reason: movedRuns))
        continue
      }
      if let reason = absence(of: metric, in: runs) {
        let isCrossed = runs.standing == .crossed && runs.counts.caution() == nil
        left.append(
          LeftOut(configuration: configuration, reason: reason, isAlone: isCrossed))
        continue
      }
      let member = Member(runs: runs, sample: runs.units(metric))
      let place = groups.firstIndex { group in
        areComparable(group[0].configuration, configuration, by: metric)
      }
      if let place { groups[place].append(member) } else { groups.append([member]) }
    }
    for group in groups where group.count == 1 {
      left.append(
        LeftOut(
          configuration: group[0].configuration,
          reason: "no other configuration with three runs is comparable with it", isAlone: true))
    }
    return (
      groups.filter { $0.count > 1 }.map { ComparableSet(metric: metric, members: $0) }, left
    )
  }

  private static let movedRuns =
    "runs of other points with one weight moved by perturb: see summary --perturbation"

  private static func absence(of metric: Metric, in runs: ConfigurationRuns) -> String? {
    if let caution = runs.counts.caution() { return caution }
    switch runs.standing {
    case .crossed:
      return "its runs share seeds in a crossed design, so that none is independent of another"
    case .alike: return runs.standing.words
    case .runs, .levels:
      let count = runs.units(metric).count
      guard count < fewestRuns else { return nil }
      let what = runs.isOfLevels ? "level" : "run"
      return "\(count) independent \(what)\(count == 1 ? "" : "s") with \(metric.rawValue), fewer "
        + "than \(fewestRuns)"
    }
  }

  private static func areComparable(
    _ first: Configuration, _ second: Configuration, by metric: Metric
  ) -> Bool {
    guard first.sampling == second.sampling, first.loss == second.loss,
      first.binarization == second.binarization
    else { return false }
    do throws(NotComparable) {
      try metric.requireComparable(first, second)
      return true
    } catch {
      return false
    }
  }
}

extension ConfigurationRuns {
  /// That looks stopped on the spread; nil where they did not.
  var stoppedSpread: String? {
    looks?.biasesDeviation == true
      ? "its sd was stopped on: too small on average, and with it its luck" : nil
  }

  /// The luck of seeds that are the same throughout; nil where there are none.
  var heldLuck: String? {
    guard !heldSeeds.isEmpty else { return nil }
    let names = heldSeeds.map(\.rawValue).joined(separator: " and ")
    return "luck that goes with \(names), held fixed, is not in these figures"
  }

  /// Runs without a value; nil where there are none.
  var badLuck: String? {
    counts.badWords().map { "\($0), and none of them is in these figures" }
  }
}

extension Configuration {
  /// The same without a weight that is moved.
  fileprivate var unperturbed: Configuration {
    // Of values that stand already: it cannot fail.
    (try? Configuration(
      architecture: architecture, values.merging([.perturb: .null]) { $1 }, from: .record)) ?? self
  }
}
