import Compute

// The reconstruction losses of a batch, each as the textbook formula and as one fused pass.
//
// Decoder output l = raw + bias are logits; the reconstruction is ŷ = 1/(1 + e^−l). Per image, in
// nats, x = byte / 255:
//   bce  Σ ln(1 + eˡ) − x·l          ∂/∂l = ŷ − x
//   mse  ½ Σ (ŷ − x)²                ∂/∂l = (ŷ − x)·ŷ·(1 − ŷ)

/// The loss of one pixel and its derivative by the logit, in Double: the formula the passes must meet.
package func pixelLoss(
  _ loss: ReconstructionLoss, logit: Double, pixel: UInt8
) -> (value: Double, slope: Double) {
  let x = Double(pixel) / 255
  let e = Scalar.exp(-abs(logit))
  let reconstruction = (logit >= 0 ? 1 : e) / (1 + e)
  let difference = reconstruction - x
  switch loss {
  case .bce: return (max(logit, 0) - x * logit + Scalar.log(1 + e), difference)
  case .mse:
    return (difference * difference / 2, difference * reconstruction * (1 - reconstruction))
  }
}

/// What a pass over the logits leaves behind.
protocol LossPass {
  /// Whether the gradient takes the place of the logits.
  static var keepsGradient: Bool { get }
}

/// Loss and gradient: raw ← scale · ∂loss/∂l, biasGradient ← its column sums.
enum GradientPass: LossPass { static var keepsGradient: Bool { true } }

/// The loss alone.
enum ValuePass: LossPass { static var keepsGradient: Bool { false } }

/// A loss of eight pixels at a time.
protocol LaneLoss {
  /// Adds to the running sums of a row and returns the gradient by the logits.
  static func add(_ logit: Lanes, _ pixel: Lanes, to sums: inout LossSums) -> Lanes
}

/// The running sums of one row.
///
/// ln Π (1 + e^−|l|) is taken once per 64 factors, each in (1, 2]:
/// their product stays below 2⁶⁴, and one logarithm serves 64 pixels.
struct LossSums {
  var linear = Lanes(repeating: 0)
  var product = Lanes(repeating: 1)
}

enum BernoulliLoss: LaneLoss {
  @inline(__always)
  static func add(_ logit: Lanes, _ pixel: Lanes, to sums: inout LossSums) -> Lanes {
    let e = VectorMath.expOfMinusMagnitude(logit)
    let onePlus = 1 + e
    sums.linear += (logit.positivePart).addingProduct(-pixel, logit)
    sums.product *= onePlus
    return e.replacing(with: 1, where: logit .>= 0) / onePlus - pixel
  }
}

enum SquaredErrorLoss: LaneLoss {
  @inline(__always)
  static func add(_ logit: Lanes, _ pixel: Lanes, to sums: inout LossSums) -> Lanes {
    let reconstruction = VectorMath.sigmoid(logit)
    let difference = reconstruction - pixel
    sums.linear.addProduct(0.5 * difference, difference)
    return difference * reconstruction * (1 - reconstruction)
  }
}

/// The summed loss of a batch of logits; one pass that adds the bias, takes the loss and, where
/// asked, leaves the gradient in place of the logits.
///
/// - Parameters:
///   - raw: decoder output before its bias, rows × pixels.
///   - pixels: bytes, rows `raw.paddedColumns` apart.
///   - scale: what the gradient is multiplied with, 1 / batch size.
/// - Returns: the sum over the batch in nats; error below 10⁻⁶ relative, or 10⁻⁴ nats per image.
func reconstructionPass<Loss: LaneLoss, Pass: LossPass>(
  _ raw: Matrix, bias: UnsafePointer<Float>, pixels: UnsafePointer<UInt8>, scale: Float,
  biasGradient: UnsafeMutablePointer<Float>, _: Loss.Type, _: Pass.Type
) -> Double {
  if Pass.keepsGradient { biasGradient.update(repeating: 0, count: raw.paddedColumns) }
  let whole = raw.columns & ~7
  var total = 0.0
  for i in 0..<raw.rows {
    let row = raw.row(i)
    let image = UnsafeRawPointer(pixels + i * raw.paddedColumns)
    var sums = LossSums()
    var j = 0
    while j < whole {
      // At most 64 factors before the product is folded into the sum.
      let end = min(j + 512, whole)
      while j < end {
        let pixel = Pixels.unit(image.loadUnaligned(fromByteOffset: j, as: SIMD8<UInt8>.self))
        let gradient = Loss.add(row.lanes(at: j) + bias.lanes(at: j), pixel, to: &sums) * scale
        if Pass.keepsGradient {
          row.store(gradient, at: j)
          biasGradient.store(biasGradient.lanes(at: j) + gradient, at: j)
        }
        j += 8
      }
      sums.linear += VectorMath.log(sums.product)
      sums.product = Lanes(repeating: 1)
    }
    total += sums.linear.doubleSum
    if whole < raw.columns {
      total += lastLanes(
        row, bias, image, at: whole, valid: raw.columns - whole, scale, biasGradient, Loss.self,
        Pass.self)
    }
  }
  return total
}

/// The last, partly filled lanes of a row: the padding gets no loss and a zero gradient.
private func lastLanes<Loss: LaneLoss, Pass: LossPass>(
  _ row: UnsafeMutablePointer<Float>, _ bias: UnsafePointer<Float>, _ image: UnsafeRawPointer,
  at j: Int, valid: Int, _ scale: Float, _ biasGradient: UnsafeMutablePointer<Float>,
  _: Loss.Type, _: Pass.Type
) -> Double {
  var sums = LossSums()
  let pixel = Pixels.unit(image.loadUnaligned(fromByteOffset: j, as: SIMD8<UInt8>.self))
  var gradient = Loss.add(row.lanes(at: j) + bias.lanes(at: j), pixel, to: &sums) * scale
  sums.linear += VectorMath.log(sums.product)
  var total = 0.0
  for lane in 0..<8 {
    if lane < valid { total += Double(sums.linear[lane]) } else { gradient[lane] = 0 }
  }
  if Pass.keepsGradient {
    row.store(gradient, at: j)
    biasGradient.store(biasGradient.lanes(at: j) + gradient, at: j)
  }
  return total
}
