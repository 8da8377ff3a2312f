import Sweep
import VAE
import Wire

/// Pictures are named in heartbeats once their outcome is acknowledged, handed over when they are
/// asked for, and kept until the coordinator settles them.
extension AgentSession {
  /// Nothing is left that the coordinator should have.
  var hasHandedEverythingOver: Bool { outbox.isEmpty && pictures.isEmpty }

  /// A run has its outcome: one that diverged has no pictures.
  mutating func keepPictures(of point: HeldPoint, _ outcome: Outcome, from slot: SlotID) {
    if outcome.status == .ok {
      pictures.finish(slot, as: point.attempt, of: point.key)
    } else {
      pictures.begin(slot)
    }
  }

  /// Answers a request for a piece.
  ///
  /// The coordinator has two under way at a time, so that no heartbeat waits long behind them.
  mutating func serve(_ request: BlobRequest) {
    guard let data = pictures.data(of: request.digest), request.offset < data.count else { return }
    let end = min(data.count, request.offset + min(request.length, BlobChunk.largest))
    send(
      .blobChunk(
        BlobChunk(
          digest: request.digest, offset: request.offset, size: data.count,
          data: Array(data[request.offset..<end]))))
  }

  /// A picture is in the store, or not wanted.
  mutating func forget(_ settled: ArtifactSettled) {
    let hadRoom = pictures.room(slots: slots.count) > 0
    pictures.forget(settled.kind, of: settled.attempt)
    if !hadRoom { heartbeatIsDue = true }
  }
}
