import Platform
package import Study
package import Sweep
package import VAE

/// Every pair of configurations that differ in one key, compared; q is over all of them together.
///
/// The exploratory family: what was looked at. The report and the export share it, so that
/// both print the same q. An architecture is one key.
package struct ComparisonFamily: Sendable {
  package let comparisons: [ConfigurationComparison]
  /// Of each comparison, by question.
  package let q: [[ConfigurationComparison.Question: Double]]
  /// Pairs that were left out because there are more than the limit.
  package let left: Int
  /// Pairs that differ in several keys, whose difference no key would explain.
  package let unlike: Int
  /// Pairs that differ in one key, of which a side has fewer than two runs that ended well.
  package let scarce: [(first: Configuration, second: Configuration)]
  /// Why pairs that differ in one key can't be compared by the metric asked for.
  package let refused: [String]

  private let named: [Configuration]

  /// Each configuration told apart from all others, compared or not: two pairs never bear one name.
  var names: ConfigurationNaming { .telling(named) }

  /// The pairs of `scarce` by name, the first twenty of them; nil where there are none.
  package var scarceWords: String? { scarceWords(names) }

  package func scarceWords(_ names: ConfigurationNaming) -> String? {
    guard !scarce.isEmpty else { return nil }
    let most = 20
    return scarce.prefix(most).map { "\(names($0.first)) against \(names($0.second))" }
      .joined(separator: "; ")
      + (scarce.count > most ? "; and \(scarce.count - most) more" : "")
  }

  /// What the report looks at; a page of more pairs is not read.
  package static let maxPairsOnPage = 150

  /// - Parameters:
  ///   - metric: Of all pairs; nil: the loss, or where it does not compare, the reconstruction.
  ///   - limit: Pairs beyond this many are not looked at.
  package init(
    _ configurations: [ConfigurationRuns], metric: Metric? = nil, limit: Int = .max,
    collapseThreshold: Double = Sweep.collapseThreshold, resampling: Resampling = .standard
  ) {
    named = configurations.map(\.configuration)
    var scarce: [(first: Configuration, second: Configuration)] = []
    var pairs: [(ConfigurationRuns, ConfigurationRuns, Metric)] = []
    var unlike = 0
    var refused: Set<String> = []
    for (place, first) in configurations.enumerated() {
      for second in configurations[(place + 1)...] {
        guard Self.differInOneKey(first.configuration, second.configuration) else {
          unlike += 1
          continue
        }
        do throws(NotComparable) {
          let metric = try Self.metric(metric, first.configuration, second.configuration)
          if min(first.runs.count, second.runs.count) < 2 {
            scarce.append((first.configuration, second.configuration))
          } else {
            pairs.append((first, second, metric))
          }
        } catch {
          refused.insert(error.description)
        }
      }
    }
    self.unlike = unlike
    self.scarce = scarce
    self.refused = refused.sorted()
    left = max(0, pairs.count - limit)
    // Two that cannot be compared by their metric have no line: what they lack is theirs, not a fault.
    let comparisons = pairs.prefix(limit).concurrentMap { first, second, metric in
      try? ConfigurationComparison(
        first, second, metric: metric, collapseThreshold: collapseThreshold,
        resampling: resampling)
    }.compactMap(\.self)
    let questions = ConfigurationComparison.Question.allCases
    let adjusted = MultipleTests.benjaminiHochberg(
      comparisons.flatMap { comparison in questions.map { comparison.pValue($0) } })
    q = comparisons.indices.map { place in
      var own: [ConfigurationComparison.Question: Double] = [:]
      for (offset, question) in questions.enumerated() {
        own[question] = adjusted[place * questions.count + offset]
      }
      return own
    }
    self.comparisons = comparisons
  }

  private static func differInOneKey(_ first: Configuration, _ second: Configuration) -> Bool {
    let keys = [.architecture] + TrainKey.allCases.map(ConfigurationKey.train)
    // A key of one optimiser alone goes with the optimiser.
    let own = TrainKey.allCases.filter { key in
      !OptimizerName.allCases.allSatisfy { key.applies(to: $0) }
    }
    let differing = keys.filter { key in
      if case .train(let train) = key, own.contains(train),
        first.optimizer.name != second.optimizer.name
      {
        return false
      }
      return key.value(in: first) != key.value(in: second)
    }
    return differing.count == 1
  }

  /// What to compare two configurations by.
  private static func metric(
    _ wanted: Metric?, _ first: Configuration, _ second: Configuration
  ) throws(NotComparable) -> Metric {
    let fallback = Metric.testReconstructionAtMean
    do throws(NotComparable) {
      let metric = wanted ?? .testTotalLast5
      try metric.requireComparable(first, second)
      try metric.requireExisting(first, second)
      return metric
    } catch {
      guard wanted == nil else { throw error }
      try fallback.requireComparable(first, second)
      return fallback
    }
  }
}
