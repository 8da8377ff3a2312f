import Dataset
import Foundation
import Platform
import TestSupport
import Testing

@Suite("A dataset that nobody may change")
struct UnchangingTests {
  private let folder: TemporaryFolder
  private let prepared: PreparedDataset

  init() throws {
    folder = try TemporaryFolder()
    prepared = try prepareDataset(
      .digits(train: 30, test: 10), folders: folder.folders(), allowFetch: false
    ) { _ in }
  }

  private func overwrite(at offset: UInt64 = 2000) throws {
    let file = try #require(FileHandle(forUpdatingAtPath: prepared.cacheFile))
    try file.seek(toOffset: offset)
    try file.write(contentsOf: Data(repeating: 77, count: 1000))
    try file.close()
  }

  private func sum(_ dataset: Dataset) -> Int { dataset.train.pixels.reduce(0) { $0 + Int($1) } }

  @Test("shows the same bytes whatever becomes of its cache file")
  func copy() throws {
    let dataset = try prepared.open()
    let before = sum(dataset)
    try overwrite()
    #expect(sum(dataset) == before)
    try dataset.requireUnchanged()
    try FileManager.default.removeItem(atPath: prepared.cacheFile)
    #expect(sum(dataset) == before)
    #expect(dataset.cacheFile == prepared.cacheFile)
  }

  @Test("is not opened from a cache file that was changed")
  func changedBefore() throws {
    try overwrite()
    #expect(datasetError { _ = try prepared.open() }?.kind == .digestMismatch)
    #expect(
      datasetError { _ = try SharedDataset(cacheFile: prepared.cacheFile) }?.kind
        == .digestMismatch)
  }

  @Test("is shared by its descriptor, with the digest that was verified")
  func shared() throws {
    let shared = try SharedDataset(cacheFile: prepared.cacheFile)
    #expect(shared.digest == prepared.digest)
    let memory = try #require(shared.memory)
    try FileManager.default.removeItem(atPath: prepared.cacheFile)
    let dataset = try Dataset.open(
      sealed: SealedMemory(inherited: dup(memory.descriptor)), cacheFile: prepared.cacheFile,
      name: "digits", verifyingDigest: true)
    #expect(dataset.train.count == 30)
  }

  @Test(
    "where it is only mapped, a change shows at the next look", arguments: ["written", "shortened"])
  func mapped(how: String) throws {
    let dataset = try Dataset.open(
      cacheFile: prepared.cacheFile, name: "digits", verifyingDigest: true)
    try dataset.requireUnchanged()
    if how == "written" {
      try overwrite()
    } else {
      truncate(prepared.cacheFile, 100)
    }
    #expect(datasetError { try dataset.requireUnchanged() }?.kind == .digestMismatch)
  }

  @Test("where it is only mapped, another file in its place changes nothing")
  func replaced() throws {
    let dataset = try Dataset.open(
      cacheFile: prepared.cacheFile, name: "digits", verifyingDigest: true)
    try folder.write([1, 2, 3], to: "other")
    rename(folder["other"], prepared.cacheFile)
    try dataset.requireUnchanged()
  }
}
