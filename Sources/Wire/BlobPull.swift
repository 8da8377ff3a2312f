package import Sweep

/// A blob on its way, whichever way: asked for in chunks, in order, two requests at a time.
///
/// Whoever pulls decides the pace, so control messages never wait behind more than two chunks.
package struct BlobPull: Hashable, Sendable {
  /// Requests without an answer at any time.
  package static let outstanding = 2

  package let digest: Digest
  package let size: Int
  /// Bytes taken so far, all before it.
  package private(set) var received = 0
  /// Bytes asked for so far.
  private var requested = 0
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
    while requested < size, requested - received < Self.outstanding * BlobChunk.largest {
      let length = min(BlobChunk.largest, size - requested)
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
    lastMove = now
    return true
  }

  /// Asks again from the last byte taken where nothing has come for `patience`.
  package mutating func askAgain(after patience: Duration, at now: Duration) -> Bool {
    guard !isComplete, now - lastMove >= patience else { return false }
    requested = received
    lastMove = now
    return true
  }
}
