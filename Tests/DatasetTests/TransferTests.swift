import Dataset
import TestSupport
import Testing

@Suite("Sending a dataset to a worker")
struct TransferTests {
  let sender: TemporaryFolder
  let receiver: TemporaryFolder
  let prepared: PreparedDataset
  let size: Int

  init() throws {
    sender = try TemporaryFolder()
    receiver = try TemporaryFolder()
    prepared = try prepareDataset(
      .digits(train: 30, test: 10), folders: sender.folders(), allowFetch: false
    ) { _ in }
    size = try DatasetSummary(prepared).bytes
  }

  private func send(
    to target: DatasetReceiver, corrupting corruptOffset: Int? = nil, chunk length: Int = 1000
  ) throws {
    while !target.isComplete {
      let offset = target.nextOffset
      var chunk = try readChunk(file: prepared.cacheFile, offset: offset, length: length)
      if let corruptOffset, offset == corruptOffset { chunk[0] ^= 1 }
      try target.accept(offset: offset, bytes: chunk)
    }
  }

  @Test("Chunks in order arrive as the same file", arguments: [1000, 262_144])
  func whole(chunk: Int) throws {
    let target = try DatasetReceiver(
      digest: prepared.digest, size: size, folders: receiver.folders())
    try send(to: target, chunk: chunk)
    let path = try target.finish()
    #expect(cachedFile(digest: prepared.digest, folders: receiver.folders()) == path)
    _ = try Dataset.open(cacheFile: path, name: "digits", verifyingDigest: true)
    #expect(receiver.cached == ["\(prepared.digest).idx4"])
  }

  @Test("One wrong bit is noticed and nothing is kept")
  func corrupt() throws {
    let target = try DatasetReceiver(
      digest: prepared.digest, size: size, folders: receiver.folders())
    try send(to: target, corrupting: 5000)
    #expect(datasetError { _ = try target.finish() }?.kind == .digestMismatch)
    #expect(receiver.cached == [])
  }

  @Test("A chunk out of order, repeated, empty or too long is refused")
  func unexpected() throws {
    let target = try DatasetReceiver(
      digest: prepared.digest, size: 100, folders: receiver.folders())
    try target.accept(offset: 0, bytes: [UInt8](repeating: 0, count: 40))
    for (offset, count) in [(0, 40), (60, 10), (40, 61), (40, 0), (-1, 1)] {
      let error = datasetError {
        try target.accept(offset: offset, bytes: [UInt8](repeating: 0, count: count))
      }
      #expect(error?.kind == .unexpectedChunk)
    }
    #expect(target.nextOffset == 40)
    #expect(datasetError { _ = try target.finish() }?.kind == .truncated)
  }

  @Test("A transfer that is given up leaves nothing")
  func abandoned() throws {
    do {
      let target = try DatasetReceiver(
        digest: prepared.digest, size: size, folders: receiver.folders())
      try target.accept(offset: 0, bytes: [1, 2, 3])
      #expect(receiver.cached.count == 1)
    }
    #expect(receiver.cached == [])
  }

  @Test(
    "A digest that is none, and a size no dataset has, are refused",
    arguments: [("../../etc/passwd", 100), (String(repeating: "A", count: 64), 100)])
  func announcement(digest: String, size: Int) {
    let error = datasetError {
      _ = try DatasetReceiver(digest: digest, size: size, folders: receiver.folders())
    }
    #expect(error?.kind == .unexpectedChunk)
    let tooLarge = datasetError {
      _ = try DatasetReceiver(
        digest: prepared.digest, size: Int.max, folders: receiver.folders())
    }
    #expect(tooLarge?.kind == .unexpectedChunk)
  }
}
