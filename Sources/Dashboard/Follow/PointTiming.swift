package import Sweep
package import VAE

/// Tells how long points take, by those that have been trained.
package protocol PointTiming: Sendable {
  mutating func learn(_ outcome: Outcome, _ receipt: Receipt)

  /// How long one point of a configuration takes on one core, in seconds; nil where nothing is known.
  mutating func seconds(_ configuration: Configuration) -> ClosedRange<Double>?
}
