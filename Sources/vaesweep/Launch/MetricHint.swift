import StoredStudy
import Study
import Sweep

extension StoredStudy {
  /// That no run has the metric, and what to do about it; nil where one has it, or none is ok.
  func hint(onLackOf metric: Metric) -> String? {
    let runs = configurations.flatMap(\.runs)
    guard !runs.isEmpty, !runs.contains(where: { $0.values[metric] != nil }) else { return nil }
    let lack = "no run has \(metric.rawValue)"
    guard Metric.optional.contains(metric) else { return lack }
    let others = Metric.optional.filter { other in runs.contains { $0.values[other] != nil } }
    guard others.isEmpty else {
      return lack + "; of what was asked for, runs have "
        + others.map(\.rawValue).joined(separator: ", ")
    }
    return lack + ": a sweep file that says 'measures: [likelihood]' has it measured, by replay "
      + "of the runs that are there"
  }
}
