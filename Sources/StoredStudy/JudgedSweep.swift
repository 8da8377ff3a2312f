import ResultStore
package import Study
package import Sweep
import SweepFile

/// The claims of one sweep, judged; or of several together where one file edits them all.
package struct JudgedSweep: Sendable {
  /// Its name, told apart from others of that name; nil where there is one sweep with claims.
  package let name: String?
  package let judgement: ClaimJudgement
}

extension StoredStudy {
  /// The claims of each of the store's sweeps, or as the definition `edited` has them.
  ///
  /// One judgement at least, which is empty where nothing is claimed.
  package func judgements(edited: SweepDefinition? = nil) -> [JudgedSweep] {
    var families = claims.families
    let evidence = evidence(isWanted: edited != nil || !families.isEmpty)
    if let edited {
      // Of another definition they are judged beside what was fixed.
      let own = families.filter { $0.definition == edited.definitionDigest }
      if !own.isEmpty { families = own }
      return [JudgedSweep(name: nil, judgement: judge(families, edited.claims, evidence))]
    }
    let claimed = sweeps.filter { sweep in
      families.contains { $0.definition == sweep.definition }
    }
    guard claimed.count > 1 else {
      return [JudgedSweep(name: nil, judgement: judge(families, nil, evidence))]
    }
    return claimed.map { sweep in
      let isTwice = claimed.count { $0.name == sweep.name } > 1
      return JudgedSweep(
        name: isTwice ? "\(sweep.name) (definition \(sweep.definition.short))" : sweep.name,
        judgement: judge(
          families.filter { $0.definition == sweep.definition }, nil, evidence))
    }
  }

  private func judge(
    _ families: [RegisteredClaims.Family], _ edited: ClaimFamily?, _ evidence: ClaimEvidence
  ) -> ClaimJudgement {
    ClaimJudgement(
      registered: ClaimFamily(families.flatMap(\.registered)),
      current: edited ?? ClaimFamily(families.flatMap(\.current)), evidence: evidence)
  }

  /// - Parameter isWanted: Whether anything is claimed: a large store is not gone through for nothing.
  private func evidence(isWanted: Bool) -> ClaimEvidence {
    var evidence = ClaimEvidence(
      failed: failed, stopped: looks.stopped, unneeded: looks.unneeded)
    if isWanted { for stored in outcomes { evidence.add(stored.outcome) } }
    return evidence
  }
}
