internal import Glibc

/// The number with which a call to the system says why it failed.
package struct Errno: Error, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: Int32

  package init(_ rawValue: Int32) { self.rawValue = rawValue }

  /// Of the calling thread's last failed call, to be read before anything else is called.
  package static var last: Errno { Errno(errno) }

  /// What a failure means for whoever made the call.
  package enum Kind: Hashable, Sendable {
    /// There is no such file or folder.
    case missing
    case exists
    /// Not allowed, or on a file system that is mounted read-only.
    case denied
    /// The disk is full, has no inodes left, or the user's quota is used up.
    case noRoom
    /// Larger than the process or the file system may make a file.
    case fileTooLarge
    /// The process or the system has too many files open.
    case tooManyFiles
    case nameTooLong
    /// It would block: somebody else holds it, or nothing is there yet.
    case wouldBlock
    case other
  }

  package var kind: Kind {
    switch rawValue {
    case ENOENT: .missing
    case EEXIST: .exists
    case EACCES, EPERM, EROFS: .denied
    case ENOSPC, EDQUOT: .noRoom
    case EFBIG: .fileTooLarge
    case EMFILE, ENFILE: .tooManyFiles
    case ENAMETOOLONG: .nameTooLong
    case EAGAIN: .wouldBlock
    default: .other
    }
  }

  /// Why it failed, in words of one clause.
  ///
  /// Without the file it happened to, only what the number alone says: see ``SystemError``.
  package var description: String { ErrorWords(self, at: nil).problem }
}

/// Makes a call that returns -1 and sets `errno` when it fails; interrupted calls are made again.
///
/// `errno` is read before anything else can run that might change it.
@discardableResult
package func systemCall<Result: FixedWidthInteger & SignedInteger>(
  _ call: () -> Result
) throws(Errno) -> Result {
  while true {
    let result = call()
    if result != -1 { return result }
    let code = Errno(errno)
    if code.rawValue != EINTR { throw code }
  }
}
