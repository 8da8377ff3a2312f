/// What can be kept of a run so that a picture can be drawn of it later.
///
/// The raw value is the name of the artifact and of the entry under `pictures:` in a sweep file.
/// Each is a set of `NamedArrays`; a run that diverged has none.
package enum PictureKind: String, CaseIterable, Hashable, Sendable, Comparable {
  /// Codes of the first test images, at most 5,000: `labels` [n] bytes, `mu` [n, d] floats and, with
  /// sampling, `sigma2` [n, d] floats. Made for two and three latents only.
  case codes
  /// Decoded images as bytes, row by row: `images` [m, 784] of 28 × 28, [m, rows, columns] of another
  /// size, and their `codes` [m, d] floats.
  ///
  /// Two latents: the 15 × 15 grid of Φ⁻¹((i − ½)/15), the first latent rising along a row from left
  /// to right, the second rising from the bottom row to the top row; of images of more than 2,436
  /// pixels 13 × 13, of more than 3,246 11 × 11, so that they fit. Three: 5 × 5 × 5 of
  /// Φ⁻¹((i − ½)/5), the third slowest, then the second from top to bottom, the first along the row.
  /// Four: 3⁴ of Φ⁻¹((i − ½)/3), the first latent fastest, the fourth slowest. Otherwise 100 draws
  /// from the standard normal, the same for all runs with as many latents.
  case samples
  /// The first two test images of each class, of the first ten where there are more: `labels` [20],
  /// `originals` and `reconstructions` [20, 784], or [20, rows, columns], with z = μ, all bytes.
  case reconstructions
  /// Codes of training images while they are trained, every 100 steps; two latents and sampling
  /// only. The first training image of each class from step 0 to the end of epoch 5:
  /// `digits_labels` [10] bytes, `digits_steps` [s] int32, `digits_mu` [s, 10, 2] and
  /// `digits_sigma2` [s, 10, 2] floats. The first six of each class from the end of epoch 1 to the
  /// end of epoch 10: `cloud_labels` [60], `cloud_steps` [t], `cloud_mu` [t, 60, 2] and
  /// `cloud_sigma2` [t, 60, 2]. The last step of the span is always among the steps; a run with
  /// fewer epochs gives what it has.
  case trajectories

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// Whether a run of this shape can give it.
  package func applies(latentDim: Int, sampling: Bool) -> Bool {
    switch self {
    case .codes: latentDim == 2 || latentDim == 3
    case .samples, .reconstructions: true
    case .trajectories: latentDim == 2 && sampling
    }
  }
}
