internal import Foundation

/// The mounted file systems, as proc(5) lists them in `/proc/self/mountinfo`.
///
/// statfs(2) would tell the same, but Swift's Glibc module leaves it out.
package struct MountTable: Sendable {
  /// A file system by the name the kernel has for it: `ext4`, `nfs4`, `fuse.sshfs`.
  package struct Filesystem: Hashable, Sendable {
    package let type: String

    /// What a user calls it, where its locks and fsync promise too little for SQLite.
    package var untrusted: String? {
      switch type {
      case "nfs", "nfs4": "NFS"
      case "cifs", "smb3", "smbfs": "CIFS"
      case _ where type == "fuse" || type == "fuseblk" || type.hasPrefix("fuse."): "FUSE"
      default: nil
      }
    }
  }

  private let mounts: [(point: String, type: String)]

  package static var ofThisProcess: MountTable? {
    FileManager.default.contents(atPath: "/proc/self/mountinfo").map {
      MountTable(parsing: String(decoding: $0, as: UTF8.self))
    }
  }

  /// Reads lines such as `36 35 98:0 / /data rw,noatime master:1 - ext3 /dev/root rw`.
  package init(parsing text: String) {
    mounts = text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard let mark = fields.firstIndex(of: "-"), mark >= 6, mark + 1 < fields.count else {
        return nil
      }
      return (Self.unescaped(fields[4]), String(fields[mark + 1]))
    }
  }

  /// The file system that holds `path`, which has no symbolic links; nil where none is listed.
  package func filesystem(of path: String) -> Filesystem? {
    var found: (point: String, type: String)?
    // A later mount on the same point hides the earlier one.
    for mount in mounts where Self.lies(path, under: mount.point) {
      if mount.point.utf8.count >= found?.point.utf8.count ?? 0 { found = mount }
    }
    return found.map { Filesystem(type: $0.type) }
  }

  private static func lies(_ path: String, under point: String) -> Bool {
    point == "/" || path == point || path.hasPrefix(point + "/")
  }

  /// The kernel writes blanks and backslashes as three octal digits.
  private static func unescaped(_ text: Substring) -> String {
    var plain = String(text)
    for (code, character) in [("040", " "), ("011", "\t"), ("012", "\n"), ("134", "\\")] {
      plain = plain.replacingOccurrences(of: "\\" + code, with: character)
    }
    return plain
  }
}
