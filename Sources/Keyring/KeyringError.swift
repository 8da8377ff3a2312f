internal import Platform

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

  /// For a failed call; what can't be done in one folder may be done in another.
  static func system(_ error: SystemError) -> KeyringError {
    switch error.kind {
    case .denied:
      KeyringError(
        .failed,
        "cannot \(error.action) \(error.subject): \(error.problem); choose a folder of your own with "
          + "--keys DIR")
    case .missing, .exists, .noRoom, .fileTooLarge, .tooManyFiles, .nameTooLong, .wouldBlock,
      .other:
      KeyringError(.failed, "\(error)")
    }
  }
}
