import Report
import ResultStore
import Study
import Sweep
import SweepFile

/// Reads the claims that a store has fixed, and judges them by its outcomes; `claims` and `report`
/// share it.
struct StoredClaims {
  private let path: String

  init(store path: String) { self.path = path }

  /// The claims of each of the store's sweeps, or of the sweep file `file` as it has them now.
  ///
  /// One table at least, which says so where nothing is claimed.
  func tables(file: String? = nil) throws(CommandError) -> [ClaimTable] {
    var edited: SweepDefinition?
    if let file {
      do throws(SweepFileError) {
        edited = try SweepFile.load(path: file)
      } catch {
        throw .badInput("\(error)")
      }
    }
    do throws(StoreError) {
      let reader = try StoreReader(path: path)
      var families = try reader.claimFamilies()
      let evidence = try evidence(reader)
      if let edited {
        // Of another definition they are judged beside what was fixed.
        if families.contains(where: { $0.definition == edited.definitionDigest }) {
          families.removeAll { $0.definition != edited.definitionDigest }
        }
        return [ClaimTable(judgement(families, current: edited.claims, evidence))]
      }
      let sweeps = try reader.sweeps().filter { sweep in
        families.contains { $0.definition == sweep.definition }
      }
      guard sweeps.count > 1 else { return [ClaimTable(judgement(families, evidence))] }
      return sweeps.map { sweep in
        let isTwice = sweeps.count { $0.name == sweep.name } > 1
        return ClaimTable(
          judgement(families.filter { $0.definition == sweep.definition }, evidence),
          sweep: isTwice ? "\(sweep.name) (definition \(sweep.definition.short))" : sweep.name)
      }
    } catch {
      throw .of(error)
    }
  }

  private func judgement(
    _ families: [StoredClaimFamily], current: ClaimFamily? = nil, _ evidence: ClaimEvidence
  ) -> ClaimJudgement {
    ClaimJudgement(
      registered: claims(lastOfEach: families.filter { $0.outcomesBefore == 0 }),
      current: current ?? claims(lastOfEach: families), evidence: evidence)
  }

  private func evidence(_ reader: StoreReader) throws(StoreError) -> ClaimEvidence {
    let definitions = try reader.definitions()
    let grids = definitions.map(\.grid)
    let looks = try StoredLooks(reader, definitions)
    // What came after the look that decided is surplus, here as in `summary`.
    func isAsked(_ point: Point) -> Bool { looks.isAsked(point, by: grids) }
    var evidence = ClaimEvidence(
      failed: try reader.troubledPoints().filter(\.tally.isFailed).map(\.point)
        .filter(isAsked),
      stopped: looks.stopped, unneeded: looks.unneeded)
    try reader.forEachOutcome {
      if isAsked($0.outcome.point) { evidence.add($0.outcome) }
      return true
    }
    return evidence
  }

  /// The claims of each sweep as its last family has them.
  private func claims(lastOfEach families: [StoredClaimFamily]) -> ClaimFamily {
    var last: [StoredClaimFamily] = []
    for family in families {
      last.removeAll { $0.definition == family.definition }
      last.append(family)
    }
    // A store may hold claims that a newer version wrote; what can't be read is told by its absence.
    return ClaimFamily(
      last.flatMap { (try? SweepFile.parse(yaml: $0.yaml, file: path))?.claims.claims ?? [] })
  }
}
