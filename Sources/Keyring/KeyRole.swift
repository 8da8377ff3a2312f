/// What the owner of an approved key may do.
package enum KeyRole: String, Hashable, Sendable, CaseIterable {
  /// Takes points and delivers their outcomes.
  case worker
  /// Reads how the sweep stands, steers it (pauses, drains, cancels, extends, stops) and has it audited.
  case `operator`
}

/// Whose key pair a file holds.
package enum KeyOwner: String, Hashable, Sendable, CaseIterable {
  case coordinator
  case worker
  case `operator`
}
