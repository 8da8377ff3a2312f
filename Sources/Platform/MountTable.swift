/// The mounted file systems, as proc(5) lists them in `/proc/self/mountinfo`.
package struct MountTable: Sendable {
  /// A file system by the name the kernel has for it: `ext4`, `nfs4`, `fuse.sshfs`.
  package struct Filesystem: Hashable, Sendable {
    package let type: String

    /// What a user calls it, where its locks and fsync promise too little for SQLite.
    package var untrusted: String? {
      switch type {
      case "nfs", "nfs4": "NFS"
      case "cifs", "smb3", "smbfs": "CIFS"
      case "lustre": "Lustre"
      case "gpfs": "GPFS"
      case "beegfs": "BeeGFS"
      case "ceph": "CephFS"
      case "afs": "AFS"
      case "orangefs", "pvfs2": "OrangeFS"
      case _ where type == "fuse" || type == "fuseblk" || type.hasPrefix("fuse."): "FUSE"
      default: nil
      }
    }
  }

  /// One mount, without symbolic links in its point.
  package struct Mount: Hashable, Sendable {
    /// Which part of the file system is seen: `/` for all of it.
    package let root: String
    package let point: String
    package let filesystem: Filesystem
    /// Of the file system, such as the controllers of a cgroup.
    package let options: Set<String>
  }

  package let mounts: [Mount]

  package static var ofThisProcess: MountTable? {
    ProcessText.read("/proc/self/mountinfo").map { MountTable(parsing: $0) }
  }

  /// Reads lines such as `36 35 98:0 / /data rw,noatime master:1 - ext3 /dev/root rw`.
  package init(parsing text: String) {
    mounts = text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard let mark = fields.firstIndex(of: "-"), mark >= 6, mark + 1 < fields.count else {
        return nil
      }
      let options = mark + 3 < fields.count ? fields[mark + 3].split(separator: ",") : []
      return Mount(
        root: Self.unescaped(fields[3]), point: Self.unescaped(fields[4]),
        filesystem: Filesystem(type: String(fields[mark + 1])),
        options: Set(options.map(String.init)))
    }
  }

  /// The file system that holds `path`, which has no symbolic links; nil where none is listed.
  package func filesystem(of path: String) -> Filesystem? {
    var found: Mount?
    // A later mount on the same point hides the earlier one.
    for mount in mounts where Self.lies(path, under: mount.point) {
      if mount.point.utf8.count >= found?.point.utf8.count ?? 0 { found = mount }
    }
    return found?.filesystem
  }

  /// Whether something is mounted on `path` itself, which has no symbolic links.
  package func isMountPoint(_ path: String) -> Bool { mounts.contains { $0.point == path } }

  private static func lies(_ path: String, under point: String) -> Bool {
    point == "/" || path == point || path.hasPrefix(point + "/")
  }

  /// The kernel writes blanks and backslashes as three octal digits.
  private static func unescaped(_ text: Substring) -> String {
    let bytes = Array(text.utf8)
    var plain: [UInt8] = []
    var place = 0
    while place < bytes.count {
      let digits = bytes[place...].dropFirst().prefix(3)
      if bytes[place] == UInt8(ascii: "\\"), digits.count == 3,
        let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
      {
        plain.append(code)
        place += 4
      } else {
        plain.append(bytes[place])
        place += 1
      }
    }
    return String(decoding: plain, as: UTF8.self)
  }
}
