import Compute
package import Dataset

/// Sums over the test set that the latent statistics are made of, one entry per latent.
private struct LatentSums {
  var mu: [Double]
  var sigma2: [Double]
  var kl: [Double]

  init(_ count: Int) {
    mu = Array(repeating: 0, count: count)
    sigma2 = mu
    kl = mu
  }
}

extension Evaluator {
  /// What is measured once, on the whole test set: latent statistics and dead units (z = μ).
  package func latentsAndDeadUnits(
    of set: ImageSet, goOn: () -> Bool
  ) -> (latents: [LatentStatistics], deadUnits: [DeadUnits])? {
    let latentDim = network.layout.latentDim
    let n = Double(set.count)
    var sums = LatentSums(latentDim)
    var alive = LivingUnits(network.layout)
    guard
      forEachBatch(
        of: set, count: set.count, goOn: goOn,
        { _, latents in
          add(latents, to: &sums)
          decode(network, codes: latents.mu, workspace)
          alive.see(encoder: workspace.encoder, decoder: workspace.decoder, rows: images.count)
        })
    else { return nil }

    let means = sums.mu.map { $0 / n }
    var squares = Array(repeating: 0.0, count: latentDim)
    var atMean = 0.0
    var replaced = squares
    let column = Column(capacity: Self.batchSize)
    guard
      forEachBatch(
        of: set, count: set.count, goOn: goOn,
        { _, latents in
          decode(network, codes: latents.mu, workspace)
          atMean += reconstructionValue(network, images, workspace)
          for j in 0..<latentDim {
            squares[j] += squaredDistances(latents.mu, column: j, from: means[j])
            column.swap(latents.mu, j, with: Float(means[j])) {
              decode(network, codes: latents.mu, workspace)
            }
            replaced[j] += reconstructionValue(network, images, workspace)
          }
        })
    else { return nil }

    let statistics = (0..<latentDim).map { j in
      LatentStatistics(
        varMu: squares[j] / (n - 1), meanSigma2: network.logVar == nil ? nil : sums.sigma2[j] / n,
        kl: sums.kl[j] / n, gain: (replaced[j] - atMean) / n, meanMu: means[j])
    }
    return (statistics, alive.deadUnits)
  }

  private func add(_ latents: LatentBatch, to sums: inout LatentSums) {
    for i in 0..<latents.mu.rows {
      let mu = latents.mu.row(i)
      let logVar = latents.logVar.row(i)
      for first in stride(from: 0, to: latents.mu.columns, by: 8) {
        let m = mu.lanes(at: first)
        let l = logVar.lanes(at: first)
        let sigma = VectorMath.exp(0.5 * l)
        let sigma2 = sigma * sigma
        let kl = network.logVar == nil ? 0.5 * m * m : klTerm(mu: m, logVar: l, sigma: sigma)
        for lane in 0..<min(8, latents.mu.columns - first) {
          sums.mu[first + lane] += Double(m[lane])
          sums.sigma2[first + lane] += Double(sigma2[lane])
          sums.kl[first + lane] += Double(kl[lane])
        }
      }
    }
  }

  private func squaredDistances(_ matrix: Matrix, column: Int, from mean: Double) -> Double {
    var sum = 0.0
    for i in 0..<matrix.rows {
      let distance = Double(matrix.row(i)[column]) - mean
      sum += distance * distance
    }
    return sum
  }
}

/// Room to put a matrix column aside.
private final class Column {
  private var values: [Float]

  init(capacity: Int) { values = Array(repeating: 0, count: capacity) }

  /// Runs `body` with column `j` of `matrix` set to `constant`, then puts the column back.
  func swap(_ matrix: Matrix, _ j: Int, with constant: Float, _ body: () -> Void) {
    for i in 0..<matrix.rows {
      values[i] = matrix.row(i)[j]
      matrix.row(i)[j] = constant
    }
    body()
    for i in 0..<matrix.rows { matrix.row(i)[j] = values[i] }
  }
}

/// Which hidden units were ever different from zero.
private struct LivingUnits {
  private var names: [String]
  private var alive: [[Bool]]
  private let depth: Int

  init(_ layout: ParameterLayout) {
    let layers = layout.encoder + layout.decoder
    names = layers.map(\.name)
    alive = layers.map { Array(repeating: false, count: $0.outputs) }
    depth = layout.encoder.count
  }

  mutating func see(encoder: [Matrix], decoder: [Matrix], rows: Int) {
    for (index, outputs) in (encoder + decoder).enumerated() {
      for i in 0..<rows {
        let row = outputs.row(i)
        for unit in 0..<outputs.columns where row[unit] != 0 { alive[index][unit] = true }
      }
    }
  }

  var deadUnits: [DeadUnits] {
    zip(names, alive).map { name, alive in
      DeadUnits(layer: name, count: alive.count { !$0 })
    }
  }
}
