/// A dataset that is ready in this machine's cache.
package struct PreparedDataset: Equatable, Sendable {
  package let name: DatasetName
  package let digest: String
  package let cacheFile: String
  /// The folder it was read from, or how it was made.
  package let origin: String
  package let trainCount: Int
  package let testCount: Int
  package let shape: ImageShape
  /// Bytes of the cache file.
  package let bytes: Int

  /// Opens it, verified and out of reach of whoever may write the cache.
  package func open() throws(DatasetError) -> Dataset {
    try Dataset.open(unchangingFrom: cacheFile, name: name.description)
  }
}

/// Finds, fetches or generates a dataset and makes sure that its cache file stands.
///
/// - Parameters:
///   - allowFetch: Whether MNIST and Fashion-MNIST may be downloaded when they are found nowhere.
///   - verifying: Whether to hash a cache file that is there already (55 MB for MNIST), to be done
///     once by each process that starts work on it; a damaged one is made anew.
///   - log: Takes one line for each thing that takes time or deserves a warning.
package func prepareDataset(
  _ name: DatasetName, folders: DataFolders, allowFetch: Bool, verifying: Bool = false,
  log: (String) -> Void
) throws(DatasetError) -> PreparedDataset {
  try folders.requireExplicit()
  if case .digits(let train, let test) = name {
    let recipe = DigitRecipe(train: train, test: test)
    return try prepare(
      name, source: recipe.description, origin: "generated", folders: folders,
      verifying: verifying, log: log
    ) { () throws(DatasetError) in
      log("generating \(train) + \(test) built-in digits")
      return try recipe.write(to: folders.cache)
    }
  }
  return try SourceSearch(name, folders: folders, verifying: verifying, allowFetch: allowFetch)
    .run(log: log)
}

/// Reads four files into the cache, unless they were read before.
func readDataset(
  _ name: DatasetName, files: IDXPaths, folders: DataFolders, verifying: Bool,
  log: (String) -> Void
) throws(DatasetError) -> PreparedDataset {
  let fingerprint = files.fingerprint
  let prepared = try prepare(
    name, source: fingerprint, origin: files.folder, folders: folders, verifying: verifying,
    log: log
  ) { () throws(DatasetError) in
    log("reading \(name) from \(files.folder)")
    let digest = try CacheFile.write(files: files, to: folders.cache)
    guard fingerprint == files.fingerprint else {
      throw DatasetError(
        .unreadable, "reading \(files.folder)", problem: "its files changed meanwhile",
        advice: "start again when they are complete")
    }
    return digest
  }
  try PublishedDataset.refuseAnother(prepared)
  return prepared
}

/// Takes the cache file the index knows for `source`, or has it made.
private func prepare(
  _ name: DatasetName, source: String?, origin: String, folders: DataFolders,
  verifying: Bool, log: (String) -> Void, make: () throws(DatasetError) -> String
) throws(DatasetError) -> PreparedDataset {
  let index = SourceIndex(cache: folders.cache)
  func opened(_ digest: String, verifying: Bool) throws(DatasetError) -> PreparedDataset {
    let path = "\(folders.cache)/\(CacheFile.name(digest: digest))"
    let dataset = try Dataset.open(
      cacheFile: path, name: name.description, verifyingDigest: verifying)
    return PreparedDataset(
      name: name, digest: digest, cacheFile: path, origin: origin,
      trainCount: dataset.train.count, testCount: dataset.test.count, shape: dataset.shape,
      bytes: dataset.cacheBytes)
  }
  if let source, let digest = index.digest(of: source) {
    do throws(DatasetError) {
      return try opened(digest, verifying: verifying)
    } catch {
      // One that is not there is made without a word.
      if error.kind != .missing {
        log("a dataset in the cache is damaged and is made anew: \(error)")
      }
    }
  }
  let digest = try make()
  if let source { index.record(digest, of: source) }
  return try opened(digest, verifying: false)
}
