internal import Dataset
internal import Platform
import Sweep
import VAE
import Wire

/// What a trainer process trains on: the worker's copy in memory, if it was given one, else the cache
/// file, verified when it is mapped.
struct TrainerDataset {
  private let sealedDigest: String?
  private var opened: Dataset?

  /// - Parameter sealedDigest: The digest of what the worker has verified and sealed, and given this
  ///   process as descriptor 3; nil where it has given nothing.
  init(sealedDigest: String?) { self.sealedDigest = sealedDigest }

  /// The dataset of an order; it stays open for the next one.
  mutating func open(for order: TrainerOrder) throws -> Dataset {
    let digest = order.datasetDigest
    if let opened, opened.digest == digest.hex { return opened }
    let dataset =
      if sealedDigest == digest.hex {
        try Dataset.open(
          sealed: SealedMemory(inherited: TrainerProcess.datasetDescriptor),
          cacheFile: order.datasetFile, name: digest.short, verifyingDigest: false)
      } else {
        try Dataset.open(
          cacheFile: order.datasetFile, name: digest.short, verifyingDigest: true)
      }
    opened = dataset
    return dataset
  }
}
