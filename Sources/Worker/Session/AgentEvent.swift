package import Platform
package import Sweep
package import Wire

/// What a session can be told.
package enum AgentEvent: Sendable {
  case received(Envelope<ToWorker>)
  /// The network has a connection again; what was said before it has reached nobody.
  case connected
  /// The answer to `.findDataset` or to a `.store(chunk)` that was the last: where the file is.
  case datasetFound(path: String)
  /// The answer to `.findDataset`: it must come from the coordinator.
  case datasetMissing
  /// It cannot be had at present: the disk is full, its digest is wrong.
  case datasetFailed(String)
  case trainerSaid(SlotID, FromTrainer)
  /// What a trainer has had of the CPU so far; nil where the system does not tell.
  case trainerMeasured(SlotID, ProcessorUse?)
  case trainerEnded(SlotID, TrainerExit)
  /// A report of `.keep` can be neither kept nor sent.
  case reportRefused(AttemptID, String)
  /// The answer to `.openOutbox`: what was left over there.
  case outboxFound([AttemptReport])
  /// The answer to `.openOutbox`: where checkpoints of this store are kept, and what is there.
  case checkpointsFound(folder: String, [LocalCheckpoint])
  /// The answer to the last `.storeCheckpoint` of a point: nil where it does not serve.
  case checkpointFetched(PointKey, LocalCheckpoint?)
  /// SIGINT or SIGTERM.
  case stopRequested
  /// Time has passed, and everything that had arrived has been handed over.
  case tick
}

/// What a session wants done, in order.
package enum AgentEffect: Sendable {
  case send(Envelope<WorkerMessage>)
  case findDataset(Digest)
  case store(BlobChunk)
  case startTrainer(SlotID, blasCore: String)
  case order(SlotID, TrainerOrder)
  case killTrainer(SlotID)
  /// Open the outbox on the disk that belongs to this store; the one before is closed.
  case openOutbox(store: UInt64)
  /// Keep this on the disk, so that a later process can deliver it.
  case keep(AttemptReport)
  /// It is delivered, or pointless.
  case forget(AttemptID)
  /// Ask a trainer to write a checkpoint at its next batch and to end.
  case stopTrainer(SlotID)
  /// Send this piece of a file of `size` bytes.
  case sendPiece(BlobRequest, path: String, size: Int)
  /// A piece of the coordinator's checkpoint of a point.
  case storeCheckpoint(PointKey, CheckpointReference, BlobChunk)
  case removeCheckpoint(path: String)
  case log(String, about: LogSubject)
  /// End the process: 0 when the work is done or it was asked to stop, 1 otherwise.
  case end(status: Int32, message: String?)
}
