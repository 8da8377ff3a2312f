/// Everything that coordinator, worker, trainer and `status` say to each other.
package enum WireMessage: Hashable, Sendable {
  // worker → coordinator
  case hello(Hello)
  case ready(Ready)
  case heartbeat(Heartbeat)
  /// Boxed, as are the others that hold an outcome: a message is passed on by value.
  indirect case delivery(Delivery)
  case failure(FailureReport)
  case blobRequest(BlobRequest)
  case goodbye(Goodbye)
  case handback(Handback)
  case statusRequest(StatusRequest)
  case checkpointOffer(CheckpointOffer)
  // coordinator → worker
  case terms(Terms)
  case refusal(Refusal)
  indirect case grant(Grant)
  case heartbeatReply(HeartbeatReply)
  case acknowledgement(Acknowledgement)
  case blobChunk(BlobChunk)
  case finish(Finish)
  case recall(Recall)
  case statusReply(StatusReply)
  case artifactSettled(ArtifactSettled)
  case checkpointReply(CheckpointReply)
  // worker → trainer
  indirect case trainerOrder(TrainerOrder)
  case trainerCheckpointRequest(TrainerCheckpointRequest)
  // trainer → worker
  case trainerReady(TrainerReady)
  case trainerProgress(TrainerProgress)
  indirect case trainerOutcome(TrainerOutcome)
  case trainerRefusal(TrainerRefusal)
  case trainerArtifact(TrainerArtifact)
  case trainerCheckpoint(TrainerCheckpoint)
}

extension WireMessage {
  init(_ message: Vaesweep_Message) throws(WireError) {
    switch message.body {
    case .hello(let body): self = .hello(try Hello(body))
    case .ready(let body): self = .ready(try Ready(body))
    case .heartbeat(let body): self = .heartbeat(try Heartbeat(body))
    case .delivery(let body): self = .delivery(try Delivery(body))
    case .failure(let body): self = .failure(try FailureReport(body))
    case .blobRequest(let body): self = .blobRequest(try BlobRequest(body))
    case .goodbye(let body): self = .goodbye(Goodbye(body))
    case .handback(let body): self = .handback(try Handback(body))
    case .recall(let body): self = .recall(try Recall(body))
    case .statusRequest: self = .statusRequest(StatusRequest())
    case .terms(let body): self = .terms(try Terms(body))
    case .refusal(let body): self = .refusal(try Refusal(body))
    case .grant(let body): self = .grant(try Grant(body))
    case .heartbeatReply(let body): self = .heartbeatReply(try HeartbeatReply(body))
    case .acknowledgement(let body): self = .acknowledgement(try Acknowledgement(body))
    case .blobChunk(let body): self = .blobChunk(try BlobChunk(body))
    case .finish(let body): self = .finish(Finish(body))
    case .statusReply(let body): self = .statusReply(try StatusReply(body))
    case .trainerOrder(let body): self = .trainerOrder(try TrainerOrder(body))
    case .trainerReady(let body): self = .trainerReady(try TrainerReady(body))
    case .trainerProgress(let body): self = .trainerProgress(try TrainerProgress(body))
    case .trainerOutcome(let body): self = .trainerOutcome(try TrainerOutcome(body))
    case .trainerRefusal(let body): self = .trainerRefusal(try TrainerRefusal(body))
    case .bundle: throw .malformed("it holds a bundle where one message belongs")
    case .artifactSettled(let body): self = .artifactSettled(try ArtifactSettled(body))
    case .trainerArtifact(let body): self = .trainerArtifact(try TrainerArtifact(body))
    case .checkpointOffer(let body): self = .checkpointOffer(try CheckpointOffer(body))
    case .checkpointReply(let body): self = .checkpointReply(try CheckpointReply(body))
    case .trainerCheckpointRequest: self = .trainerCheckpointRequest(TrainerCheckpointRequest())
    case .trainerCheckpoint(let body): self = .trainerCheckpoint(try TrainerCheckpoint(body))
    case nil: throw .malformed("it holds no message that this version knows")
    }
  }

  func protobuf() throws(WireError) -> Vaesweep_Message {
    var message = Vaesweep_Message()
    switch self {
    case .hello(let body): message.body = .hello(try body.protobuf())
    case .ready(let body): message.body = .ready(body.protobuf())
    case .heartbeat(let body): message.body = .heartbeat(try body.protobuf())
    case .delivery(let body): message.body = .delivery(try body.protobuf())
    case .failure(let body): message.body = .failure(try body.protobuf())
    case .blobRequest(let body): message.body = .blobRequest(try body.protobuf())
    case .goodbye(let body): message.body = .goodbye(body.protobuf())
    case .handback(let body): message.body = .handback(body.protobuf())
    case .recall(let body): message.body = .recall(body.protobuf())
    case .statusRequest: message.body = .statusRequest(Vaesweep_StatusRequest())
    case .terms(let body): message.body = .terms(try body.protobuf())
    case .refusal(let body): message.body = .refusal(body.protobuf())
    case .grant(let body): message.body = .grant(try body.protobuf())
    case .heartbeatReply(let body): message.body = .heartbeatReply(body.protobuf())
    case .acknowledgement(let body): message.body = .acknowledgement(body.protobuf())
    case .blobChunk(let body): message.body = .blobChunk(try body.protobuf())
    case .finish(let body): message.body = .finish(body.protobuf())
    case .statusReply(let body): message.body = .statusReply(try body.protobuf())
    case .trainerOrder(let body): message.body = .trainerOrder(try body.protobuf())
    case .trainerReady(let body): message.body = .trainerReady(body.protobuf())
    case .trainerProgress(let body): message.body = .trainerProgress(try body.protobuf())
    case .trainerOutcome(let body): message.body = .trainerOutcome(try body.protobuf())
    case .trainerRefusal(let body): message.body = .trainerRefusal(body.protobuf())
    case .artifactSettled(let body): message.body = .artifactSettled(body.protobuf())
    case .trainerArtifact(let body): message.body = .trainerArtifact(try body.protobuf())
    case .checkpointOffer(let body): message.body = .checkpointOffer(try body.protobuf())
    case .checkpointReply(let body): message.body = .checkpointReply(body.protobuf())
    case .trainerCheckpointRequest:
      message.body = .trainerCheckpointRequest(Vaesweep_TrainerCheckpointRequest())
    case .trainerCheckpoint(let body): message.body = .trainerCheckpoint(try body.protobuf())
    }
    return message
  }
}
