package import Platform

/// A dataset as a worker hands it to its trainers: a copy in memory that nobody can change, verified
/// when it was made and shared by all of them.
///
/// Where there is no memory for it, trainers map the cache file and verify it themselves, run by run.
package final class SharedDataset {
  package let digest: String
  /// The cache file it was made from, which other files lie beside.
  package let cacheFile: String
  /// nil where the cache file is to be mapped.
  package let memory: SealedMemory?
  /// Why there is no copy in memory.
  package let refusal: Platform.SystemError?

  /// Copies a cache file and verifies the copy; without memory for it, verifies the file.
  ///
  /// Takes about 0.2 s for MNIST.
  package init(cacheFile: String) throws(DatasetError) {
    self.cacheFile = cacheFile
    let copied: SealedMemory
    do throws(Platform.SystemError) {
      copied = try SealedMemory(copying: cacheFile)
    } catch {
      memory = nil
      refusal = error
      digest = try Dataset.open(cacheFile: cacheFile, name: "", verifyingDigest: true).digest
      return
    }
    memory = copied
    refusal = nil
    digest =
      try Dataset.open(sealed: copied, cacheFile: cacheFile, name: "", verifyingDigest: true).digest
  }
}
