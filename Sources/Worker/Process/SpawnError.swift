import Platform

/// A trainer process could not be started or spoken to.
package struct SpawnError: Error, Hashable, Sendable, CustomStringConvertible {
  package let operation: String
  package let subject: String
  package let code: Int32

  package var description: String {
    "cannot \(operation) \(subject): \(Errno(code))"
  }
}
