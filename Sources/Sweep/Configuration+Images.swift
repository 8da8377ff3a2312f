package import VAE

extension Configuration {
  /// Training images that were seen after a number of optimiser steps.
  ///
  /// - Parameter trainImages: Training images of the dataset; nil where nobody knows, and every batch is
  ///   taken for a full one.
  package func images(afterSteps steps: Int, of trainImages: Int?) -> Int {
    // Bounded, whatever a file or a peer claims.
    let most = trainImages ?? 1 << 32
    guard trainImages != nil || limit != nil, most > 0 else {
      return max(0, min(steps, 1 << 32)) * batchSize
    }
    let (images, stepsPerEpoch) = epoch(of: most)
    let done = max(0, min(steps, epochs * stepsPerEpoch))
    // The last batch of an epoch is short.
    return done / stepsPerEpoch * images + min(done % stepsPerEpoch * batchSize, images)
  }

  /// Optimiser steps of a whole run; nil where nobody knows how many training images there are.
  package func steps(of trainImages: Int?) -> Int? {
    guard let trainImages, trainImages > 0 else { return nil }
    return epochs * epoch(of: trainImages).steps
  }

  /// Images of an epoch, of so many in the dataset, and its optimiser steps.
  private func epoch(of trainImages: Int) -> (images: Int, steps: Int) {
    let images = max(1, min(limit ?? trainImages, trainImages))
    return (images, (images + batchSize - 1) / batchSize)
  }
}
