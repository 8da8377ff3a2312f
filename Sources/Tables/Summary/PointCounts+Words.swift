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

  /// What a reader of the figures of `runs` must know where more than 5 % of them ended badly; nil
  /// elsewhere.
  package func caution(_ runs: String) -> String? {
    isBroken
      ? "more than 5 % of \(runs) diverged or failed: those left may not stand for all" : nil
  }
}
