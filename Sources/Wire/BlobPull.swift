package import Sweep

/// A blob on its way, whichever way: asked for in chunks, in order, two requests at a time.
///
/// Whoever pulls decides the pace, so control messages never wait behind more than two chunks; and a
/// chunk is as long as the link carries in a moment, so that on a slow one heartbeats still arrive.
package struct BlobPull: Hashable, Sendable {
  /// Requests without an answer at any time.
  package static let outstanding = 2
  /// Asked for at first, and least.
  package static let shortest = 8 << 10

  private static let atOnce = Duration.milliseconds(200)
  private static let long = Duration.seconds(1)

  package let digest: Digest
  package let size: Int
  /// Bytes taken so far, all before it.
  package private(set) var received = 0
  /// Bytes asked for so far.
  private var requested = 0
  private var unanswered = 0
  /// Bytes of one request: doubled where a chunk has come at once, halved where it took long.
  private var length = Self.shortest
  /// When the last chunk came, or was asked for again.
  package private(set) var lastMove: Duration

  package init(digest: Digest, size: Int, at now: Duration) {
    self.digest = digest
    self.size = size
    lastMove = now
  }

  package var isComplete: Bool { received == size }

  /// What to ask for now.
  package mutating func requests(_ session: SessionID) -> [BlobRequest] {
    var requests: [BlobRequest] = []
    while requested < size, unanswered < Self.outstanding {
      unanswered += 1
      let length = min(self.length, size - requested)
      requests.append(
        BlobRequest(session: session, digest: digest, offset: requested, length: length))
      requested += length
    }
    return requests
  }

  /// Whether `chunk` is the next one, which is taken then; a doubled or a stray one is not.
  package mutating func take(_ chunk: BlobChunk, at now: Duration) -> Bool {
    guard chunk.digest == digest, chunk.size == size, chunk.offset == received,
      !chunk.data.isEmpty, chunk.data.count <= size - received
    else { return false }
    received += chunk.data.count
    requested = max(requested, received)
    unanswered = max(0, unanswered - 1)
    switch now - lastMove {
    case ..<Self.atOnce: length = min(BlobChunk.largest, length * 2)
    case Self.long...: length = max(Self.shortest, length / 2)
    default: break
    }
    lastMove = now
    return true
  }

  /// Asks again from the last byte taken where nothing has come for `patience`.
  package mutating func askAgain(after patience: Duration, at now: Duration) -> Bool {
    guard !isComplete, now - lastMove >= patience else { return false }
    requested = received
    unanswered = 0
    length = max(Self.shortest, length / 2)
    lastMove = now
    return true
  }
}
