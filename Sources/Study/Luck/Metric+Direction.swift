package import Sweep

extension Metric {
  /// Which of two runs is better, as far as the catalogue of outcome fields tells.
  package enum Direction: Hashable, Sendable {
    case lower
    case higher
    /// Neither, for this reason.
    case none(String)
  }

  package var direction: Direction {
    switch field.direction {
    case .lower: .lower
    case .higher: .higher
    case .nearerTo(let value) where value == 0: .lower
    case .nearerTo(let value):
      .none("it is the better the nearer it is to \(value), from above or from below")
    case .neither where isDensity:
      .none(
        "a density is no better when it is higher: draws that are all alike can have the largest; "
          + "generation_coverage tells which generates better")
    case .neither: .none("neither larger nor smaller values of it are better")
    }
  }

  /// Whether it tells how thick the images lie where a net draws.
  var isDensity: Bool { self == .generationDensity || self == .generationDensityFitted }
}
