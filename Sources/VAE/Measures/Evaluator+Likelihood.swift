import Compute
package import Dataset

extension Evaluator {
  /// Images between two questions whether to go on.
  private static let imagesPerQuestion = 16

  /// The likelihood of the images of `set`; nil without sampling, and when stopped.
  ///
  /// - Parameter stream: The draws for the bound, addressed by (draw, latent / 4, image); the same for
  ///   every run.
  package func likelihood(
    of set: ImageSet, _ effort: Likelihood.Effort, from stream: RandomStream, goOn: () -> Bool
  ) -> Likelihood? {
    guard network.logVar != nil else { return nil }
    let count = min(effort.images ?? set.count, set.count)
    guard let bounds = importanceBounds(of: set, count: count, effort.draws, stream, goOn) else {
      return nil
    }
    var information: Double?
    if network.layout.latentDim <= Gaussian.largestDimension {
      information = mutualInformation(of: set, goOn)
      guard information != nil else { return nil }
    }
    return Likelihood(
      bound: bounds.whole / Double(count),
      boundError: jackknifeError(bounds.withoutFifth.map { $0 / Double(count) }),
      mutualInformation: information, draws: effort.draws, images: count)
  }

  /// Sums over the images of the bound by all draws, and by those without each fifth of them.
  private func importanceBounds(
    of set: ImageSet, count: Int, _ draws: Int, _ stream: RandomStream, _ goOn: () -> Bool
  ) -> (whole: Double, withoutFifth: [Double])? {
    guard let pixels = set.pixels.baseAddress else { return nil }
    var whole = 0.0
    let parts = Likelihood.Effort.parts
    let part = draws / parts
    var withoutFifth = [Double](repeating: 0, count: parts)
    var logWeights = [Double](repeating: 0, count: draws)
    for first in stride(from: 0, to: count, by: Self.batchSize) {
      let range = first..<min(first + Self.batchSize, count)
      images.load(pixels, range: range)
      encode(network, images, workspace)
      for row in 0..<range.count {
        guard row % Self.imagesPerQuestion != 0 || goOn() else { return nil }
        weigh(row, of: first + row, &logWeights, stream)
        whole -= logMeanExp(logWeights[...])
        let fifths = (0..<parts).map { logMeanExp(logWeights[($0 * part)..<(($0 + 1) * part)]) }
        for fifth in fifths.indices {
          let others = fifths.indices.filter { $0 != fifth }.map { fifths[$0] }
          withoutFifth[fifth] -= logMeanExp(others[...])
        }
      }
    }
    return (whole, withoutFifth)
  }

  /// log p(x|z_s) + log p(z_s) − log q(z_s|x) for every draw, of the image in a row of the batch.
  private func weigh(
    _ row: Int, of image: Int, _ logWeights: inout [Double], _ stream: RandomStream
  ) {
    let (latents, output) = (workspace.latents, network.output)
    let (mu, logVar) = (latents.mu.row(row), latents.logVar.row(row))
    let source = UnsafePointer(images.pixels + row * images.stride)
    for start in stride(from: 0, to: logWeights.count, by: Self.batchSize) {
      let rows = min(Self.batchSize, logWeights.count - start)
      let (epsilon, z) = (latents.epsilon.prefix(rows), latents.z.prefix(rows))
      stream.fillNormal(epsilon, firstRow: start, z: UInt32(truncatingIfNeeded: image))
      for i in 0..<rows {
        logWeights[start + i] = draw(epsilon.row(i), into: z.row(i), mu, logVar)
      }
      decode(network, codes: z, workspace)
      for i in 0..<rows {
        let logits = Matrix(
          workspace.logits.row(i), rows: 1, columns: workspace.logits.columns)
        logWeights[start + i] -= rowLoss(logits, bias: output.bias, pixels: source)
      }
    }
  }

  /// z ← μ + σ·ε; returns log p(z) − log q(z|x) = Σ_j ½ (ε² − z²) + log σ_j.
  private func draw(
    _ epsilon: UnsafeMutablePointer<Float>, into z: UnsafeMutablePointer<Float>,
    _ mu: UnsafeMutablePointer<Float>, _ logVar: UnsafeMutablePointer<Float>
  ) -> Double {
    var sum = 0.0
    for first in stride(from: 0, to: network.layout.latentDim, by: 8) {
      let (noise, variance) = (epsilon.lanes(at: first), logVar.lanes(at: first))
      let code = mu.lanes(at: first).addingProduct(VectorMath.exp(0.5 * variance), noise)
      z.store(code, at: first)
      for lane in 0..<min(8, network.layout.latentDim - first) {
        let (e, c) = (Double(noise[lane]), Double(code[lane]))
        sum += 0.5 * (e * e - c * c + Double(variance[lane]))
      }
    }
    return sum
  }

  private func rowLoss(
    _ logits: Matrix, bias: UnsafeMutablePointer<Float>, pixels: UnsafePointer<UInt8>
  ) -> Double {
    switch network.settings.loss {
    case .bce:
      reconstructionPass(
        logits, bias: bias, pixels: pixels, scale: 1, biasGradient: bias, BernoulliLoss.self,
        ValuePass.self)
    case .mse:
      reconstructionPass(
        logits, bias: bias, pixels: pixels, scale: 1, biasGradient: bias, SquaredErrorLoss.self,
        ValuePass.self)
    }
  }

  /// E_x KL(q(z|x) ‖ p) less KL(q(z) ‖ p), the latter at one draw from each image's posterior.
  private func mutualInformation(of set: ImageSet, _ goOn: () -> Bool) -> Double? {
    let aggregate = AggregatePosterior(capacity: set.count, latentDim: network.layout.latentDim)
    var divergence = 0.0
    let finished = forEachBatch(of: set, count: set.count, goOn: goOn) { first, latents in
      noise.fillNormal(latents.epsilon, firstRow: first, z: 0)
      divergence += sampleLatents(latents)
      aggregate.append(latents)
    }
    guard finished, let other = aggregate.divergence(goOn) else { return nil }
    return divergence / Double(set.count) - other
  }
}

/// The standard error of an estimate by what it is without each of n equal parts of its data (Tukey 1958):
/// √((n − 1)/n Σ (θ₍ᵢ₎ − mean)²).
///
/// The parts by themselves, over √n, tell too little where the error falls more slowly than by 1/√S, as
/// that of a logarithm of few heavy weights does.
private func jackknifeError(_ withoutPart: [Double]) -> Double {
  let count = Double(withoutPart.count)
  let mean = withoutPart.reduce(0, +) / count
  let squares = withoutPart.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return Scalar.sqrt(squares * (count - 1) / count)
}

/// log 1/n Σ e^v, without overflow.
func logMeanExp(_ values: ArraySlice<Double>) -> Double {
  let largest = values.max() ?? 0
  guard largest.isFinite else { return largest }
  let sum = values.reduce(0) { $0 + Scalar.exp($1 - largest) }
  return largest + Scalar.log(sum / Double(values.count))
}
