internal import Platform

/// Where a store lies, and whether it may lie there.
enum StoreFile {
  /// SQLite's journal, and the folder with checkpoints, have the store's name with this behind it.
  private static let longestSuffix = ".checkpoints".utf8.count
  /// SQLite takes no longer path, its journal's included.
  private static let longestPath = 512 - longestSuffix - 1

  /// Where `path` leads, whether or not a file is there; with every symbolic link resolved.
  ///
  /// Refuses a folder that does not exist, and names and file systems that SQLite cannot use.
  static func target(_ path: String, _ action: String) throws(StoreError) -> String {
    let name = Path.name(of: path)
    guard !name.isEmpty else {
      throw StoreError(.folder, action, path, "it names a folder; name a file in it")
    }
    let destination = Path.destination(of: path)
    let folder = Path.folder(of: destination)
    guard let real = Path.real(folder), FileStatus(real)?.kind == .folder else {
      throw StoreError(.folder, action, path, "the folder \(folder) does not exist; make it first")
    }
    let target = (real == "/" ? "" : real) + "/" + Path.name(of: destination)
    let bytes = Path.name(of: destination).utf8.count
    guard bytes <= Path.longestName - longestSuffix else {
      throw StoreError(
        .folder, action, path,
        "its name has \(bytes) bytes, and \(Path.longestName - longestSuffix) are allowed; choose a "
          + "shorter one")
    }
    guard target.utf8.count <= longestPath else {
      throw StoreError(
        .folder, action, path,
        "its path has \(target.utf8.count) bytes, and SQLite takes \(longestPath); choose a shorter one"
      )
    }
    if FileStatus(target)?.kind == .folder {
      throw StoreError(.folder, action, path, "it is a folder; name a file in it")
    }
    try checkFilesystem(of: target, path, action)
    return target
  }

  /// Refuses a file that is reached by more than one way: a journal lies beside one of its names only,
  /// and whoever opens it by another reads a half-written state.
  static func require(_ target: String, _ status: FileStatus, _ path: String, _ action: String)
    throws(StoreError) -> String
  {
    guard status.kind == .file else {
      throw StoreError(.folder, action, path, "it is not a file; name another")
    }
    guard status.links == 1 else {
      throw StoreError(
        .linked, action, path,
        "it has \(status.links) names (hard links), and its journal is found by one of them only; remove "
          + "the others, or copy it")
    }
    guard MountTable.ofThisProcess?.isMountPoint(target) != true else {
      throw StoreError(
        .linked, action, path,
        "it is mounted as a single file, so that its journal lies elsewhere; mount its folder instead"
      )
    }
    return target
  }

  /// Where a store that is there lies.
  ///
  /// - Returns: nil where there is no file.
  static func existing(_ path: String, _ action: String) throws(StoreError) -> (
    path: String, size: Int
  )? {
    let target = try target(path, action)
    guard let status = FileStatus(target) else { return nil }
    return (try require(target, status, path, action), status.size)
  }

  private static func checkFilesystem(of file: String, _ path: String, _ action: String)
    throws(StoreError)
  {
    guard let name = MountTable.ofThisProcess?.filesystem(of: file)?.untrusted else { return }
    throw StoreError(
      .networkFilesystem, action, path,
      "it lies on \(name), where a crash can lose what was stored; put it on a local disk")
  }
}
