import Figures
import Study
import Sweep
import Tables
import VAE

/// The final error of every configuration less that of a reference, for each set of configurations
/// whose final errors are comparable.
struct Differences {
  /// One such set.
  struct Compared {
    let reference: ComparableSet.Member
    /// In the order of their means, the reference among them.
    let members: [ComparableSet.Member]
  }

  /// Fewer runs than these are drawn fainter and said.
  private static let few = Sample.fewestForInterval
  static let metric = Metric.testTotalLast5

  let sets: [Compared]
  /// The reference that was asked for; nil where none was.
  let chosen: Configuration?
  private let names: ConfigurationNames

  /// - Parameter chosen: The reference of its set; the others, and all where it is nil, take the
  ///   configuration with the smallest mean.
  init(_ configurations: [ConfigurationRuns], names: ConfigurationNames, chosen: Configuration?) {
    self.names = names
    self.chosen = chosen
    sets = ComparableSet.all(configurations, metric: Self.metric).sets.map { set in
      let members = set.members.sorted { Self.mean($0) < Self.mean($1) }
      return Compared(
        reference: members.first { $0.configuration == chosen } ?? members[0], members: members)
    }
  }

  func plot(_ set: Compared) -> ForestPlot {
    ForestPlot(
      rows: set.members.map { row($0, set.reference) },
      measure: "\(Self.metric.rawValue) less that of \(names[set.reference.configuration]), nats",
      title: "Final errors less that of \(names[set.reference.configuration]), each with its 95 % "
        + "interval")
  }

  private func row(
    _ member: ComparableSet.Member, _ reference: ComparableSet.Member
  ) -> ForestPlot.Row {
    let name = names[member.configuration]
    let count = min(member.sample.count, reference.sample.count)
    guard member.configuration != reference.configuration else {
      return ForestPlot.Row(
        name: name, estimate: 0, interval: nil,
        words: "reference: mean \(Self.shown(Self.mean(member)))", isFaint: false)
    }
    let difference = Self.mean(member) - Self.mean(reference)
    let isFew = count < Self.few
    let interval = Estimate.welch(member.sample, reference.sample)?.interval()
    let figures = interval.map {
      " [\(Self.shown($0.lower)), \(Self.shown($0.upper))]"
    }
    return ForestPlot.Row(
      name: name, estimate: difference, interval: interval,
      words: "\(Self.shown(difference))\(figures ?? "")" + (isFew ? " n = \(count)" : ""),
      isFaint: isFew)
  }

  private static func shown(_ value: Double) -> String { Axis.label(value, decimals: 2) }

  private static func mean(_ member: ComparableSet.Member) -> Double {
    member.sample.mean ?? .infinity
  }
}
