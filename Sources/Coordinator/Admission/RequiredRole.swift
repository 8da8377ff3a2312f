package import Keyring
package import Wire

extension ToCoordinator {
  /// Whose key may say this; nil for what is said with an invitation alone.
  package var requiredRole: KeyRole? {
    switch self {
    case .worker: .worker
    case .operator: .operator
    case .join: nil
    }
  }
}
