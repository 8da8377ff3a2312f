package import Study

extension PointCounts {
  /// `20/20 ok`, then what else there is: `18/20 ok, 1 diverged, 1 missing`.
  package var words: String {
    var parts = ["\(ok)/\(planned) ok"]
    for (count, name) in [(diverged, "diverged"), (failed, "failed"), (missing, "missing")]
    where count > 0 {
      parts.append("\(count) \(name)")
    }
    return parts.joined(separator: ", ")
  }
}
