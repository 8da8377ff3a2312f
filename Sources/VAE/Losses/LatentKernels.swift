package import Compute

// The latent layer: z = μ + σ·ε with σ² = e^logVar, and the divergence from N(0, I) per image,
//   KL = ½ Σ (μ² + σ² − logVar − 1)            (Kingma & Welling 2014, appendix B)
// Without sampling z = μ and the penalty is ½ Σ μ². Padding lanes hold μ = logVar = 0 and add 0.

/// The rows of one batch at the latent layer, each rows × latents.
package struct LatentBatch {
  package var mu: Matrix
  package var logVar: Matrix
  package var sigma: Matrix
  package var epsilon: Matrix
  package var z: Matrix
}

/// sigma and z from mu, logVar and epsilon; returns the KL divergence summed over the batch.
func sampleLatents(_ latents: LatentBatch) -> Double {
  var total = 0.0
  for i in 0..<latents.mu.rows {
    var divergence = Lanes(repeating: 0)
    var j = 0
    while j < latents.mu.paddedColumns {
      let mu = latents.mu.row(i).lanes(at: j)
      let logVar = latents.logVar.row(i).lanes(at: j)
      let sigma = VectorMath.exp(0.5 * logVar)
      latents.sigma.row(i).store(sigma, at: j)
      latents.z.row(i).store(
        mu.addingProduct(sigma, latents.epsilon.row(i).lanes(at: j)), at: j)
      divergence += klTerm(mu: mu, logVar: logVar, sigma: sigma)
      j += 8
    }
    total += divergence.doubleSum
  }
  return total
}

/// ½ (μ² + σ² − logVar − 1).
@inline(__always)
func klTerm(mu: Lanes, logVar: Lanes, sigma: Lanes) -> Lanes {
  0.5 * (mu * mu + ((sigma * sigma - 1) - logVar))
}

/// ½ Σ μ² over the batch.
func quadraticPenalty(_ mu: Matrix) -> Double {
  var total = 0.0
  for i in 0..<mu.rows {
    var sum = Lanes(repeating: 0)
    var j = 0
    while j < mu.paddedColumns {
      let value = mu.row(i).lanes(at: j)
      sum.addProduct(0.5 * value, value)
      j += 8
    }
    total += sum.doubleSum
  }
  return total
}

/// `weights`, one row: of each latent the weight of its divergence in the gradient of one image's loss,
/// w / batch size, and 0 where its mean over the batch is at most `freeBits`.
func fillKLWeights(
  _ weights: Matrix, _ objective: KLObjective, _ latents: LatentBatch, sampling: Bool
) {
  let count = latents.mu.rows
  let full = Lanes(repeating: Float(objective.weight / Double(count)))
  let least = Float(objective.freeBits)
  var j = 0
  while j < weights.paddedColumns {
    var weight = full
    if objective.freeBits > 0 {
      var sum = Lanes(repeating: 0)
      for i in 0..<count {
        let mu = latents.mu.row(i).lanes(at: j)
        sum +=
          sampling
          ? klTerm(
            mu: mu, logVar: latents.logVar.row(i).lanes(at: j),
            sigma: latents.sigma.row(i).lanes(at: j))
          : 0.5 * mu * mu
      }
      weight.replace(with: 0, where: sum / Float(count) .<= least)
    }
    weights.row(0).store(weight, at: j)
    j += 8
  }
}

/// Backward of `sampleLatents`: from dz to dμ (in place of dz) and dLogVar.
///
/// dμ_j = dz_j + w_j·μ_j, dLogVar_j = ½ (dz_j·σ_j·ε_j + w_j·(σ_j² − 1)), w of `fillKLWeights`.
func backpropagateSampling(
  _ latents: LatentBatch, dz: Matrix, dLogVar: Matrix, weights: Matrix
) {
  for i in 0..<dz.rows {
    var j = 0
    while j < dz.paddedColumns {
      let weight = weights.row(0).lanes(at: j)
      let sigma = latents.sigma.row(i).lanes(at: j)
      let gradient = dz.row(i).lanes(at: j)
      let byNoise = gradient * sigma * latents.epsilon.row(i).lanes(at: j)
      dLogVar.row(i).store(0.5 * byNoise.addingProduct(weight, sigma * sigma - 1), at: j)
      dz.row(i).store(gradient.addingProduct(weight, latents.mu.row(i).lanes(at: j)), at: j)
      j += 8
    }
  }
}

/// Backward of `quadraticPenalty` with z = μ: dμ_j = dz_j + w_j·μ_j, in place of dz.
func backpropagatePenalty(mu: Matrix, dz: Matrix, weights: Matrix) {
  for i in 0..<dz.rows {
    var j = 0
    while j < dz.paddedColumns {
      let weight = weights.row(0).lanes(at: j)
      let gradient = dz.row(i).lanes(at: j)
      dz.row(i).store(gradient.addingProduct(weight, mu.row(i).lanes(at: j)), at: j)
      j += 8
    }
  }
}
