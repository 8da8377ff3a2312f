/// What a user asked for: a named grid on a dataset, and what is to be learnt from it.
package struct SweepDefinition: Hashable, Sendable {
  package let name: String
  /// As written in the file: `mnist`, `digits`, a folder.
  package var dataset: String
  package let grid: Grid
  /// What the sweep is to decide; part of neither keys nor the sweep's identity.
  package let claims: ClaimFamily
  /// How many seeds are enough; part of neither keys nor identity either.
  package let looks: LookPlan?
  /// What is kept of the runs beside their results; part of neither either.
  package let artifacts: ArtifactPlan

  package init(
    name: String, dataset: String, grid: Grid, claims: ClaimFamily = ClaimFamily([]),
    looks: LookPlan? = nil, artifacts: ArtifactPlan = .none
  ) {
    self.name = name
    self.dataset = dataset
    self.grid = grid
    self.claims = claims
    self.looks = looks
    self.artifacts = artifacts
  }
}
