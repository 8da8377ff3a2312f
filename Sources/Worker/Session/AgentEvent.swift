package import Sweep
package import Wire

/// What a session can be told.
package enum AgentEvent: Sendable {
  case received(WireMessage)
  /// The answer to `.findDataset` or to a `.store(chunk)` that was the last: where the file is.
  case datasetFound(path: String)
  /// The answer to `.findDataset`: it must come from the coordinator.
  case datasetMissing
  /// It cannot be received: the disk is full, its digest is wrong.
  case datasetFailed(String)
  case trainerSaid(SlotID, WireMessage)
  case trainerEnded(SlotID, TrainerExit)
  /// SIGINT or SIGTERM.
  case stopRequested
  /// Time has passed, and everything that had arrived has been handed over.
  case tick
}

/// What a session wants done, in order.
package enum AgentEffect: Sendable {
  case send(WireMessage)
  case findDataset(Digest)
  case store(BlobChunk)
  case startTrainer(SlotID, blasCore: String)
  case order(SlotID, TrainerOrder)
  case killTrainer(SlotID)
  case log(String)
  /// End the process: 0 when the work is done or it was asked to stop, 1 otherwise.
  case end(status: Int32, message: String?)
}
