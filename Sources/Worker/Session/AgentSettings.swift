package import Wire

/// What a worker process is and how patient it is.
package struct AgentSettings: Sendable {
  /// Random, and new for each process.
  package var session: SessionID
  package var hello: Hello
  /// How long to wait for a coordinator, at the start and when it falls silent.
  package var wait: Duration
  /// Wait for the next coordinator when a sweep is complete.
  package var stay: Bool
  /// How long a worker that was asked to stop waits for acknowledgements.
  package var farewell: Duration = .seconds(3)
  /// Of the jitter in the pauses between hellos.
  package var seed: UInt64
  /// How long a worker that was asked to stop hands checkpoints over.
  package var handingOver: Duration = .seconds(8)
  /// What it takes until another worker goes on from a checkpoint of so many bytes: a second for the
  /// change, and two transfers at 20 MB a second.
  func costOfHandingOver(_ size: Int) -> Duration {
    .seconds(1) + .milliseconds(2 * size / 20_000)
  }
  /// When this worker is ended from outside; nil where nobody has said so.
  package var timeLimit: EndOfTime?
  /// How long until an unanswered delivery or blob request is sent again.
  package var resend: Duration = .seconds(5)

  package init(session: SessionID, hello: Hello, wait: Duration, stay: Bool) {
    self.session = session
    self.hello = hello
    // A session's number is drawn at random, so that of its jitter is too.
    seed = session.value
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

  /// A trainer ends with it where its dataset cannot be read or has been changed (EX_IOERR).
  static let hostFaultStatus: Int32 = 74
}
