import Glibc

/// A file that appears under its name complete or not at all: written beside it under a temporary
/// name, synced, then renamed.
///
/// Without `commit` the temporary file is removed.
///
/// Any number of processes may write the same name at once; the last rename wins, and since cache
/// files are named by their content all of them are right.
struct AtomicFile: ~Copyable {
  private let descriptor: FileDescriptor
  private let folder: String
  /// Where its content is until it is committed.
  let path: String
  private var isCommitted = false

  /// Opens a temporary file in `folder`, which is created if need be.
  init(in folder: String) throws(DatasetError) {
    try createFolder(folder)
    removeStaleTemporaries(in: folder)
    let token = UInt64.random(in: .min ... .max)
    let path = "\(folder)/\(temporaryPrefix)\(getpid())-\(String(token, radix: 36))"
    self.init(descriptor: try create(path, in: folder), folder: folder, path: path)
  }

  private init(descriptor: consuming FileDescriptor, folder: String, path: String) {
    self.descriptor = descriptor
    self.folder = folder
    self.path = path
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(DatasetError) {
    do throws(SystemError) {
      try writeAll(bytes, to: descriptor.number)
    } catch {
      throw writeFailure(error, "writing to \(folder)")
    }
  }

  func write(_ bytes: [UInt8]) throws(DatasetError) {
    var failure: DatasetError?
    bytes.withUnsafeBytes { buffer in
      do throws(DatasetError) { try write(buffer) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Makes the content durable and gives the file its name; returns its path.
  consuming func commit(as name: String) throws(DatasetError) -> String {
    let target = "\(folder)/\(name)"
    do throws(SystemError) {
      try systemCall { fsync(descriptor.number) }
      try systemCall { rename(path, target) }
      let parent = try FileDescriptor(opening: folder, O_RDONLY | O_DIRECTORY)
      try systemCall { fsync(parent.number) }
    } catch {
      throw writeFailure(error, "writing \(target)")
    }
    isCommitted = true
    return target
  }

  deinit {
    if !isCommitted { unlink(path) }
  }
}

private func create(_ path: String, in folder: String) throws(DatasetError) -> FileDescriptor {
  do throws(SystemError) {
    return try FileDescriptor(opening: path, O_WRONLY | O_CREAT | O_EXCL)
  } catch {
    throw writeFailure(error, "creating a file in \(folder)")
  }
}

private let temporaryPrefix = ".writing-"

/// Writes all of `bytes`, however many calls it takes.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws(SystemError) {
  var rest = bytes[...]
  while let base = rest.base.baseAddress, !rest.isEmpty {
    let count = try systemCall { write(descriptor, base + rest.startIndex, rest.count) }
    rest = rest.dropFirst(count)
  }
}

/// Creates `path` and the folders above it.
func createFolder(_ path: String) throws(DatasetError) {
  var folder = path.hasPrefix("/") ? "" : "."
  for part in path.split(separator: "/") {
    folder += "/\(part)"
    if mkdir(folder, 0o755) != 0 {
      let code = errno
      // A folder that is already there may lie in one that cannot be written.
      if let status = fileStatus(folder), status.st_mode & S_IFMT == S_IFDIR { continue }
      throw writeFailure(
        SystemError(code: code == EEXIST ? ENOTDIR : code), "creating the folder \(folder)")
    }
  }
}

func writeFailure(_ error: SystemError, _ action: String) -> DatasetError {
  if error.isDiskFull {
    return DatasetError(
      .diskFull, action, problem: error.reason,
      advice: "free some space, or set XDG_CACHE_HOME to a folder on another disk")
  }
  return DatasetError(
    .unwritable, action, problem: error.reason,
    advice: "set XDG_CACHE_HOME to a folder that can be written")
}

/// Removes what a killed process left behind more than a day ago.
private func removeStaleTemporaries(in folder: String) {
  let now = time(nil)
  for name in folderNames(folder) where name.hasPrefix(temporaryPrefix) {
    let path = "\(folder)/\(name)"
    if let status = fileStatus(path), now - status.st_mtim.tv_sec > 86_400 { unlink(path) }
  }
}
