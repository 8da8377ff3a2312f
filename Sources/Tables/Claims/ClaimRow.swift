/// One test of a claim in words and figures, ready to be shown.
package struct ClaimRow: Hashable, Sendable {
  /// The claim's id and words, the same for each of its parts.
  package let id: String
  package let claim: String
  /// Over all parts: `borne out`, `contradicted in 1 of 2 parts`.
  package let claimVerdict: String
  /// What `figure` is.
  package let question: String
  /// Where the truth must lie: `above 0`.
  package let expectation: String
  /// With its unit; nil where there are too few runs.
  package let figure: String?
  /// 95 %.
  package let interval: String?
  package let test: String?
  /// Adjusted by Holm.
  package let adjusted: String?
  /// Runs that ended well, of those planned, on each side.
  package let runs: String
  /// The same with its noun: `20 of 20 runs`.
  package let countedRuns: String
  package let verdict: String
  /// Figures that stand beside.
  package let beside: String
  /// What to know of the figure, which changes no verdict.
  package let notes: String
}

extension ClaimRow {
  /// All of it in a sentence, and what to know of it in another.
  package var sentence: String { notes.isEmpty ? statement : "\(statement) Note: \(notes)." }

  /// Figure, test and verdict; the verdict ends it.
  package var statement: String {
    guard let figure, let interval, let test else {
      return "\(question), claimed to lie \(expectation): \(verdict)."
    }
    let p = adjusted.map { ", p \($0.hasPrefix("<") ? $0 : "= \($0)") after Holm" } ?? ""
    let more = beside.isEmpty ? "" : "; \(beside)"
    return
      "\(question): \(figure) (95 % interval \(interval); \(test)\(p); \(countedRuns)\(more)); "
      + "claimed to lie \(expectation): \(verdict)."
  }
}
