package import Keyring
package import Wire

extension WireMessage {
  /// The one table of who may say what to a coordinator: nil for what nobody says to one.
  ///
  /// Exhaustive on purpose: a new message has no role until somebody has decided on one.
  package var requiredRole: KeyRole? {
    switch self {
    // Blobs go both ways: datasets to workers, pictures' data from them.
    case .hello, .ready, .heartbeat, .delivery, .failure, .blobRequest, .blobChunk, .goodbye,
      .handback, .checkpointOffer:
      .worker
    case .statusRequest: .operator
    // What a coordinator says itself, and what stays between a worker and its trainers.
    case .terms, .refusal, .grant, .recall, .heartbeatReply, .acknowledgement, .finish,
      .statusReply, .artifactSettled, .checkpointReply, .trainerCheckpointRequest,
      .trainerCheckpoint, .trainerOrder, .trainerReady, .trainerProgress,
      .trainerOutcome, .trainerRefusal, .trainerArtifact:
      nil
    }
  }

  /// The session that a worker's message claims to belong to.
  var session: SessionID? {
    switch self {
    case .hello(let body): body.session
    case .ready(let body): body.session
    case .heartbeat(let body): body.session
    case .delivery(let body): body.session
    case .failure(let body): body.session
    case .blobRequest(let body): body.session
    case .blobChunk(let body): body.session
    case .goodbye(let body): body.session
    case .handback(let body): body.session
    case .checkpointOffer(let body): body.session
    default: nil
    }
  }
}
