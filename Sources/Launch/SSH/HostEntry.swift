/// A host on which a worker is to run, as a line of a hosts file names it.
package struct HostEntry: Hashable, Sendable {
  /// As `ssh` takes it: a name of its configuration, `user@host` or `ssh://user@host:port`.
  package let target: String
  /// Points trained at once; nil leaves it to the host.
  package let slots: Int?

  package init(target: String, slots: Int?) {
    self.target = target
    self.slots = slots
  }
}

/// A host's place in a hosts file, counted from 0.
package struct HostNumber: Hashable, Sendable {
  package let value: Int

  package init(_ value: Int) { self.value = value }
}
