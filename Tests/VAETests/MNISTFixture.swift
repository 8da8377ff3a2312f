import Dataset
import TestSupport

/// Real MNIST for tests that carry `Requirement.mnist`.
enum MNISTFixture {
  /// Unpacked into a folder of its own, which the mapped dataset outlives.
  static func load() throws -> Dataset {
    let temporary = try TemporaryFolder()
    let folders = DataFolders(
      explicit: MNIST.folder, environment: ["XDG_CACHE_HOME": temporary.path])
    return try prepareDataset(.mnist, folders: folders, allowFetch: false) { _ in }.open()
  }
}
