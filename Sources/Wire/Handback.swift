package import Sweep

/// Attempts that waited in the worker and will not begin there; they go to others.
package struct Handback: Hashable, Sendable {
  package var attempts: [AttemptID]

  package init(attempts: [AttemptID]) {
    self.attempts = attempts
  }
}

/// Of these attempts those that still wait should be handed back: another worker is idle.
package struct Recall: Hashable, Sendable {
  package var attempts: [AttemptID]

  package init(attempts: [AttemptID]) {
    self.attempts = attempts
  }
}

extension Handback {
  init(_ message: Vaesweep_Handback) throws(WireError) {
    self.init(
      attempts: try [AttemptID](listed: message.attempts))
  }

  func protobuf() -> Vaesweep_Handback {
    var message = Vaesweep_Handback()
    message.attempts = attempts.map { $0.protobuf() }
    return message
  }
}

extension Recall {
  init(_ message: Vaesweep_Recall) throws(WireError) {
    self.init(
      attempts: try [AttemptID](listed: message.attempts))
  }

  func protobuf() -> Vaesweep_Recall {
    var message = Vaesweep_Recall()
    message.attempts = attempts.map { $0.protobuf() }
    return message
  }
}

extension [AttemptID] {
  init(listed: [Vaesweep_Attempt]) throws(WireError) {
    try FieldRules.few(listed.count, "list of attempts", atMost: 1 << 16)
    self = []
    reserveCapacity(listed.count)
    for attempt in listed { append(try AttemptID(attempt)) }
  }
}
