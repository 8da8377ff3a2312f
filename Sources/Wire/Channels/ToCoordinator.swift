internal import SwiftProtobuf

/// What a coordinator can be told; who may say it follows from the case.
package enum ToCoordinator: Hashable, Sendable {
  case worker(WorkerMessage)
  case `operator`(OperatorRequest)
  /// All that whoever comes with an invitation may say.
  case join(Join)
}

/// What a worker says to its coordinator.
package enum WorkerMessage: Hashable, Sendable {
  case hello(Hello)
  case ready(Ready)
  case heartbeat(Heartbeat)
  /// Boxed, as are the others that hold an outcome or a point: a message is passed on by value.
  indirect case delivery(Delivery)
  case failure(FailureReport)
  case handback(Handback)
  case checkpointOffer(CheckpointOffer)
  case blobRequest(BlobRequest)
  case blobChunk(BlobChunk)
  /// It leaves by its own will and holds nothing any more.
  case goodbye
}

/// What a person's command asks of a coordinator.
package enum OperatorRequest: Hashable, Sendable {
  /// How does the sweep stand?
  case status
  /// The same for somebody who asks again and again: with the summary so far.
  case watch
  case order(OrderRequest)
  /// Work on this sweep from now on.
  case extend(ExtendRequest)
  /// End, with the state kept.
  case stop
  /// Train these points again, and tell what came of those that are done.
  indirect case audit(AuditRequest)
}

extension ToCoordinator: Channel {
  package static func read(_ body: [UInt8]) throws(WireError) -> Envelope<ToCoordinator> {
    let message = try Frame.parse(Vaesweep_ToCoordinator.self, body)
    return Envelope(
      try ToCoordinator(message.body), session: SessionID(message.session),
      sequence: message.sequence)
  }

  package static func write(_ envelope: Envelope<ToCoordinator>) throws(WireError) -> [UInt8] {
    var message = Vaesweep_ToCoordinator()
    message.session = envelope.session.value
    message.sequence = envelope.sequence
    message.body = try envelope.message.protobuf()
    return try Frame.serialize(message)
  }

  private init(_ body: Vaesweep_ToCoordinator.OneOf_Body?) throws(WireError) {
    switch body {
    case .hello(let body): self = .worker(.hello(try Hello(body)))
    case .ready(let body): self = .worker(.ready(try Ready(body)))
    case .heartbeat(let body): self = .worker(.heartbeat(try Heartbeat(body)))
    case .delivery(let body): self = .worker(.delivery(try Delivery(body)))
    case .failure(let body): self = .worker(.failure(try FailureReport(body)))
    case .handback(let body): self = .worker(.handback(try Handback(body)))
    case .checkpointOffer(let body): self = .worker(.checkpointOffer(try CheckpointOffer(body)))
    case .blobRequest(let body): self = .worker(.blobRequest(try BlobRequest(body)))
    case .blobChunk(let body): self = .worker(.blobChunk(try BlobChunk(body)))
    case .goodbye: self = .worker(.goodbye)
    case .join(let body): self = .join(try Join(body))
    case .statusRequest(let body): self = .operator(body.watches ? .watch : .status)
    case .order(let body): self = .operator(.order(try OrderRequest(body)))
    case .extendRequest(let body): self = .operator(.extend(try ExtendRequest(body)))
    case .stopRequest: self = .operator(.stop)
    case .auditRequest(let body): self = .operator(.audit(try AuditRequest(body)))
    case nil: throw .unknownMessage
    }
  }

  private func protobuf() throws(WireError) -> Vaesweep_ToCoordinator.OneOf_Body {
    switch self {
    case .worker(let message): try message.protobuf()
    case .join(let body): .join(body.protobuf())
    case .operator(.status): .statusRequest(Vaesweep_StatusRequest())
    case .operator(.watch): .statusRequest(.with { $0.watches = true })
    case .operator(.order(let body)): .order(body.protobuf())
    case .operator(.extend(let body)): .extendRequest(body.protobuf())
    case .operator(.stop): .stopRequest(Vaesweep_StopRequest())
    case .operator(.audit(let body)): .auditRequest(try body.protobuf())
    }
  }
}

extension WorkerMessage {
  fileprivate func protobuf() throws(WireError) -> Vaesweep_ToCoordinator.OneOf_Body {
    switch self {
    case .hello(let body): .hello(try body.protobuf())
    case .ready(let body): .ready(body.protobuf())
    case .heartbeat(let body): .heartbeat(try body.protobuf())
    case .delivery(let body): .delivery(try body.protobuf())
    case .failure(let body): .failure(try body.protobuf())
    case .handback(let body): .handback(body.protobuf())
    case .checkpointOffer(let body): .checkpointOffer(try body.protobuf())
    case .blobRequest(let body): .blobRequest(try body.protobuf())
    case .blobChunk(let body): .blobChunk(try body.protobuf())
    case .goodbye: .goodbye(Vaesweep_Goodbye())
    }
  }
}
