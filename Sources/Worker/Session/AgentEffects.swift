package import Sweep
package import Wire

/// What a session's machines want done, in their order; every message bears the session and a number.
package struct AgentEffects: Sendable {
  private let session: SessionID
  /// Of the message that was sent last.
  private var sequence: UInt64 = 0
  private var effects: [AgentEffect] = []

  package init(session: SessionID) { self.session = session }

  /// The number that the next message will bear.
  package var nextSequence: UInt64 { sequence + 1 }

  package mutating func send(_ message: WorkerMessage) {
    sequence += 1
    effects.append(.send(Envelope(message, session: session, sequence: sequence)))
  }

  package mutating func log(_ text: String, about subject: LogSubject = LogSubject()) {
    effects.append(.log(text, about: subject))
  }

  package mutating func add(_ effect: AgentEffect) { effects.append(effect) }

  package mutating func takeAll() -> [AgentEffect] {
    defer { effects.removeAll(keepingCapacity: true) }
    return effects
  }
}
