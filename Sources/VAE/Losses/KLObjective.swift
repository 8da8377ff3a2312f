/// The KL term of one training step: w · Σ_j max(λ, mean over the batch of KL_j), in nats per image.
///
/// Losses are reported with the plain term, so that runs with and without remedies stay comparable.
package struct KLObjective: Hashable, Sendable {
  /// w.
  package var weight: Double
  /// λ, as in equation 15 of Kingma and others (2016); 0 for the plain term.
  ///
  /// A latent whose mean divergence is below it is not pushed to the prior any further.
  package var freeBits: Double

  package init(weight: Double, freeBits: Double = 0) {
    self.weight = weight
    self.freeBits = freeBits
  }
}

/// How the weight of the KL term goes from step to step.
///
/// - Warm-up: from 0 in a straight line to its full weight over the first epochs (Sønderby et al. 2016).
/// - Cycles: that ramp again and again, the second half of every cycle at full weight (Fu et al. 2019,
///   eq. 6 and 7 with R = ½).
/// With both, one multiplies the other.
package struct KLSchedule: Hashable, Sendable {
  private let weight: Double
  private let freeBits: Double
  private let warmupSteps: Int
  private let cycles: Int
  private let steps: Int

  /// - Parameter stepsPerEpoch: The last short batch is a step too.
  package init(_ configuration: Configuration, stepsPerEpoch: Int) {
    weight = configuration.klWeight
    freeBits = configuration.freeBits
    warmupSteps = configuration.klWarmup * stepsPerEpoch
    cycles = configuration.klCycles
    steps = configuration.epochs * stepsPerEpoch
  }

  /// The term of a step, counted from 0.
  package func objective(step: Int) -> KLObjective {
    KLObjective(weight: weight * warmup(step) * cycle(step), freeBits: freeBits)
  }

  private func warmup(_ step: Int) -> Double {
    step < warmupSteps ? Double(step) / Double(warmupSteps) : 1
  }

  /// ⌈T/M⌉: a whole number of steps, so that the last cycle may be cut short, or fall away.
  static func cycleLength(steps: Int, cycles: Int) -> Int { (steps + cycles - 1) / cycles }

  /// τ = (t mod ⌈T/M⌉) / (T/M), and the weight min(1, τ/R).
  private func cycle(_ step: Int) -> Double {
    guard cycles > 0 else { return 1 }
    let length = Self.cycleLength(steps: steps, cycles: cycles)
    let part = Double(step % length) * Double(cycles) / Double(steps)
    return min(1, 2 * part)
  }
}
