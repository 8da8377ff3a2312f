package import Sweep
package import VAE

/// What became of the points of a configuration; every one of them is counted once.
package struct PointCounts: Hashable, Sendable {
  /// Points that the sweep asks for.
  package var planned = 0
  package var ok = 0
  package var diverged = 0
  package var failed = 0

  package init(planned: Int = 0, ok: Int = 0, diverged: Int = 0, failed: Int = 0) {
    self.planned = planned
    self.ok = ok
    self.diverged = diverged
    self.failed = failed
  }

  /// Planned points of which nothing is known yet.
  package var missing: Int { max(0, planned - ok - diverged - failed) }

  /// Whether more than 5 % of the points diverged or failed: those left may not stand for all.
  ///
  /// Of those planned, so that a row is not judged by its first few; where a store plans nothing, of
  /// those that ended.
  package var isBroken: Bool { 20 * bad > all }

  /// Runs that give no value.
  private var bad: Int { diverged + failed }

  private var all: Int { max(planned, bad + ok) }

  /// `3 of 6 runs diverged or failed`; nil where none did.
  /// - Parameter name: Whose runs, where the reader needs to be told.
  func badWords(of name: String? = nil) -> String? {
    guard bad > 0 else { return nil }
    let which = failed == 0 ? "diverged" : diverged == 0 ? "failed" : "diverged or failed"
    return "\(bad) of \(all) runs \(name.map { "of \($0) " } ?? "")\(which)"
  }

  /// What a reader of the figures must know where more than 5 % ended badly; nil elsewhere.
  /// - Parameter name: As above.
  package func caution(of name: String? = nil) -> String? {
    guard isBroken else { return nil }
    return badWords(of: name).map { "\($0), more than 5 %: those left may not stand for all" }
  }
}

/// One configuration, or one group of them, over its seeds.
///
/// Runs that diverged stand in `counts` and never in a mean.
package struct ConfigurationSummary: Hashable, Sendable {
  /// The configuration's keys that apply, or those it was grouped by.
  package let members: [JSONValue.Member]
  /// What varies inside the group, with its values in the order of the sweep file; empty where
  /// this is one configuration.
  package let pooledOver: [JSONValue.Member]
  /// Whether the group was asked for with `--by`.
  package let isGroup: Bool
  package let counts: PointCounts
  package let metrics: [Metric: SampleSummary]
  /// What a reader of each metric's figures must know.
  package let caveats: [Metric: [String]]
  /// The run with the largest value of each loss.
  package let worst: [Metric: Seeds]
  /// Nil without sampling.
  package let collapsed: CollapseSummary?
  /// The same by mean KL below `collapsedKL`; nil without sampling.
  package let collapsedByKL: CollapseSummary?

  /// One object as `summary --format json` prints it; a group
  /// says what it pools over.
  package var json: JSONValue {
    var members = members
    if isGroup { members.append(JSONValue.Member("pooled_over", .object(pooledOver))) }
    members += [
      JSONValue.Member("planned", .int(counts.planned)), JSONValue.Member("ok", .int(counts.ok)),
      JSONValue.Member("diverged", .int(counts.diverged)),
      JSONValue.Member("failed", .int(counts.failed)),
      JSONValue.Member("missing", .int(counts.missing)),
    ]
    // An optional measure only where some run has it.
    let optional = Metric.optional.filter { (metrics[$0]?.n ?? 0) > 0 }
    members += (Metric.allCases + optional).map {
      JSONValue.Member($0.rawValue, metrics[$0]?.json ?? .null)
    }
    members.append(JSONValue.Member("collapsed", collapsed?.json ?? .null))
    return .object(members)
  }
}
