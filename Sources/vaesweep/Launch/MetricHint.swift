import StoredStudy
import Study
import Sweep
import Tables
import VAE

extension StoredStudy {
  /// What a reader of the metric's figures must be told first; nil where that is nothing.
  ///
  /// - Parameter answered: What the figures are of; everything unless given.
  func hint(on metric: Metric, of answered: [ConfigurationRuns]? = nil) -> String? {
    hint(onLackOf: metric) ?? LikelihoodNote.line(metric, of: answered ?? configurations)
  }

  /// That no run has the metric, and what to do about it; nil where one has it, or none is ok.
  private func hint(onLackOf metric: Metric) -> String? {
    let runs = configurations.flatMap(\.runs)
    guard !runs.isEmpty, !runs.contains(where: { $0.values[metric] != nil }) else { return nil }
    let lack = "no run has \(metric.rawValue)"
    guard Metric.optional.contains(metric) else { return lack }
    let others = Metric.optional.filter { other in runs.contains { $0.values[other] != nil } }
    guard others.isEmpty else {
      return lack + "; of what was asked for, runs have "
        + others.map(\.rawValue).joined(separator: ", ")
    }
    let all = configurations.map(\.configuration)
    let reasons = all.compactMap { metric.field.scope.absence(in: $0) }
    guard reasons.count < all.count else {
      return lack + ": \(reasons[0])"
        + (all.contains(where: \.sampling) ? ", where a sweep says 'measures: [likelihood]'" : "")
    }
    guard definitions.allSatisfy({ $0.artifacts.likelihood == nil }) else {
      return lack + " yet as the sweep asks for it: 'vaesweep run' measures what is missing, by "
        + "replay"
    }
    return lack + ": a sweep file that says 'measures: [likelihood]' has it measured, by replay "
      + "of the runs that are there"
  }
}
