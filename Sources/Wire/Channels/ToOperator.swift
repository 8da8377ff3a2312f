internal import SwiftProtobuf

/// What a coordinator answers to a person's command.
package enum ToOperator: Hashable, Sendable {
  case refusal(Refusal)
  case status(StatusReply)
  /// What became of what was ordered.
  case order(OrderReply)
  case auditProgress(AuditProgress)
  indirect case auditResult(AuditResult)
}

extension ToOperator: Channel {
  package static func read(_ body: [UInt8]) throws(WireError) -> Envelope<ToOperator> {
    let message = try Frame.parse(Vaesweep_ToOperator.self, body)
    return Envelope(
      try ToOperator(message.body), session: SessionID(message.session),
      sequence: message.sequence)
  }

  package static func write(_ envelope: Envelope<ToOperator>) throws(WireError) -> [UInt8] {
    var message = Vaesweep_ToOperator()
    message.session = envelope.session.value
    message.sequence = envelope.sequence
    message.body =
      switch envelope.message {
      case .refusal(let body): .refusal(body.protobuf())
      case .status(let body): .statusReply(try body.protobuf())
      case .order(let body): .orderReply(body.protobuf())
      case .auditProgress(let body): .auditProgress(try body.protobuf())
      case .auditResult(let body): .auditResult(try body.protobuf())
      }
    return try Frame.serialize(message)
  }

  private init(_ body: Vaesweep_ToOperator.OneOf_Body?) throws(WireError) {
    switch body {
    case .refusal(let body): self = .refusal(try Refusal(body))
    case .statusReply(let body): self = .status(try StatusReply(body))
    case .orderReply(let body): self = .order(try OrderReply(body))
    case .auditProgress(let body): self = .auditProgress(try AuditProgress(body))
    case .auditResult(let body): self = .auditResult(try AuditResult(body))
    case nil: throw .unknownMessage
    }
  }
}
