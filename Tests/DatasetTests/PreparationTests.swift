import Dataset
import TestSupport
import Testing

@Suite("Preparing a dataset")
struct PreparationTests {
  @Test("Real MNIST has its known digest and counts, and opens in place", Requirement.mnist)
  func mnist() throws {
    let temporary = try TemporaryFolder()
    let folders = temporary.folders(explicit: MNIST.folder)
    let prepared = try prepareDataset(.mnist, folders: folders, allowFetch: false) { _ in }
    #expect(prepared.digest == MNIST.digest)
    #expect(prepared.trainCount == 60_000)
    #expect(prepared.testCount == 10_000)
    let dataset = try Dataset.open(
      cacheFile: prepared.cacheFile, name: "mnist", verifyingDigest: true)
    #expect(Array(dataset.train.labels.prefix(5)) == [5, 0, 4, 1, 9])
    #expect(Array(dataset.test.labels.prefix(5)) == [7, 2, 1, 0, 4])
    let summary = try DatasetSummary(prepared)
    #expect(summary.train.classCounts[1] == 6742)
    #expect(abs(summary.train.meanPixel - 0.1307) < 1e-4)
    #expect(abs(summary.train.density - 0.191) < 1e-3)
  }
}
