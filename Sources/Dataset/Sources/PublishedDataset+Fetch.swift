import Glibc

extension PublishedDataset {
  /// Downloads what is not there yet into `folders.downloads`.
  ///
  /// A file gets its name only after its checksum has matched.
  ///
  /// `$VAESWEEP_MIRROR` replaces the published addresses: `$VAESWEEP_MIRROR/<dataset>/<file>.gz` is
  /// tried, then `$VAESWEEP_MIRROR/<file>.gz`.
  func fetch(folders: DataFolders, log: (String) -> Void) throws(DatasetError) {
    let folder = folders.downloads(of: name)
    var bases = mirrors
    if let mirror = folders.value("VAESWEEP_MIRROR") { bases = ["\(mirror)/\(name)", mirror] }
    for file in IDXFile.allCases {
      let archive = "\(file.name).gz"
      if access("\(folder)/\(archive)", F_OK) == 0 { continue }
      var failures: [String] = []
      var isDone = false
      // A mirror that failed is not asked again: offline, a fetch ends after one file.
      for base in bases where !isDone {
        log("fetching \(base)/\(archive)")
        do throws(DatasetError) {
          try fetch(file, from: "\(base)/\(archive)", to: folder, named: archive)
          bases = [base]
          isDone = true
        } catch {
          if error.kind != .unavailable { throw error }
          failures.append("\(base): \(error.problem)")
        }
      }
      if !isDone {
        throw DatasetError(
          .unavailable, "fetching \(name)", problem: failures.joined(separator: "; "),
          advice: "connect to the network, set VAESWEEP_MIRROR, give --data DIR, "
            + "or use 'dataset: digits'")
      }
    }
  }

  private func fetch(
    _ file: IDXFile, from url: String, to folder: String, named name: String
  ) throws(DatasetError) {
    let target = try AtomicFile(in: folder)
    try Curl.download(url, to: target.path)
    let actual = try checksum(of: file, at: target.path)
    guard actual == checksums[file.rawValue] else {
      throw DatasetError(
        .digestMismatch, "fetching \(url)",
        problem: "it has \(actual), expected \(checksums[file.rawValue]); nothing was kept",
        advice: "try again, or set VAESWEEP_MIRROR to another address")
    }
    _ = try target.commit(as: name)
  }

  /// The checksum of a downloaded file, of the kind that is known for it.
  private func checksum(of file: IDXFile, at path: String) throws(DatasetError) -> Checksum {
    var hash = HexDigest()
    switch checksums[file.rawValue] {
    case .content:
      _ = try file.read(path) { piece in hash.update(piece) }
      return .content(hash.finish())
    case .archive:
      let mapped = try MappedFile(path)
      hash.update(UnsafeRawBufferPointer(mapped.bytes))
      return .archive(hash.finish())
    }
  }
}

extension PublishedDataset.Checksum: CustomStringConvertible {
  var description: String {
    switch self {
    case .content(let digest): "SHA-256 \(digest) when decompressed"
    case .archive(let digest): "SHA-256 \(digest)"
    }
  }
}
