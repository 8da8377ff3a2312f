package import Study
import Sweep
import VAE

/// One of the two configurations of a comparison, as it is told: what was run, what became of it,
/// and what its runs gave.
package struct ComparedSide {
  package let name: String
  package let runs: ConfigurationRuns
  private let comparison: ConfigurationComparison

  package init(
    _ runs: ConfigurationRuns, in comparison: ConfigurationComparison,
    names: ConfigurationNaming? = nil
  ) {
    name = (names ?? comparison.names)(runs.configuration)
    self.runs = runs
    self.comparison = comparison
  }

  var summary: SampleSummary { runs.summary(comparison.metric) }

  var collapse: CollapseSummary? { collapse(comparison.collapseThreshold) }

  func collapse(_ threshold: Double) -> CollapseSummary? {
    runs.collapsed(threshold: threshold).map { CollapseSummary(counts: $0) }
  }

  var variance: VarianceByCollapse? {
    runs.variance(of: comparison.metric, collapseThreshold: comparison.collapseThreshold)
  }

  /// That so many runs ended badly that the others may not stand for all; nil where they may.
  var caution: String? { runs.counts.caution(of: name) }

  /// The same as a sentence.
  package var warning: String? {
    caution.map { "\($0)." }
  }

  /// The counts that stand beside every figure, under `prefix`.
  func counts(prefix: String) -> [JSONValue.Member] {
    let counts = runs.counts
    return [
      ("planned", counts.planned), ("ok", counts.ok), ("diverged", counts.diverged),
      ("failed", counts.failed), ("missing", counts.missing),
    ].map { JSONValue.Member(prefix + $0.0, .int($0.1)) }
  }

  var json: JSONValue {
    var members = [JSONValue.Member("name", .string(name))] + runs.configuration.members
    members += counts(prefix: "")
    members.append(JSONValue.Member(comparison.metric.rawValue, summary.json))
    let worst = runs.worst(comparison.metric).map { worst in
      JSONValue.object(worst.seeds.members + [JSONValue.Member("value", JSONValue(worst.value))])
    }
    members.append(JSONValue.Member("worst", worst ?? .null))
    members.append(JSONValue.Member("collapsed", collapse?.json ?? .null))
    members.append(JSONValue.Member("collapsed_at", CollapseFigures.atThresholds(runs)))
    members.append(JSONValue.Member("variance", variance.map(CollapseFigures.json) ?? .null))
    let caveats = runs.caveats(
      comparison.metric, collapseThreshold: comparison.collapseThreshold)
    members.append(JSONValue.Member("notes", .array(caveats.map(JSONValue.string))))
    return .object(members)
  }
}

extension ConfigurationComparison {
  /// Each told apart from the other, in the form a user may give.
  var names: ConfigurationNaming { .telling([first.configuration, second.configuration]) }
}

/// Collapse and what it explains, as JSON.
enum CollapseFigures {
  /// Counts at each of the thresholds that are shown side by side; null without sampling.
  static func atThresholds(_ runs: ConfigurationRuns) -> JSONValue {
    guard runs.configuration.sampling else { return .null }
    return .array(
      shownCollapseThresholds.map { threshold in
        let summary = CollapseSummary(counts: runs.collapsed(threshold: threshold) ?? [])
        guard case .object(let members) = summary.json else { return .null }
        return .object([JSONValue.Member("threshold", .number(threshold))] + members)
      })
  }

  static func json(_ variance: VarianceByCollapse) -> JSONValue {
    [
      "between": JSONValue(variance.between), "within": JSONValue(variance.within),
      "share_explained": JSONValue(variance.shareExplained),
      "modes": .array(
        variance.modes.map { mode in
          [
            "collapsed": .int(mode.collapsed), "n": .int(mode.sample.count),
            "mean": JSONValue(mode.sample.mean), "sd": JSONValue(mode.sample.standardDeviation),
          ]
        }),
    ]
  }
}
