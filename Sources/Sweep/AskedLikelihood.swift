package import VAE

/// How the likelihood of each point was asked for, where a store has several of it.
///
/// Figures of few draws and of many, or of other test images, are no one sample.
package struct AskedLikelihood: Sendable {
  private let efforts: [(grid: Grid, effort: Likelihood.Effort)]

  /// - Parameter efforts: The first whose grid has a point is that of the point.
  package init(_ efforts: [(grid: Grid, effort: Likelihood.Effort)] = []) {
    self.efforts = efforts
  }

  /// Nil where nobody asked: then whatever there is most of is told.
  package func effort(of point: Point) -> Likelihood.Effort? {
    efforts.first { $0.grid.index(of: point) != nil }?.effort
  }
}
