/// A message with what every message of a session bears.
package struct Envelope<Message: Hashable & Sendable>: Hashable, Sendable {
  /// The worker process that it comes from or goes to; `.nobody` with operators and trainers.
  package var session: SessionID
  /// From a worker: its place among all that this session says to its coordinator, from 1.
  ///
  /// From a coordinator: the number of the message that it answers at once; 0 for what it says later or
  /// by itself.
  package var sequence: UInt64
  package var message: Message

  package init(_ message: Message, session: SessionID = .nobody, sequence: UInt64 = 0) {
    self.session = session
    self.sequence = sequence
    self.message = message
  }

  /// The same envelope around another message.
  package func with<Other>(_ message: Other) -> Envelope<Other> {
    Envelope<Other>(message, session: session, sequence: sequence)
  }
}

/// What may be said in one direction between two kinds of processes.
///
/// A new message is a case of its channel: every switch over a channel then asks what becomes of it.
package protocol Channel: Hashable, Sendable {
  /// One message of this channel from its protobuf bytes, every value checked.
  static func read(_ body: [UInt8]) throws(WireError) -> Envelope<Self>
  /// The protobuf bytes of one message.
  static func write(_ envelope: Envelope<Self>) throws(WireError) -> [UInt8]
}
