import Compute

// One step of each optimiser over all parameters, fused into one pass. g is the gradient. Padding
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
/// Roots and quotients bound it: 426,000 parameters take 99 µs by eights, 71 by sixteens (`wide`,
/// with the same bits).
package func adam(
  _ theta: UnsafeMutablePointer<Float>, _ g: UnsafePointer<Float>,
  _ m: UnsafeMutablePointer<Float>, _ v: UnsafeMutablePointer<Float>, count: Int, _ step: AdamStep,
  wide: Bool = WideVectors.areAvailable
) {
  let beta1 = Lanes(repeating: step.beta1)
  let beta2 = Lanes(repeating: step.beta2)
  var i = 0
  if wide {
    i = count & ~15
    WideVectors.adam(
      theta, g, m, v, count: i, beta1: step.beta1, beta2: step.beta2, rate: step.rate,
      rootCorrection: step.rootCorrection, epsilon: step.epsilon)
  }
  while i < count {
    let gradient = g.lanes(at: i)
    let first = m.lanes(at: i)
    let second = v.lanes(at: i)
    let newFirst = gradient.addingProduct(beta1, first - gradient)
    let square = gradient * gradient
    let newSecond = square.addingProduct(beta2, second - square)
    m.store(newFirst, at: i)
    v.store(newSecond, at: i)
    let root = newSecond.squareRoot()
    let denominator = Lanes(repeating: step.epsilon).addingProduct(root, step.rootCorrection)
    theta.store(theta.lanes(at: i) - step.rate * newFirst / denominator, at: i)
    i += 8
  }
}

/// v ← ρv + (1 − ρ)g²; θ ← θ − lr · g / (√v + ε).
func rmsprop(
  _ theta: UnsafeMutablePointer<Float>, _ g: UnsafePointer<Float>,
  _ v: UnsafeMutablePointer<Float>, count: Int, learningRate: Float, rho: Float, epsilon: Float
) {
  var i = 0
  while i < count {
    let gradient = g.lanes(at: i)
    let square = gradient * gradient
    let newSquare = square.addingProduct(rho, v.lanes(at: i) - square)
    v.store(newSquare, at: i)
    let step = learningRate * gradient / (newSquare.squareRoot() + epsilon)
    theta.store(theta.lanes(at: i) - step, at: i)
    i += 8
  }
}

/// v ← momentum · v + g; θ ← θ − lr · v.
func sgd(
  _ theta: UnsafeMutablePointer<Float>, _ g: UnsafePointer<Float>,
  _ v: UnsafeMutablePointer<Float>, count: Int, learningRate: Float, momentum: Float
) {
  var i = 0
  while i < count {
    let velocity = g.lanes(at: i).addingProduct(momentum, v.lanes(at: i))
    v.store(velocity, at: i)
    theta.store(theta.lanes(at: i).addingProduct(-learningRate, velocity), at: i)
    i += 8
  }
}
