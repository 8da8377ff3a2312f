/// Asks the sources of a dataset one after the other: folders, then the network.
///
/// What is wrong with one of them is noted and is the next one's turn; the end names them all. Only a
/// folder that the user has named, by `--data` or as the dataset, is the only source.
struct SourceSearch {
  let name: DatasetName
  let folders: DataFolders
  let verifying: Bool
  private let published: PublishedDataset?
  private let isFetchable: Bool

  init(_ name: DatasetName, folders: DataFolders, verifying: Bool, allowFetch: Bool) {
    self.name = name
    self.folders = folders
    self.verifying = verifying
    published = PublishedDataset(name)
    isFetchable = allowFetch && published != nil
  }

  func run(log: (String) -> Void) throws(DatasetError) -> PreparedDataset {
    var failures = SourceFailures()
    /// What our own cache has: whole, but not what was published.
    var other: PreparedDataset?
    /// What another dataset's folder has said of itself.
    var another: String?
    for folder in folders.candidates(for: name) {
      do throws(DatasetError) {
        guard let files = try IDXPaths.locate(in: folder, for: name) else { continue }
        let prepared = try prepare(files, log: log)
        guard let difference = published?.difference(of: prepared) else { return prepared }
        if isOwnCopy(folder) {
          other = prepared
        } else {
          log("warning: \(difference); using them as they are")
          return prepared
        }
      } catch {
        guard error.isOfSource, isFollowed(folder) else { throw advised(error, folder) }
        // A folder for all sweeps may hold any of them.
        if error.kind == .otherDataset {
          another = "in \(folder) \(error.problem)"
          continue
        }
        failures.append(folder, error)
        if folder != downloads { log("\(error.action): \(error.problem); looking further") }
      }
    }
    guard isFetchable, let published else {
      throw failures.error ?? notFound(beside: another)
    }
    let files: IDXPaths
    do throws(DatasetError) {
      files = try published.fetch(folders: folders, after: failures, log: log)
    } catch {
      guard error.kind == .unavailable, let other, let difference = published.difference(of: other)
      else { throw error }
      log("warning: \(difference), which no source gave; using them as they are")
      return other
    }
    return try prepare(files, log: log)
  }

  private var downloads: String { folders.downloads(of: name) }

  /// Whether `folder` is where downloads are kept, and what is wrong there can be fetched again.
  private func isOwnCopy(_ folder: String) -> Bool {
    isFetchable && folders.explicit == nil && folder == downloads
  }

  /// Whether another source is asked after `folder`.
  private func isFollowed(_ folder: String) -> Bool {
    folders.isEnvironment(folder) || (isFetchable && folder == downloads)
  }

  private func prepare(
    _ files: IDXPaths, log: (String) -> Void
  ) throws(DatasetError) -> PreparedDataset {
    try readDataset(name, files: files, folders: folders, verifying: verifying, log: log)
  }

  /// What was downloaded once can be downloaded again.
  private func advised(_ error: DatasetError, _ folder: String) -> DatasetError {
    guard published != nil, error.isOfSource, folders.explicit == nil, folder == downloads else {
      return error
    }
    return DatasetError(
      error.kind, error.action, problem: error.problem,
      advice: "run 'vaesweep data fetch \(name)', which gets it again")
  }

  private func notFound(beside another: String?) -> DatasetError {
    let looked = folders.candidates(for: name).joined(separator: ", ")
    let files = IDXFile.allCases.map { $0.name }.joined(separator: ", ")
    let advice =
      published == nil
      ? "check the path"
      : "give --data DIR, run 'vaesweep data fetch \(name)', or use 'dataset: digits'"
    return DatasetError(
      .missing, "looking for the dataset \(name) in \(looked)",
      problem: (another.map { "\($0), and else " } ?? "")
        + "none of \(files) is there, plain or .gz", advice: advice)
  }
}
