internal import Glibc

/// The one place that puts a system's error number into words.
///
/// One number may have several causes: a disk without inodes says the same as one without room, and so
/// does a limit of this process as one of the system. The causes are told apart by a look at the file's
/// place and at the process's limits.
package struct ErrorWords: Hashable, Sendable {
  /// Why it failed, as a clause.
  package let problem: String
  /// What to do about it, as a clause.
  package let advice: String?

  /// - Parameter path: The file that a call failed on; nil where there is none.
  package init(_ errno: Errno, at path: String?) {
    let (problem, advice): (String, String?) =
      switch errno.rawValue {
      case ENOENT: Self.missing(path)
      case EACCES, EPERM:
        (
          "this user may not do that (permission denied)",
          "change the permissions of the file and its folder, or choose another place"
        )
      case EROFS: ("its file system is mounted read-only", "choose another place")
      case ENOSPC: Self.noSpace(path)
      case EDQUOT: ("this user's disk quota is used up", "make room ('quota -s' shows the quota)")
      case EFBIG: Self.tooLarge
      case EMFILE: Self.tooManyFiles
      case ENFILE: ("the system has too many files open", "end other programs")
      case ENAMETOOLONG: Self.nameTooLong(path)
      case EISDIR: ("it is a folder", nil)
      case ENOTDIR: Self.notAFolder(path)
      case EEXIST: ("something of that name is there already", nil)
      case ENOTEMPTY: ("the folder is not empty", nil)
      case ELOOP: ("its symbolic links lead in a circle", "mend them")
      case EXDEV: ("its two places are on different disks", nil)
      case ENOMEM: ("memory runs out", "end other programs, or raise 'ulimit -v'")
      case EAGAIN: ("it is in use, or a limit is reached ('ulimit -u')", nil)
      case EBUSY, ETXTBSY: ("it is in use", nil)
      case EIO: ("the device failed (input/output error)", "check the disk, then start again")
      case ESTALE: ("the network file system has lost it", "choose a place on a local disk")
      case EPIPE: ("nobody reads it any more", nil)
      case EINVAL: ("the system does not take the request (invalid argument)", nil)
      default: (Self.systemWords(errno), nil)
      }
    self.problem = problem
    self.advice = advice
  }

  /// The C library's words, as the end of a sentence.
  private static func systemWords(_ errno: Errno) -> String {
    let words = String(cString: strerror(errno.rawValue))
    return words.prefix(1).lowercased() + words.dropFirst()
  }

  private static func missing(_ path: String?) -> (String, String?) {
    guard let path, let folder = firstMissingFolder(of: path) else {
      return ("there is no such file", "check its name")
    }
    return ("the folder \(folder) does not exist", "make it first, or check its name")
  }

  private static func notAFolder(_ path: String?) -> (String, String?) {
    let file = path.flatMap { path in
      folders(of: path).first { FileStatus($0).map { $0.kind != .folder } ?? false }
    }
    return ("\(file ?? "a part of its path") is not a folder", "choose another place")
  }

  /// ENOSPC is said by a disk without room, and by one that holds as many files as it can.
  private static func noSpace(_ path: String?) -> (String, String?) {
    let filesystem = path.flatMap { existing(of: $0) }.flatMap { Filesystem(holding: $0) }
    if let filesystem, filesystem.isOutOfInodes {
      return (
        "the disk can hold no more files (no inodes are left)",
        "remove files that are not needed ('df -i' shows how many are free)"
      )
    }
    return ("the disk is full", "make room ('df -h' shows how much is free)")
  }

  private static var tooLarge: (String, String?) {
    guard let limit = FileSizeLimit.current else {
      return ("the file would be larger than its file system takes", nil)
    }
    return (
      "a file may have at most \(limit / 1024) KiB here ('ulimit -f')",
      "raise the limit, then start again"
    )
  }

  private static var tooManyFiles: (String, String?) {
    (
      "this process may have only \(OpenFileLimit.current) files open ('ulimit -n')",
      "raise the limit, such as by 'ulimit -n 1024', then start again"
    )
  }

  private static func nameTooLong(_ path: String?) -> (String, String?) {
    let name = path?.split(separator: "/").first { $0.utf8.count > 255 }
    guard let name else { return ("its path is too long", "choose a shorter one") }
    return (
      "the name \(name.prefix(20))… has \(name.utf8.count) bytes, and 255 are allowed",
      "choose a shorter one"
    )
  }

  /// The folders that lead to a file, the outermost first.
  private static func folders(of path: String) -> [String] {
    path.indices.filter { path[$0] == "/" && $0 != path.startIndex }.map { String(path[..<$0]) }
  }

  private static func firstMissingFolder(of path: String) -> String? {
    folders(of: path).first { FileStatus($0) == nil }
  }

  /// The file itself, else the nearest folder above it that is there.
  private static func existing(of path: String) -> String? {
    ([path] + folders(of: path).reversed() + [path.hasPrefix("/") ? "/" : "."])
      .first { FileStatus($0) != nil }
  }
}
