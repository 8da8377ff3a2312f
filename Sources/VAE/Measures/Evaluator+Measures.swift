import Compute
package import Dataset

// What the study measures a network by. Every function returns nil when `goOn` says to stop.

extension Evaluator {
  /// Codes of the first `count` images: z with the evaluation noise, or μ without sampling.
  func codes(of set: ImageSet, count: Int, goOn: () -> Bool) -> PointCloud? {
    let points = PointCloud(count: count, dimension: network.layout.latentDim)
    let finished = forEachBatch(of: set, count: count, goOn: goOn) { first, latents in
      if network.logVar != nil {
        noise.fillNormal(latents.epsilon, firstRow: first, z: 0)
        _ = sampleLatents(latents)
        points.set(latents.z, from: first)
      } else {
        points.set(latents.mu, from: first)
      }
    }
    return finished ? points : nil
  }

  /// Mean and covariance of μ over the first `count` images.
  func momentsOfMu(of set: ImageSet, count: Int, goOn: () -> Bool) -> Moments? {
    var moments = Moments(dimension: network.layout.latentDim)
    let finished = forEachBatch(of: set, count: count, goOn: goOn) { _, latents in
      moments.add(latents.mu)
    }
    return finished ? moments : nil
  }

  /// Median over the images of r = (Πⱼ σⱼ²)^(1/2d); with sampling only.
  func medianRadius(of set: ImageSet, goOn: () -> Bool) -> Double? {
    guard network.logVar != nil else { return nil }
    let d = network.layout.latentDim
    var logarithms: [Double] = []
    logarithms.reserveCapacity(set.count)
    let finished = forEachBatch(of: set, count: set.count, goOn: goOn) { _, latents in
      for i in 0..<latents.logVar.rows {
        let row = latents.logVar.row(i)
        var sum = 0.0
        for j in 0..<d { sum += Double(row[j]) }
        logarithms.append(sum / Double(2 * d))
      }
    }
    guard finished, !logarithms.isEmpty, logarithms.allSatisfy(\.isFinite) else { return nil }
    logarithms.sort()
    let middle = logarithms.count / 2
    let upper = Scalar.exp(logarithms[middle])
    guard logarithms.count % 2 == 0 else { return upper }
    return (Scalar.exp(logarithms[middle - 1]) + upper) / 2
  }

  /// Density and coverage of as many decoded draws as there are test images in `reference`: from
  /// N(0, I), or from `gaussian`.
  func generation(
    from gaussian: Gaussian?, _ prior: RandomStream, against reference: ImageReference,
    goOn: () -> Bool
  ) -> (density: Double, coverage: Double)? {
    let made = PointRows(count: reference.real.count, dimension: reference.components)
    for first in stride(from: 0, to: made.count, by: Self.batchSize) {
      let rows = min(Self.batchSize, made.count - first)
      let codes = workspace.latents.z.prefix(rows)
      prior.fillNormal(codes, firstRow: first, z: 0)
      gaussian?.colour(codes)
      decode(network, codes: codes, workspace)
      let images = decodedImages(rows: rows)
      reference.centre(images)
      reference.project(images, into: made, from: first, workspace.products)
      guard goOn() else { return nil }
    }
    return densityAndCoverage(
      of: made, real: reference.real, squaredRadii: reference.squaredRadii,
      k: ImageReference.neighbours, workspace.products, goOn: goOn)
  }

  /// The decoded images in the first rows of the workspace, 1 / (1 + e^−logit), in place of the
  /// logits; both losses read the decoder's output so.
  func decodedImages(rows: Int) -> Matrix {
    let images = workspace.logits.prefix(rows)
    for i in 0..<rows {
      let row = images.row(i)
      var k = 0
      while k < images.columns {
        row.store(
          VectorMath.sigmoid(row.lanes(at: k) + network.output.bias.lanes(at: k)), at: k)
        k += 8
      }
    }
    return images
  }
}

/// Takes the measures of a trained network that need no history.
package struct StudyMeasurement {
  let evaluator: Evaluator
  let dataset: Dataset
  /// The training images that were used.
  let trainCount: Int
  /// Draws from N(0, I), addressed by (draw, latent / 4, 0): the same for all runs.
  let prior: RandomStream

  package init(evaluator: Evaluator, dataset: Dataset, trainCount: Int, prior: RandomStream) {
    self.evaluator = evaluator
    self.dataset = dataset
    self.trainCount = trainCount
    self.prior = prior
  }

  /// nil when stopped.
  package func measures(goOn: () -> Bool) -> StudyMeasures? {
    var stopped = false
    func goesOn() -> Bool {
      if !stopped, !goOn() { stopped = true }
      return !stopped
    }
    var study = StudyMeasures()
    measureCoverage(&study, goesOn)
    measureGeneration(&study, goesOn)
    return stopped ? nil : study
  }

  /// A pass over 10,000 × 10,000 pairs: 0.03 s for two latents, 0.13 s for sixteen, out of proportion
  /// for thousands.
  private func measureCoverage(_ study: inout StudyMeasures, _ goOn: () -> Bool) {
    guard evaluator.network.layout.latentDim <= Gaussian.largestDimension else { return }
    let count = min(ImageReference.maxImages, dataset.test.count)
    guard let codes = evaluator.codes(of: dataset.test, count: count, goOn: goOn) else { return }
    study[.coverage] = codes.energyDistanceToNormal
    guard goOn(), let own = codes.gaussian else { return }
    own.whiten(codes)
    study[.coverageWhitened] = codes.energyDistanceToNormal
    _ = goOn()
  }

  private func measureGeneration(_ study: inout StudyMeasures, _ goOn: () -> Bool) {
    let products = evaluator.workspace.products
    guard let reference = ImageReference.of(dataset, products, goOn: goOn) else { return }
    let measured = evaluator.generation(from: nil, prior, against: reference, goOn: goOn)
    study[.generationDensity] = measured?.density
    study[.generationCoverage] = measured?.coverage
    guard evaluator.network.logVar == nil,
      evaluator.network.layout.latentDim <= Gaussian.largestDimension,
      let moments = evaluator.momentsOfMu(of: dataset.train, count: trainCount, goOn: goOn),
      let gaussian = moments.gaussian
    else { return }
    let fitted = evaluator.generation(from: gaussian, prior, against: reference, goOn: goOn)
    study[.generationDensityFitted] = fitted?.density
    study[.generationCoverageFitted] = fitted?.coverage
  }
}
