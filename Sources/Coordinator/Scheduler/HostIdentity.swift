/// The key that a worker proved to have, as text.
package struct KeyOwner: Hashable, Sendable {
  package let key: String

  package init(_ key: String) { self.key = key }
}

/// A host as its workers' key vouches for it.
///
/// Its name is what a worker claims: a worker with another key that claims the same name is on another
/// host, and what happens there says nothing of this one.
package struct HostIdentity: Hashable, Sendable {
  package let name: String
  /// nil where no keys are in use.
  package let owner: KeyOwner?

  package init(_ name: String, owner: KeyOwner? = nil) {
    self.name = name
    self.owner = owner
  }
}
