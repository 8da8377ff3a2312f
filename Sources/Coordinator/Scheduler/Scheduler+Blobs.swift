import Sweep
import Wire

// Checkpoints and artifacts come from workers as blobs, by one way: `BlobIntake`.
extension Scheduler {
  /// A piece of something that was asked for.
  mutating func receive(_ chunk: BlobChunk, _ origin: Origin) {
    guard let worker = roster[origin.session], worker.peer == origin.peer else { return }
    switch intake.receive(chunk, from: worker.session, at: time.now) {
    case .stray: return
    case .more(let requests):
      for request in requests { send(.blobRequest(request), to: worker) }
      return
    case .contradicts(let purpose):
      giveUp(purpose, of: worker.session, "it has another size than was said")
    case .whole(.checkpoint(let offered), let data):
      checkpoints.beginWriting(offered)
      out.add(.writeCheckpoint(offered, data))
    case .whole(.artifact(let artifact), let data):
      artifactArrived(artifact, data, from: worker.session)
    }
    requestBlobs()
  }

  /// Asks for what is wanted: of new blobs, and again of those that got stuck.
  mutating func requestBlobs() {
    guard !intake.isIdle else { return }
    let (requests, givenUp) = intake.attend(at: time.now)
    for (session, request) in requests {
      guard let worker = roster[session] else {
        intake.drop(session)
        continue
      }
      send(.blobRequest(request), to: worker)
    }
    for (session, purpose) in givenUp {
      giveUp(purpose, of: session, "it was named and never came")
    }
  }

  /// A checkpoint that does not come is offered again; of artifacts it is remembered whose they were.
  private mutating func giveUp(
    _ purpose: BlobIntake.Purpose, of session: SessionID, _ reason: String
  ) {
    switch purpose {
    case .checkpoint: break
    case .artifact(let artifact): refuse(artifact, of: session, reason)
    }
  }
}
