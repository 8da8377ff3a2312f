package import Study
package import Sweep
import VAE

/// What a reader of likelihoods must know: by how many draws they were estimated, how sure they are, and
/// where they are none.
package enum LikelihoodNote {
  /// Nil for every other metric, and where no run has one.
  package static func line(_ metric: Metric, of configurations: [ConfigurationRuns]) -> String? {
    let isBound = metric.rawValue == StudyMeasure.importanceBound.rawValue
    guard isBound || metric.rawValue == StudyMeasure.nll.rawValue else { return nil }
    let estimates = configurations.flatMap(\.runs).compactMap { run in
      run.values[metric] == nil ? nil : run.likelihood
    }
    let all = estimates.map(\.error)
    guard let least = all.min(), let most = all.max() else { return nil }
    let what =
      isBound
      ? "\(metric.rawValue) is no likelihood, as the loss of grey pixels, and the squared error, have no "
        + "normaliser: " : "\(metric.rawValue): "
    let errors = least.figure == most.figure ? least.figure : "\(least.figure) to \(most.figure)"
    return what + words(estimates) + ", an upper bound in the mean, nearer the more draws; "
      + "Monte-Carlo error of a run \(errors)"
  }

  /// `by 1,000 draws for each of 10,000 test images`, or how many runs have which.
  private static func words(_ estimates: [LikelihoodEstimate]) -> String {
    let efforts = Dictionary(grouping: estimates) { [$0.draws, $0.images] }
    func words(_ effort: [Int]) -> String {
      "by \(effort[0].grouped) draws for each of \(effort[1].of("test image"))"
    }
    guard efforts.count > 1 else { return efforts.keys.first.map(words) ?? "" }
    let told = efforts.sorted { ($0.key[0], $0.key[1]) > ($1.key[0], $1.key[1]) }.map {
      "of \($0.value.count.of("run")) \(words($0.key))"
    }
    return told.joined(separator: "; ") + "; these are no one sample"
  }
}
