import Figures
import Study
import Sweep
import Tables
import VAE

/// The final error of every configuration less that of a reference, for each set of configurations
/// whose final errors are comparable.
struct Differences {
  /// One such set.
  struct Comparable {
    let reference: ConfigurationRuns
    /// In the order of their means, the reference among them.
    let members: [ConfigurationRuns]
  }

  /// Fewer runs than these are drawn fainter and said.
  private static let few = StripPlot.fewestForInterval
  static let metric = Metric.testTotalLast5

  let sets: [Comparable]
  private let names: ConfigurationNames

  /// - Parameter chosen: The reference of its set; the others, and all where it is nil, take the
  ///   configuration with the smallest mean.
  init(_ configurations: [ConfigurationRuns], names: ConfigurationNames, chosen: Configuration?) {
    self.names = names
    var groups: [[ConfigurationRuns]] = []
    for runs in configurations where runs.sample(Self.metric).count >= 2 {
      let place = groups.firstIndex { group in
        Self.areComparable(group[0].configuration, runs.configuration)
      }
      if let place { groups[place].append(runs) } else { groups.append([runs]) }
    }
    sets = groups.filter { $0.count > 1 }.map { group in
      let members = group.sorted { Self.mean($0) < Self.mean($1) }
      return Comparable(
        reference: members.first { $0.configuration == chosen } ?? members[0], members: members)
    }
  }

  func plot(_ set: Comparable) -> ForestPlot {
    ForestPlot(
      rows: set.members.map { row($0, set.reference) },
      measure: "\(Self.metric.rawValue) less that of \(names[set.reference.configuration]), nats",
      title: "Final errors less that of \(names[set.reference.configuration]), each with its 95 % "
        + "interval")
  }

  private func row(_ runs: ConfigurationRuns, _ reference: ConfigurationRuns) -> ForestPlot.Row {
    let name = names[runs.configuration]
    let count = runs.sample(Self.metric).count
    guard runs.configuration != reference.configuration else {
      return ForestPlot.Row(
        name: name, estimate: 0, interval: nil,
        words: "reference: mean \(Self.mean(runs).shown(decimals: 2))", isFaint: false)
    }
    let difference = Self.mean(runs) - Self.mean(reference)
    let isFew = min(count, reference.sample(Self.metric).count) < Self.few
    let interval = Self.interval(runs, reference)
    let figures = interval.map {
      " [\($0.lower.shown(decimals: 2)), \($0.upper.shown(decimals: 2))]"
    }
    return ForestPlot.Row(
      name: name, estimate: difference, interval: interval,
      words: "\(difference.shown(decimals: 2))\(figures ?? "")" + (isFew ? " n = \(count)" : ""),
      isFaint: isFew)
  }

  /// Welch's interval of the difference of the means.
  private static func interval(
    _ runs: ConfigurationRuns, _ reference: ConfigurationRuns
  ) -> Interval? {
    Estimate.welch(runs.sample(metric), reference.sample(metric))?.interval()
  }

  private static func mean(_ runs: ConfigurationRuns) -> Double {
    runs.sample(metric).mean ?? .infinity
  }

  private static func areComparable(_ first: Configuration, _ second: Configuration) -> Bool {
    do throws(NotComparable) {
      try metric.requireComparable(first, second)
      return true
    } catch {
      return false
    }
  }
}
