import Compute
package import Dataset

/// Measures a network on an image set, 1,000 images at a time.
///
/// Batches of a fixed size keep the bits independent of the training batch size. Every function
/// returns nil when `goOn`, asked after each batch, says to stop.
package final class Evaluator {
  package static let batchSize = 1_000

  let network: Network
  let images: ImageBatch
  let workspace: Workspace
  let noise: RandomStream

  /// - Parameter pixels: What the images are drawn from where they are binarised dynamically.
  package init(
    network: Network, form: InputForm, noise: RandomStream, binarization: Binarization = .none,
    pixels: RandomStream? = nil
  ) {
    self.network = network
    self.noise = noise
    images = ImageBatch(
      capacity: Self.batchSize, inputSize: network.layout.inputSize, form: form,
      withGradient: false)
    if let pixels { images.rule = PixelRule(binarization, pixels, z: 0) }
    workspace = Workspace(layout: network.layout, capacity: Self.batchSize, withGradient: false)
  }

  /// The mean losses over the first `count` images of `set`, z sampled where there is sampling, and
  /// where asked the reconstruction with z = μ.
  package func losses(
    of set: ImageSet, count: Int, atMean: Bool, goOn: () -> Bool
  ) -> (sampled: LossTerms, reconstructionAtMean: Double)? {
    var (reconstruction, kl, mean) = (0.0, 0.0, 0.0)
    let finished = forEachBatch(of: set, count: count, goOn: goOn) { first, latents in
      if network.logVar != nil {
        noise.fillNormal(latents.epsilon, firstRow: first, z: 0)
        kl += sampleLatents(latents)
        decode(network, codes: latents.z, workspace)
        reconstruction += reconstructionValue(network, images, workspace)
        guard atMean else { return }
        decode(network, codes: latents.mu, workspace)
        mean += reconstructionValue(network, images, workspace)
      } else {
        kl += quadraticPenalty(latents.mu)
        decode(network, codes: latents.mu, workspace)
        let value = reconstructionValue(network, images, workspace)
        reconstruction += value
        mean += value
      }
    }
    guard finished else { return nil }
    let n = Double(count)
    let terms = LossTerms(
      reconstruction: reconstruction / n, kl: kl / n,
      total: (reconstruction + network.settings.klWeight * kl) / n)
    return (terms, mean / n)
  }

  /// Encodes every batch and hands it over with the index of its first image.
  func forEachBatch(
    of set: ImageSet, count: Int, goOn: () -> Bool, _ body: (Int, LatentBatch) -> Void
  ) -> Bool {
    guard let pixels = set.pixels.baseAddress else { return true }
    for first in stride(from: 0, to: count, by: Self.batchSize) {
      let range = first..<min(first + Self.batchSize, count)
      images.load(pixels, range: range)
      encode(network, images, workspace)
      body(first, workspace.latents.prefix(range.count))
      guard goOn() else { return false }
    }
    return true
  }
}
