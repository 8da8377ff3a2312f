package import Sweep

/// A blob on its way, whichever way: asked for in chunks, in order, two requests at a time.
///
/// Whoever pulls decides the pace, so control messages never wait behind more than two chunks; and a
/// chunk is as long as the link carries in a moment, so that on a slow one heartbeats still arrive.
package struct BlobPull: Hashable, Sendable {
  /// What became of a wait.
  package enum Pace: Hashable, Sendable {
    case moving
    /// Nothing came for a while: what is missing is to be asked for again.
    case stuck
    /// Nothing has come for so long that it is not waited for any more.
    case givenUp
  }

  /// Requests without an answer at any time.
  package static let outstanding = 2
  /// How long to wait for a piece before it is asked for again.
  package static let patience = Duration.seconds(5)
  /// Waits in a row after which a blob is given up: a bad network loses several.
  package static let maxWaits = 15
  /// Asked for at first, and least.
  package static let shortest = 8 << 10
  private static let atOnce = Duration.milliseconds(200)
  private static let long = Duration.seconds(1)

  package let digest: Digest
  package let size: Int
  /// Bytes taken so far, all before it.
  package private(set) var received = 0
  /// Asked for and not here, in order; the first begins where what was taken ends.
  private var unanswered: [Range<Int>] = []
  /// Whether they are to be asked for again.
  private var isStuck = false
  /// Bytes of the next request: doubled where a chunk has come at once, halved where two took long.
  private var length = Self.shortest
  /// Of far peers two answers come together, and then none for a while: a single pause says nothing of
  /// what the link carries.
  private var hasTakenLong = false
  /// In vain, since the last chunk.
  private var waits = 0
  /// When the last chunk came, or was asked for again.
  package private(set) var lastMove: Duration

  package init(digest: Digest, size: Int, at now: Duration) {
    self.digest = digest
    self.size = size
    lastMove = now
  }

  package var isComplete: Bool { received == size }

  /// What to ask for now.
  package mutating func requests() -> [BlobRequest] {
    // The very same pieces: late answers and repeated ones fit each other.
    var wanted = isStuck ? unanswered : []
    isStuck = false
    while unanswered.count < Self.outstanding, let next = nextRange {
      unanswered.append(next)
      wanted.append(next)
    }
    return wanted.map { BlobRequest(digest: digest, offset: $0.lowerBound, length: $0.count) }
  }

  private var nextRange: Range<Int>? {
    let start = unanswered.last?.upperBound ?? received
    return start < size ? start..<min(size, start + length) : nil
  }

  /// Whether `chunk` is the next one, which is taken then; a doubled or a stray one is not.
  package mutating func receive(_ chunk: BlobChunk, at now: Duration) -> Bool {
    guard chunk.digest == digest, chunk.size == size, let next = unanswered.first,
      chunk.offset == next.lowerBound, chunk.data.count == next.count
    else { return false }
    unanswered.removeFirst()
    waits = 0
    received = next.upperBound
    let pause = now - lastMove
    if pause < Self.atOnce {
      length = min(BlobChunk.largest, length * 2)
    } else if pause >= Self.long, hasTakenLong {
      length = max(Self.shortest, length / 2)
    }
    hasTakenLong = pause >= Self.long
    lastMove = now
    return true
  }

  /// The one rule for what does not come: it is asked for again `maxWaits` times, and then given up.
  package mutating func attend(at now: Duration) -> Pace {
    guard askAgain(after: Self.patience, at: now) else { return .moving }
    waits += 1
    return waits > Self.maxWaits ? .givenUp : .stuck
  }

  /// Asks again for what has not come, where nothing has come for `patience`.
  package mutating func askAgain(after patience: Duration, at now: Duration) -> Bool {
    guard !isComplete, now - lastMove >= patience else { return false }
    isStuck = true
    length = max(Self.shortest, length / 2)
    lastMove = now
    return true
  }
}
