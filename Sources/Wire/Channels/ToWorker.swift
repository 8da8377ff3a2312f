internal import SwiftProtobuf

/// What a coordinator says to a worker.
package enum ToWorker: Hashable, Sendable {
  /// It will not work with this worker, and says why in one line.
  case refusal(Refusal)
  case terms(Terms)
  indirect case grant(Grant)
  /// Answers the heartbeat whose sequence the envelope repeats.
  case heartbeatReply(HeartbeatReply)
  case acknowledgement(Acknowledgement)
  case recall(Recall)
  case checkpointReply(CheckpointReply)
  case artifactSettled(ArtifactSettled)
  case blobRequest(BlobRequest)
  case blobChunk(BlobChunk)
  /// The sweep is complete: the worker ends, or waits for the next coordinator.
  case finish
  /// What became of a worker that came with an invitation.
  case joinReply(JoinReply)
}

extension ToWorker: Channel {
  package static func read(_ body: [UInt8]) throws(WireError) -> Envelope<ToWorker> {
    let message = try Frame.parse(Vaesweep_ToWorker.self, body)
    return Envelope(
      try ToWorker(message.body), session: SessionID(message.session), sequence: message.sequence)
  }

  package static func write(_ envelope: Envelope<ToWorker>) throws(WireError) -> [UInt8] {
    var message = Vaesweep_ToWorker()
    message.session = envelope.session.value
    message.sequence = envelope.sequence
    message.body = try envelope.message.protobuf()
    return try Frame.serialize(message)
  }

  private init(_ body: Vaesweep_ToWorker.OneOf_Body?) throws(WireError) {
    switch body {
    case .refusal(let body): self = .refusal(try Refusal(body))
    case .terms(let body): self = .terms(try Terms(body))
    case .grant(let body): self = .grant(try Grant(body))
    case .heartbeatReply(let body): self = .heartbeatReply(try HeartbeatReply(body))
    case .acknowledgement(let body): self = .acknowledgement(try Acknowledgement(body))
    case .recall(let body): self = .recall(try Recall(body))
    case .checkpointReply(let body): self = .checkpointReply(try CheckpointReply(body))
    case .artifactSettled(let body): self = .artifactSettled(try ArtifactSettled(body))
    case .blobRequest(let body): self = .blobRequest(try BlobRequest(body))
    case .blobChunk(let body): self = .blobChunk(try BlobChunk(body))
    case .finish: self = .finish
    case .joinReply(let body): self = .joinReply(try JoinReply(body))
    case nil: throw .unknownMessage
    }
  }

  private func protobuf() throws(WireError) -> Vaesweep_ToWorker.OneOf_Body {
    switch self {
    case .refusal(let body): .refusal(body.protobuf())
    case .terms(let body): .terms(try body.protobuf())
    case .grant(let body): .grant(try body.protobuf())
    case .heartbeatReply(let body): .heartbeatReply(body.protobuf())
    case .acknowledgement(let body): .acknowledgement(body.protobuf())
    case .recall(let body): .recall(body.protobuf())
    case .checkpointReply(let body): .checkpointReply(body.protobuf())
    case .artifactSettled(let body): .artifactSettled(body.protobuf())
    case .blobRequest(let body): .blobRequest(try body.protobuf())
    case .blobChunk(let body): .blobChunk(try body.protobuf())
    case .finish: .finish(Vaesweep_Finish())
    case .joinReply(let body): .joinReply(body.protobuf())
    }
  }
}
