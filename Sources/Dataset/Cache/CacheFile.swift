import Glibc

/// The cache's file for one dataset: the four decompressed IDX files one after the other, so that
/// the SHA-256 of the file is the dataset digest, named `<digest>.idx4`.
package enum CacheFile {
  static let suffix = ".idx4"

  package static func name(digest: String) -> String { digest + suffix }

  /// The digest a cache file's name carries, or nil when it is not named as one.
  package static func digest(ofPath path: String) -> String? {
    let name = lastComponent(path)
    guard name.hasSuffix(suffix) else { return nil }
    let digest = name.dropLast(suffix.count)
    return HexDigest.isValid(digest) ? String(digest) : nil
  }

  /// Decompresses, checks, hashes and writes the four files to `folder`.
  ///
  /// - Returns: The digest.
  static func write(files: IDXPaths, to folder: String) throws(DatasetError) -> String {
    var output = try CacheFileWriter(in: folder)
    var headers: [IDXHeader] = []
    for file in IDXFile.allCases {
      let path = files[file]
      let header = try file.read(path) { piece throws(DatasetError) in
        try output.write(piece)
      }
      headers.append(header)
      try IDXHeader.requireAgreement(headers, path: path)
    }
    return try output.commit().digest
  }
}

/// The path of the cache file of a dataset if this machine has it already, complete.
///
/// Where the cache lacks it, MNIST and Fashion-MNIST are looked for in `--data` and
/// `$VAESWEEP_DATA`, and read into the cache if they are what is wanted, which takes a second or
/// two the first time. Nothing is downloaded.
///
/// - Parameter verifying: Whether to hash the file (0.1 s for MNIST); a damaged one is removed and
///   counts as absent.
package func cachedFile(
  digest: String, folders: DataFolders, verifying: Bool = false
) -> String? {
  guard HexDigest.isValid(digest) else { return nil }
  let path = "\(folders.cache)/\(CacheFile.name(digest: digest))"
  do throws(DatasetError) {
    _ = try Dataset.open(cacheFile: path, name: digest, verifyingDigest: verifying)
    return path
  } catch {
    if verifying, error.kind != .missing, error.kind != .unreadable { unlink(path) }
  }
  for name in [DatasetName.mnist, .fashionMNIST] {
    // What is not on this host is not it.
    let prepared = try? prepareDataset(
      name, folders: folders, allowFetch: false, verifying: verifying
    ) { _ in }
    if let prepared, prepared.digest == digest { return prepared.cacheFile }
  }
  return nil
}

/// Up to `length` bytes of a file from `offset` on; fewer only at its end.
///
/// Serves a dataset to workers that lack it.
package func readChunk(
  file path: String, offset: Int, length: Int
) throws(DatasetError) -> [UInt8] {
  guard offset >= 0, (0...(1 << 20)).contains(length) else {
    throw DatasetError(
      .unexpectedChunk, "reading \(path)", problem: "no chunk of \(length) bytes at \(offset)",
      advice: "ask for at most 1 MiB within the file")
  }
  do throws(SystemError) {
    let file = try FileDescriptor(opening: path, O_RDONLY)
    var failure: SystemError?
    let chunk = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
      count = 0
      while count < length, let base = buffer.baseAddress {
        do throws(SystemError) {
          let got = try systemCall {
            pread(file.number, base + count, length - count, offset + count)
          }
          if got == 0 { return }
          count += got
        } catch {
          failure = error
          return
        }
      }
    }
    if let failure { throw failure }
    return chunk
  } catch {
    throw DatasetError(
      error.code == ENOENT ? .missing : .unreadable, "reading \(path)", problem: error.reason,
      advice: "check that the dataset cache is intact")
  }
}
