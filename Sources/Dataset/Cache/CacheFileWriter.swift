/// Writes a cache file of any origin: hashes what it writes, and names the file by the hash.
struct CacheFileWriter: ~Copyable {
  private let file: AtomicFile
  private var hash = HexDigest()

  init(in folder: String) throws(DatasetError) { file = try AtomicFile(in: folder) }

  mutating func write(_ bytes: UnsafeRawBufferPointer) throws(DatasetError) {
    hash.update(bytes)
    try file.write(bytes)
  }

  mutating func write(_ bytes: [UInt8]) throws(DatasetError) {
    hash.update(bytes)
    try file.write(bytes)
  }

  /// Ends the file and puts it into the folder.
  ///
  /// - Parameter expected: The digest it must have, or nil when it is not known beforehand.
  consuming func commit(
    expecting expected: String? = nil
  ) throws(DatasetError) -> (digest: String, path: String) {
    let digest = hash.finish()
    if let expected, expected != digest {
      throw DatasetError(
        .digestMismatch, "receiving dataset \(expected)",
        problem: "what came has SHA-256 \(digest)", advice: "start the transfer again")
    }
    return (digest, try file.commit(as: CacheFile.name(digest: digest)))
  }
}
