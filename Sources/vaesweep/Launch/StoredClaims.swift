import ResultStore
import Study
import Sweep
import SweepFile

/// Reads the claims that a store has fixed, and judges them by its outcomes; `claims` and `report`
/// share it.
struct StoredClaims {
  private let path: String

  init(store path: String) { self.path = path }

  /// The claims of the store's sweeps, or as the sweep file `file` has them now.
  func judgement(file: String? = nil) throws(CommandError) -> ClaimJudgement {
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
      if let edited, families.contains(where: { $0.definition == edited.definitionDigest }) {
        families.removeAll { $0.definition != edited.definitionDigest }
      }
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
      return ClaimJudgement(
        registered: claims(lastOfEach: families.filter { $0.outcomesBefore == 0 }),
        current: edited?.claims ?? claims(lastOfEach: families), evidence: evidence)
    } catch {
      throw .of(error)
    }
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
