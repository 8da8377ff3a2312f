package import Wire

/// Why something that a peer sent, or the peer itself, was not taken.
package enum RefusalReason: String, Hashable, Sendable, CaseIterable {
  /// A connection that never became one: no CURVE, another server's key, silence, no ZeroMQ.
  case handshake
  /// A key that is not approved, at the door or later.
  case key
  /// A key from an address that has tried too many: not even looked at.
  case guess
  /// An invitation that admits nobody, or a worker whose key it cannot admit.
  case invitation
  /// A message of more or fewer frames than one.
  case frames
  /// A frame above the limit. A much larger one ends its connection before it is seen.
  case size
  /// Another version of the protocol.
  case version
  /// No message of this protocol.
  case malformed
  /// A message with a value that no program of ours would send.
  case value
  /// A message that nobody says to a coordinator.
  case type
  /// A key whose role does not cover the message.
  case role
  /// A session that another key introduced.
  case session
  /// A message ahead of the hello or the ready that it needs, but for the first of a worker that a
  /// coordinator meets in the middle of its work. Answered with the terms.
  case order
  /// An attempt that was never granted, or that another key's worker holds.
  case attempt
  /// More than one peer may send at a time.
  case rate
}

/// How often something was refused since the coordinator started, by reason.
package struct RefusalCounters: Hashable, Sendable {
  private var counts: [RefusalReason: Int] = [:]

  package init() {}

  package subscript(reason: RefusalReason) -> Int { counts[reason] ?? 0 }

  package mutating func count(_ reason: RefusalReason, _ number: Int = 1) {
    counts[reason, default: 0] += number
  }

  /// Every reason in its order, also those that never came up.
  package var all: [RefusedCount] {
    RefusalReason.allCases.map { RefusedCount(reason: $0.rawValue, count: self[$0]) }
  }
}
