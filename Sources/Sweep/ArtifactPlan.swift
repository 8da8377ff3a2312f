package import VAE

/// What is kept of the runs of a sweep beside their results: of which runs what their pictures are drawn
/// from, and of all runs the optional measures.
///
/// Not a part of what is trained: it enters neither keys nor the digest of the definition, so that a
/// sweep that asks for more later is the same sweep, and its points are replayed for that.
package struct ArtifactPlan: Hashable, Sendable {
  /// Of which seeds of every configuration there are pictures.
  package enum Seeds: Hashable, Sendable {
    /// The first so many of the seed list; of several seed axes, of their combinations in order.
    case first(Int)
    case all
  }

  /// How many seeds have pictures where nothing else is said.
  package static let usualSeeds = Seeds.first(5)
  package static let none = ArtifactPlan(pictures: [])

  package let pictures: Set<PictureKind>
  package let seeds: Seeds
  /// How the likelihood of each run is estimated; nil where that is not asked for.
  package var likelihood: Likelihood.Effort?

  package init(
    pictures: Set<PictureKind>, seeds: Seeds = usualSeeds, likelihood: Likelihood.Effort? = nil
  ) {
    self.pictures = pictures
    self.seeds = seeds
    self.likelihood = likelihood
  }

  package var isEmpty: Bool { pictures.isEmpty && likelihood == nil }

  /// The kinds wanted of the point that stands at `index` of `grid`: none that its shape cannot give.
  package func kinds(wantedOf point: Point, at index: Int, in grid: Grid) -> Set<ArtifactKind> {
    guard !isEmpty else { return [] }
    var kinds = Set(likelihood.map { [ArtifactKind.likelihood($0)] } ?? [])
    if !pictures.isEmpty, hasPictures(index, in: grid) {
      kinds.formUnion(pictures.map(ArtifactKind.picture))
    }
    let configuration = point.configuration
    return kinds.filter {
      $0.applies(
        latentDim: configuration.architecture.latentDim, sampling: configuration.sampling)
    }
  }

  private func hasPictures(_ index: Int, in grid: Grid) -> Bool {
    switch seeds {
    case .all: true
    case .first(let count): grid.seedPosition(at: index) < count
    }
  }
}
