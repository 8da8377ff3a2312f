package import Keyring
package import Wire

extension ToCoordinator {
  /// Whose key may say this.
  package var requiredRole: KeyRole {
    switch self {
    case .worker: .worker
    case .operator: .operator
    }
  }
}
