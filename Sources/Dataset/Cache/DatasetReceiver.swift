import Glibc

/// Receives a cache file from the coordinator in chunks, verifies it, and puts it into the cache.
///
/// Chunks come in order from offset zero. What fails or is dropped leaves nothing behind.
package final class DatasetReceiver {
  package let digest: String
  /// Bytes of the whole file, as announced.
  package let size: Int
  /// Where the next chunk must start.
  package private(set) var nextOffset = 0

  private var output: CacheFileWriter?

  package var isComplete: Bool { nextOffset == size }

  package init(digest: String, size: Int, folders: DataFolders) throws(DatasetError) {
    guard HexDigest.isValid(digest), (1...IDXLayout.maximumSize).contains(size) else {
      throw DatasetError(
        .unexpectedChunk, "receiving dataset \(digest)",
        problem: "a file of \(size) bytes was announced for it",
        advice: "check that coordinator and worker are of one version")
    }
    self.digest = digest
    self.size = size
    output = try CacheFileWriter(in: folders.cache)
  }

  /// Takes the next chunk; throws when it does not start at `nextOffset` or goes beyond `size`.
  package func accept(offset: Int, bytes: some Collection<UInt8>) throws(DatasetError) {
    guard output != nil, offset == nextOffset, !bytes.isEmpty, bytes.count <= size - offset else {
      throw DatasetError(
        .unexpectedChunk, "receiving dataset \(digest)",
        problem: "got \(bytes.count) bytes at \(offset) of \(size), expected them at \(nextOffset)",
        advice: "start the transfer again")
    }
    var failure: DatasetError?
    let taken: Void? = bytes.withContiguousStorageIfAvailable { buffer in
      do throws(DatasetError) { try output?.write(UnsafeRawBufferPointer(buffer)) } catch {
        failure = error
      }
    }
    if taken == nil { try output?.write(Array(bytes)) }
    if let failure { throw failure }
    nextOffset += bytes.count
  }

  /// Verifies the digest, makes the file durable, and returns its path in the cache.
  package func finish() throws(DatasetError) -> String {
    guard let file = output.take(), isComplete else {
      throw DatasetError(
        .truncated, "receiving dataset \(digest)",
        problem: "only \(nextOffset) of \(size) bytes have come", advice: "start it again")
    }
    let path = try file.commit(expecting: digest).path
    // A digest speaks for the bytes, not for their being a dataset.
    do throws(DatasetError) {
      _ = try Dataset.open(cacheFile: path, name: digest)
    } catch {
      unlink(path)
      throw error
    }
    return path
  }
}
