internal import CLinux
internal import Glibc

/// What statfs(2) says of a file system.
package struct Filesystem: Hashable, Sendable {
  /// The kernel's number for its kind.
  package let magic: UInt64
  /// Bytes that a user may still write.
  package let availableBytes: UInt64
  private let inodes: UInt64
  private let freeInodes: UInt64

  /// The file system of a file or folder that exists; nil where it cannot be asked.
  package init?(holding path: String) {
    var found = clinux_filesystem()
    guard clinux_statfs(path, &found) == 0 else { return nil }
    magic = found.magic
    availableBytes = found.available_bytes
    inodes = found.inodes
    freeInodes = found.free_inodes
  }

  /// Whether it can hold no more files, however much room there is.
  package var isOutOfInodes: Bool { inodes > 0 && freeInodes == 0 }
}
