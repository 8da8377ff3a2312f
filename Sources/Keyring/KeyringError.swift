internal import Glibc

/// The one error of this room: one line that says which file or key, what is wrong, what to do.
package struct KeyringError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    /// A file or folder that others can read or write.
    case exposed
    /// A file that is not what its name promises.
    case malformed
    /// A key or name that cannot be used, or is not there.
    case unknown
    /// The system or libzmq failed.
    case failed
  }

  package let kind: Kind
  package let description: String

  init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// For a failed call, whose `errno` is `code`.
  static func system(_ code: Int32, _ action: String) -> KeyringError {
    let advice =
      switch code {
      case EACCES, EPERM, EROFS: "; choose a folder of your own with --keys DIR"
      case ENOSPC, EDQUOT: "; the disk is full: make room"
      default: ""
      }
    return KeyringError(.failed, "\(action): \(String(cString: strerror(code)))\(advice)")
  }
}
