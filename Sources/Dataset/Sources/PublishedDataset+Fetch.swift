import Glibc

extension PublishedDataset {
  /// Downloads into `folders.downloads` what is not there yet, or is damaged.
  ///
  /// A file gets its name only after its checksum has matched; a source that gives anything else is
  /// followed by the next.
  ///
  /// `$VAESWEEP_MIRROR` replaces the published addresses: `$VAESWEEP_MIRROR/<dataset>/<file>.gz` is
  /// tried, then `$VAESWEEP_MIRROR/<file>.gz`.
  ///
  /// - Parameter earlier: What was wrong with the folders that were asked before.
  func fetch(
    folders: DataFolders, after earlier: SourceFailures, log: (String) -> Void
  ) throws(DatasetError) -> IDXPaths {
    let folder = folders.downloads(of: name)
    var bases = mirrors
    if let mirror = folders.value("VAESWEEP_MIRROR") { bases = ["\(mirror)/\(name)", mirror] }
    var paths: [String] = []
    for file in IDXFile.allCases {
      let archive = "\(file.name).gz"
      let path = "\(folder)/\(archive)"
      paths.append(path)
      if access(path, F_OK) == 0 {
        guard let damage = damage(to: file, at: path) else { continue }
        log("\(path) is damaged (\(damage)) and is fetched again")
      }
      // The one that gave the last file is asked for the next one first.
      let source = try fetch(
        file, from: bases, to: folder, named: archive, after: earlier, log: log)
      bases = [source] + bases.filter { $0 != source }
    }
    return IDXPaths(folder: folder, paths: paths)
  }

  /// Downloads a file from the first of `bases` that gives it; returns which did.
  private func fetch(
    _ file: IDXFile, from bases: [String], to folder: String, named archive: String,
    after earlier: SourceFailures, log: (String) -> Void
  ) throws(DatasetError) -> String {
    var failures = earlier
    for base in bases {
      let url = "\(base)/\(archive)"
      log("fetching \(url)")
      do throws(DatasetError) {
        let target = try AtomicFile(in: folder)
        try Curl.download(url, to: target.path)
        if let damage = damage(to: file, at: target.path) {
          throw DatasetError(.digestMismatch, "fetching \(url)", problem: damage, advice: "")
        }
        _ = try target.commit(as: archive)
        return base
      } catch {
        guard error.isOfSource else { throw error }
        failures.append(url, error)
      }
    }
    throw DatasetError(
      .unavailable, "fetching \(name)", problem: failures.problems,
      advice: "nothing was kept: connect to the network, set VAESWEEP_MIRROR, give --data DIR, "
        + "or use 'dataset: digits'")
  }

  /// What is wrong with a file, whose path is not named; nil where its checksum is the published one.
  private func damage(to file: IDXFile, at path: String) -> String? {
    let expected = checksums[file.rawValue]
    do throws(DatasetError) {
      let actual = try checksum(of: file, at: path)
      return actual == expected ? nil : "it has \(actual), expected \(expected)"
    } catch {
      return error.problem
    }
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
