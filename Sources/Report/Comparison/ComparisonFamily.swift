import Dispatch
package import Study
import Sweep
import Synchronization
import VAE

/// Every pair of configurations that differ in one key, compared; q is over all of them together.
package struct ComparisonFamily: Sendable {
  package let comparisons: [ConfigurationComparison]
  /// Of each comparison, by question.
  let q: [[ConfigurationComparison.Question: Double]]
  /// Pairs that were left out because there are more than `most`.
  package let left: Int

  /// Pairs beyond this many are not looked at.
  package static let most = 150

  package init(
    _ configurations: [ConfigurationRuns], collapseThreshold: Double, resampling: Resampling
  ) {
    let known = configurations.filter { $0.runs.count >= 2 }
    var pairs: [(ConfigurationRuns, ConfigurationRuns, Metric)] = []
    for (place, first) in known.enumerated() {
      for second in known[(place + 1)...] {
        guard let metric = Self.metric(first.configuration, second.configuration) else { continue }
        pairs.append((first, second, metric))
      }
    }
    left = max(0, pairs.count - Self.most)
    let looked = Array(pairs.prefix(Self.most))
    let found = Mutex([Int: ConfigurationComparison]())
    DispatchQueue.concurrentPerform(iterations: looked.count) { place in
      let (first, second, metric) = looked[place]
      let comparison = try? ConfigurationComparison(
        first, second, metric: metric, collapseThreshold: collapseThreshold,
        resampling: resampling)
      if let comparison { found.withLock { $0[place] = comparison } }
    }
    let comparisons = found.withLock { found in looked.indices.compactMap { found[$0] } }
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

  /// What to compare two configurations by; nil unless exactly one key differs, and where nothing
  /// compares.
  private static func metric(_ first: Configuration, _ second: Configuration) -> Metric? {
    var keys: [ConfigurationKey] = [.hidden, .latentDim]
    keys += TrainKey.allCases.map(ConfigurationKey.train)
    // A key of one optimiser alone goes with the optimiser.
    let own: Set<TrainKey> = [.beta1, .beta2, .rho, .momentum, .epsilon]
    let differing = keys.filter { key in
      if case .train(let train) = key, own.contains(train),
        first.optimizer.name != second.optimizer.name
      {
        return false
      }
      return key.value(in: first) != key.value(in: second)
    }
    guard differing.count == 1 else { return nil }
    return [.testTotalLast5, .testReconstructionAtMean].first { metric in
      (try? metric.requireComparable(first, second)) != nil
    }
  }
}
