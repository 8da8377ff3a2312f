import ResultStore
import Sweep
import VAE

/// Tells which finished points lack artifacts, from the store alone.
struct LackingArtifacts {
  private let stored: [PointKey: Set<ArtifactKind>]
  private let givenUp: Set<PointKey>

  init(_ reader: StoreReader) throws(StoreError) {
    stored = try reader.artifactKinds()
    givenUp = try reader.givenUpArtifacts()
  }

  /// Whether a sweep asks for an artifact of this point that it does not have and may still get.
  func isLacking(_ outcome: Outcome, for sweeps: [SweepDefinition]) -> Bool {
    guard outcome.status == .ok, !givenUp.contains(outcome.key) else { return false }
    return sweeps.contains { sweep in
      guard !sweep.artifacts.isEmpty, let index = sweep.grid.index(of: outcome.point)
      else { return false }
      let wanted = sweep.artifacts.kinds(wantedOf: outcome.point, at: index, in: sweep.grid)
      return !wanted.isSubset(of: stored[outcome.key] ?? [])
    }
  }
}
