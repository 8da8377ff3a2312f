package import Sweep

/// What the runs say to a claim, or to a part of one.
package enum ClaimVerdict: Hashable, Sendable {
  /// The interval lies where the truth must lie, also after Holm's adjustment.
  case borneOut
  /// The interval lies on the other side, also after Holm's adjustment.
  case contradicted
  case notDecided
  /// No verdict, for this reason.
  case none(String)
}

/// One part of a claim, judged.
package struct JudgedPart: Sendable {
  package let part: ClaimPart
  package let sides: [JudgedSide]
  /// Nil where there are too few runs.
  package let finding: ClaimFinding?
  /// Two-sided, of the side on which the figure lies.
  package let pValue: Double?
  /// By Holm, for all parts of the family together.
  package let adjusted: Double?
  package let verdict: ClaimVerdict

  /// Seeds whose runs are still to come.
  package var missing: Int { sides.reduce(0) { $0 + $1.counts.missing } }
}

/// A claim with the verdict over all its parts.
package struct JudgedClaim: Sendable {
  /// When the claim was fixed.
  package enum Standing: String, Hashable, Sendable {
    /// Before the first outcome.
    case registered
    /// Registered, and no longer in the file as it was.
    case withdrawn
    /// After outcomes were there.
    case postHoc = "post hoc"
  }

  package let claim: Claim
  package let parts: [JudgedPart]
  package let standing: Standing

  /// Contradicted where a part is; borne out where all parts are.
  package var verdict: ClaimVerdict {
    let verdicts = parts.map(\.verdict)
    if verdicts.contains(.contradicted) { return .contradicted }
    for verdict in verdicts { if case .none = verdict { return verdict } }
    return verdicts.allSatisfy { $0 == .borneOut } ? .borneOut : .notDecided
  }

  package var isInterim: Bool { parts.contains { $0.missing > 0 } }
}
