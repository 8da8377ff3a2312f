import Sweep
import Synchronization
import TestSupport
import Wire
import ZeroMQ

/// A worker that trains nothing: it takes one point, and may have a checkpoint of it to hand over.
///
/// Whatever it says it says again until it is answered, so that it finds any coordinator.
struct ScriptedWorker {
  /// How far it got.
  struct Ending: Sendable {
    var grant: Grant?
    /// Whether the coordinator has said that it keeps the checkpoint.
    var isPromised = false
  }

  let peer: RawPeer
  let session: SessionID
  let fingerprint: String
  private var sequence: UInt64 = 0

  init(_ endpoint: Endpoint, _ session: UInt64, fingerprint: String) throws {
    peer = try RawPeer(endpoint)
    self.session = SessionID(session)
    self.fingerprint = fingerprint
  }

  /// Takes a point, and hands over what `checkpoint` makes of it, until that is answered, or `isOver`.
  ///
  /// - Parameter checkpoint: nil: it is done once it has a point.
  mutating func work(
    until isOver: () -> Bool, checkpoint: ((Grant) throws -> (CheckpointReference, [UInt8]))? = nil
  ) throws -> Ending {
    var ending = Ending()
    var offered: (reference: CheckpointReference, bytes: [UInt8])?
    while !isOver() {
      try speak(ending.grant, offered?.reference)
      while let message = try next() {
        switch message {
        case .grant(let grant):
          ending.grant = grant
          guard let checkpoint else { return ending }
          if offered == nil { offered = try checkpoint(grant) }
        case .blobRequest(let request):
          guard let offered else { continue }
          let end = min(request.offset + request.length, offered.bytes.count)
          try? say(
            .blobChunk(
              BlobChunk(
                digest: request.digest, offset: request.offset,
                size: offered.bytes.count, data: Array(offered.bytes[request.offset..<end]))))
        case .checkpointReply(let reply):
          ending.isPromised = reply.stored
          return ending
        default: break
        }
      }
    }
    return ending
  }

  func leave() throws { try say(.goodbye) }

  /// Everything that a coordinator could lack, in order.
  private mutating func speak(_ grant: Grant?, _ offered: CheckpointReference?) throws {
    sequence += 1
    try say(.hello(ServiceFixture.hello()))
    try say(.ready(Ready(fingerprint: fingerprint)))
    let held = grant.map {
      HeldAttempt(
        attempt: $0.attempt, progress: AttemptProgress(step: 2, steps: 4, epoch: 1),
        finished: false)
    }
    try say(
      .heartbeat(
        Heartbeat(
          held: held.map { [$0] } ?? [],
          credit: held == nil ? 1 : 0)))
    guard let grant, let offered else { return }
    try say(
      .checkpointOffer(
        CheckpointOffer(attempt: grant.attempt, checkpoint: offered)))
  }

  /// What nobody takes is lost, as with a real worker.
  private func say(_ message: WorkerMessage) throws {
    let envelope = Envelope(
      ToCoordinator.worker(message), session: session, sequence: sequence)
    _ = try peer.socket.send([try Frame.encode(envelope)])
  }

  private func next() throws -> ToWorker? {
    try peer.next(within: .milliseconds(50))
  }
}
