internal import Glibc

/// Where a store lies, and whether it may lie there.
enum StoreFile {
  /// `path` with every symbolic link resolved, so that one file has one lock.
  ///
  /// Refuses a folder that does not exist and a file system that SQLite cannot trust.
  static func resolve(_ path: String, _ action: String) throws(StoreError) -> String {
    if let resolved = realPath(path) {
      guard !isDirectory(resolved) else {
        throw StoreError(.folder, action, path, "it is a folder; name a file in it")
      }
      try checkFilesystem(of: resolved, path, action)
      return resolved
    }
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    guard !name.isEmpty else {
      throw StoreError(.folder, action, path, "it names a folder; name a file in it")
    }
    guard let resolved = realPath(folder), isDirectory(resolved) else {
      throw StoreError(.folder, action, path, "the folder \(folder) does not exist; make it first")
    }
    try checkFilesystem(of: resolved, path, action)
    return resolved == "/" ? "/\(name)" : "\(resolved)/\(name)"
  }

  /// Bytes of the file, or nil where there is none.
  static func size(_ path: String) -> Int? {
    var information = stat()
    guard stat(path, &information) == 0 else { return nil }
    return Int(information.st_size)
  }

  private static func checkFilesystem(of file: String, _ path: String, _ action: String)
    throws(StoreError)
  {
    guard let name = MountTable.ofThisProcess?.filesystem(of: file)?.untrusted else { return }
    throw StoreError(
      .networkFilesystem, action, path,
      "it lies on \(name), where a crash can lose what was stored; put it on a local disk")
  }

  private static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func isDirectory(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }
}
