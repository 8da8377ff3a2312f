/// What each peer may send in one turn of the coordinator's loop, so that one that floods it costs
/// the others little: its further messages are thrown away unread.
///
/// What a legitimate worker loses that way heals as any lost message does.
struct PeerBudget: Sendable {
  /// A worker sends a few messages a second, and a burst of as many as it has slots.
  private static let maxMessages = 2000
  /// Decoding takes time by the byte.
  private static let maxBytes = 4 << 20

  private struct Use {
    var messages = 0
    var bytes = 0
  }

  private var uses: [PeerID: Use] = [:]
  private var taken = 0

  /// Starts a new turn.
  mutating func renew() {
    uses.removeAll(keepingCapacity: uses.count < 4096)
    taken = 0
  }

  /// Whether a peer may have another message taken.
  mutating func allows(_ peer: PeerID, bytes: Int) -> Bool {
    taken += 1
    var use = uses[peer] ?? Use()
    use.messages += 1
    use.bytes += bytes
    uses[peer] = use
    return use.messages <= Self.maxMessages && use.bytes - bytes <= Self.maxBytes
  }

  /// Counts what a frame holds beyond its first message.
  ///
  /// - Returns: How many of its messages may be taken.
  mutating func charge(_ peer: PeerID, messages: Int) -> Int {
    guard let use = uses[peer] else { return messages }
    uses[peer]?.messages += max(0, messages - 1)
    return min(messages, max(1, Self.maxMessages - use.messages + 1))
  }

  /// Whether every peer that had something to say in this turn has been heard, although more waits.
  ///
  /// libzmq takes one message of each peer in turn. So a peer of which nothing was taken while others
  /// had sixteen each had sent nothing.
  var hasHeardEveryone: Bool { taken >= 16 * max(1, uses.count) }
}
