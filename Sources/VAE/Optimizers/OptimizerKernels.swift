import Compute

// One step of each optimiser over the parameters of a layer, fused into one pass. g is the gradient. Padding
// has g = 0 and stays 0.

/// Constants of one Adam step.
package struct AdamStep {
  let beta1: Float
  let beta2: Float
  /// The learning rate / (1 − β₁ᵗ).
  let rate: Float
  /// The factor 1 / √(1 − β₂ᵗ).
  let rootCorrection: Float
  let epsilon: Float

  /// Step number `t`, from 1.
  package init(learningRate: Double, beta1: Double, beta2: Double, epsilon: Double, step t: Int) {
    self.beta1 = Float(beta1)
    self.beta2 = Float(beta2)
    rate = Float(learningRate / (1 - power(beta1, t)))
    rootCorrection = Float(1 / Scalar.sqrt(1 - power(beta2, t)))
    self.epsilon = Float(epsilon)
  }
}

/// baseᵗ by repeated squaring: a function of t alone, so that a run can start at any step.
func power(_ base: Double, _ t: Int) -> Double {
  var (result, square, left) = (1.0, base, t)
  while left > 0 {
    if left & 1 == 1 { result *= square }
    square *= square
    left >>= 1
  }
  return result
}

/// m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; θ ← θ − rate · m / (√v · rootCorrection + ε).
///
/// Roots and quotients bound it: on Zen 5 426,000 parameters take 99 µs by eights, 71 by sixteens
/// (`wide`, with the same bits).
package func adam(
  _ theta: UnsafeMutablePointer<Float>, _ g: UnsafePointer<Float>,
  _ m: UnsafeMutablePointer<Float>, _ v: UnsafeMutablePointer<Float>, count: Int, _ step: AdamStep,
  wide: Bool = WideVectors.areAvailable
) {
  let bounds = IdleBounds(
    factor: Double(step.rate) / Double(step.epsilon), decays: (step.beta1, step.beta2))
  var i = 0
  if wide {
    i = count & ~15
    WideVectors.adam(
      theta, g, m, v, count: i, beta1: step.beta1, beta2: step.beta2, rate: step.rate,
      rootCorrection: step.rootCorrection, epsilon: step.epsilon,
      smallMoment: bounds?.moment ?? 0, largeWeight: bounds?.weight ?? 0)
  }
  while i < count {
    let (gradient, weights) = (g.lanes(at: i), theta.lanes(at: i))
    let (first, second) = (m.lanes(at: i), v.lanes(at: i))
    // A second moment that is no number must reach the weight.
    if let bounds,
      let idle = IdleLanes(first, gradient: gradient, weights: weights, bounds)?
        .and(positive: second)
    {
      let smallFirst = idle.subnormal(first, decay: step.beta1)
      let smallSecond = idle.subnormal(second, decay: step.beta2)
      let next = step.moments(
        first.clearing(smallFirst.mask), second.clearing(smallSecond.mask), gradient)
      theta.store(weights - step.change(next.first.clearing(idle.mask), next.second), at: i)
      m.store(smallFirst.settingNext(in: next.first), at: i)
      v.store(smallSecond.settingNext(in: next.second), at: i)
    } else {
      let next = step.moments(first, second, gradient)
      theta.store(weights - step.change(next.first, next.second), at: i)
      m.store(next.first, at: i)
      v.store(next.second, at: i)
    }
    i += 8
  }
}

extension AdamStep {
  /// Both moments after the step.
  @inline(__always)
  fileprivate func moments(
    _ first: Lanes, _ second: Lanes, _ gradient: Lanes
  ) -> (first: Lanes, second: Lanes) {
    let square = gradient * gradient
    return (
      gradient.addingProduct(Lanes(repeating: beta1), first - gradient),
      square.addingProduct(Lanes(repeating: beta2), second - square)
    )
  }

  /// What is taken off the weights, by the moments after the step.
  @inline(__always)
  fileprivate func change(_ first: Lanes, _ second: Lanes) -> Lanes {
    let root = second.squareRoot()
    return rate * first / Lanes(repeating: epsilon).addingProduct(root, rootCorrection)
  }
}

/// v ← ρv + (1 − ρ)g²; θ ← θ − lr · g / (√v + ε).
///
/// v is never below 0.
package func rmsprop(
  _ theta: UnsafeMutablePointer<Float>, _ g: UnsafePointer<Float>,
  _ v: UnsafeMutablePointer<Float>, count: Int, learningRate: Float, rho: Float, epsilon: Float
) {
  // A gradient of 0 moves no weight, whatever number above 0 divides it.
  let bounds =
    learningRate.isFinite && epsilon > 0 ? IdleBounds(factor: 0, decays: (rho, rho)) : nil
  var i = 0
  while i < count {
    let gradient = g.lanes(at: i)
    var old = v.lanes(at: i)
    let weights = theta.lanes(at: i)
    let idle = SubnormalLanes(
      old, gradient: gradient, weights: weights, decay: rho, bounds)
    if let idle { old = old.clearing(idle.mask) }
    let square = gradient * gradient
    var newSquare = square.addingProduct(rho, old - square)
    let step = learningRate * gradient / (newSquare.squareRoot() + epsilon)
    if let idle { newSquare = idle.settingNext(in: newSquare) }
    v.store(newSquare, at: i)
    theta.store(weights - step, at: i)
    i += 8
  }
}

/// v ← momentum · v + g; θ ← θ − lr · v.
package func sgd(
  _ theta: UnsafeMutablePointer<Float>, _ g: UnsafePointer<Float>,
  _ v: UnsafeMutablePointer<Float>, count: Int, learningRate: Float, momentum: Float
) {
  let bounds = IdleBounds(factor: Double(learningRate), decays: (momentum, momentum))
  var i = 0
  while i < count {
    let gradient = g.lanes(at: i)
    var old = v.lanes(at: i)
    let weights = theta.lanes(at: i)
    let idle = SubnormalLanes(
      old, gradient: gradient, weights: weights, decay: momentum, bounds)
    if let idle { old = old.clearing(idle.mask) }
    var velocity = gradient.addingProduct(momentum, old)
    let moved = weights.addingProduct(-learningRate, velocity)
    if let idle { velocity = idle.settingNext(in: velocity) }
    v.store(velocity, at: i)
    theta.store(moved, at: i)
    i += 8
  }
}
