import Foundation
import Tables
package import VAE

/// Codes of training images while they are trained, two latents each.
package struct Trajectory {
  /// What `PictureKind.trajectories` keeps two of.
  package enum Kind: String, CaseIterable {
    /// One image of each class, from step 0 to the end of epoch 5.
    case digits
    /// Six images of each class, from the end of epoch 1 to the end of epoch 10.
    case cloud
  }

  package let kind: Kind
  let labelKind: LabelKind
  let labels: [UInt8]
  package let steps: [Int]
  private let mu: [Float]
  private let sigma2: [Float]
  /// Steps of an epoch; nil where they can't be known.
  let stepsPerEpoch: Double?

  /// Nil where the arrays have no such trajectory, or it has no snapshot.
  package init?(_ arrays: NamedArrays, _ kind: Kind, labels labelKind: LabelKind, epochs: Int) {
    let name = kind.rawValue
    guard let labels = arrays.bytes("\(name)_labels", rank: 1),
      let steps = arrays.integers("\(name)_steps", rank: 1),
      let mu = arrays.floats("\(name)_mu", rank: 3),
      let sigma2 = arrays.floats("\(name)_sigma2", rank: 3),
      let last = steps.values.last, !labels.values.isEmpty,
      mu.shape == [steps.shape[0], labels.shape[0], 2], sigma2.shape == mu.shape
    else { return nil }
    self.kind = kind
    self.labelKind = labelKind
    self.labels = labels.values
    self.steps = steps.values.map(Int.init)
    self.mu = mu.values
    self.sigma2 = sigma2.values
    let known = Double(last) / Double(max(1, min(kind == .digits ? 5 : 10, epochs)))
    stepsPerEpoch = known > 0 ? known : nil
  }

  func position(_ snapshot: Int, _ image: Int) -> (x: Double, y: Double) {
    let place = 2 * (snapshot * labels.count + image)
    return (Double(mu[place]), Double(mu[place + 1]))
  }

  /// r with r² = √(σ₁² σ₂²), in the units of the latents.
  func radius(_ snapshot: Int, _ image: Int) -> Double {
    let place = 2 * (snapshot * labels.count + image)
    return geometricMean([Double(sigma2[place]), Double(sigma2[place + 1])]).squareRoot()
  }

  /// The middle of the circles of one digit.
  func centre(_ snapshot: Int, digit: Int) -> (x: Double, y: Double)? {
    let own = labels.indices.filter { labels[$0] == UInt8(digit) }
    guard !own.isEmpty else { return nil }
    let places = own.map { position(snapshot, $0) }
    let count = Double(own.count)
    return (places.reduce(0) { $0 + $1.x } / count, places.reduce(0) { $0 + $1.y } / count)
  }

  /// How far any circle reaches from zero along an axis.
  var extent: Double {
    var reach = 0.0
    for snapshot in steps.indices {
      for image in labels.indices {
        let place = position(snapshot, image)
        let own = max(abs(place.x), abs(place.y)) + radius(snapshot, image)
        if own.isFinite { reach = max(reach, own) }
      }
    }
    return reach
  }

  /// `step 1200, epoch 2.6`.
  package func words(_ snapshot: Int) -> String {
    let step = steps[snapshot]
    guard let stepsPerEpoch else { return "step \(step)" }
    return "step \(step), epoch \((Double(step) / stepsPerEpoch).shown(decimals: 1))"
  }

  package var title: String {
    let images =
      "\(kind == .digits ? "one training image" : "six training images") of each "
      + labelKind.word
    return "Circles move: \(images), \(words(0)) to \(words(steps.count - 1))"
  }
}
