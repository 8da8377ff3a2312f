package import Wire

/// What a worker process is and how patient it is.
package struct AgentSettings: Sendable {
  package var hello: Hello
  /// How long to wait for a coordinator, at the start and when it falls silent.
  package var wait: Duration
  /// Wait for the next coordinator when a sweep is complete.
  package var stay: Bool
  /// How long a worker that was asked to stop waits for acknowledgements.
  package var farewell: Duration = .seconds(3)
  /// How long until an unanswered delivery or blob request is sent again.
  package var resend: Duration = .seconds(5)

  package init(hello: Hello, wait: Duration, stay: Bool) {
    self.hello = hello
    self.wait = wait
    self.stay = stay
  }
}

/// A trainer process's place in a worker, from 0.
package struct SlotID: Hashable, Sendable, Comparable {
  package let number: Int

  package init(_ number: Int) { self.number = number }

  package static func < (left: SlotID, right: SlotID) -> Bool { left.number < right.number }
}

/// How a trainer process ended.
package enum TrainerExit: Hashable, Sendable {
  case status(Int32)
  case signal(Int32)
  /// It could not be started at all.
  case notStarted(String)
}
