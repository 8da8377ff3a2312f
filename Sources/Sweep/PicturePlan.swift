package import VAE

/// Which runs of a sweep keep what their pictures are drawn from.
///
/// Not a part of what is trained: it enters neither keys nor the digest of the definition, so that a
/// sweep whose pictures are asked for later is the same sweep, and its points are replayed for them.
package struct PicturePlan: Hashable, Sendable {
  /// Which seeds of every configuration.
  package enum Seeds: Hashable, Sendable {
    /// The first so many of the seed list; of several seed axes, of their combinations in order.
    case first(Int)
    case all
  }

  /// How many seeds have pictures where nothing else is said.
  package static let usualSeeds = Seeds.first(5)
  /// No pictures at all.
  package static let none = PicturePlan(kinds: [])

  package let kinds: Set<PictureKind>
  package let seeds: Seeds

  package init(kinds: Set<PictureKind>, seeds: Seeds = usualSeeds) {
    self.kinds = kinds
    self.seeds = seeds
  }

  /// The kinds wanted of the point that stands at `index` of `grid`: none that its shape cannot give.
  package func kinds(wantedOf point: Point, at index: Int, in grid: Grid) -> Set<PictureKind> {
    guard !kinds.isEmpty else { return [] }
    if case .first(let count) = seeds, grid.seedPosition(at: index) >= count { return [] }
    let configuration = point.configuration
    return kinds.filter {
      $0.applies(
        latentDim: configuration.architecture.latentDim, sampling: configuration.sampling)
    }
  }
}
