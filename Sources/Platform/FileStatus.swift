internal import Glibc

/// Which file it is, by whatever path it is reached: the numbers of its device and inode.
package struct FileIdentity: Hashable, Sendable {
  package let device: UInt64
  package let inode: UInt64
}

/// What stat(2) says of a file.
///
/// Two that are equal are of one file that was not written to in between.
package struct FileStatus: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case file
    case folder
    case symbolicLink
    /// A pipe, a device or a socket.
    case other
  }

  package let identity: FileIdentity
  package let kind: Kind
  /// Bytes.
  package let size: Int
  /// Permissions: the lower twelve bits.
  package let mode: UInt32
  package let owner: UInt32
  /// How many names it has.
  package let links: Int
  /// Nanoseconds since 1970 at which its content last changed.
  package let modified: Int
  /// Nanoseconds since 1970 at which anything about it last changed.
  package let changed: Int

  /// Of the file that `path` leads to; nil where there is none, or it may not be looked at.
  package init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// As `init(_:)`, with the reason where it fails.
  package static func of(_ path: String) throws(Errno) -> FileStatus {
    var status = stat()
    try systemCall { stat(path, &status) }
    return FileStatus(status)
  }

  /// Of an open file.
  package init(descriptor: Int32) throws(Errno) {
    var status = stat()
    try systemCall { fstat(descriptor, &status) }
    self.init(status)
  }

  /// Of a path itself, also where it is a symbolic link.
  package init?(ofLink path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    identity = FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .symbolicLink
      default: .other
      }
    size = Int(status.st_size)
    mode = status.st_mode & 0o7777
    owner = status.st_uid
    links = Int(status.st_nlink)
    modified = status.st_mtim.tv_sec &* 1_000_000_000 &+ status.st_mtim.tv_nsec
    changed = status.st_ctim.tv_sec &* 1_000_000_000 &+ status.st_ctim.tv_nsec
  }
}
