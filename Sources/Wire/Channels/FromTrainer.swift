internal import SwiftProtobuf

/// What a trainer process says to its worker, over its standard output; see `ToTrainer`.
package enum FromTrainer: Hashable, Sendable {
  /// It has started.
  case ready(TrainerReady)
  case progress(TrainerProgress)
  case artifact(TrainerArtifact)
  case checkpoint(TrainerCheckpoint)
  indirect case outcome(TrainerOutcome)
  /// The point cannot be trained, by anybody.
  case refusal(TrainerRefusal)
  /// No point can be trained on this host at present; the process ends.
  case hostFault(TrainerHostFault)
}

extension FromTrainer: Channel {
  package static func read(_ body: [UInt8]) throws(WireError) -> Envelope<FromTrainer> {
    switch try Frame.parse(Vaesweep_FromTrainer.self, body).body {
    case .ready(let body): Envelope(.ready(try TrainerReady(body)))
    case .progress(let body): Envelope(.progress(try TrainerProgress(body)))
    case .artifact(let body): Envelope(.artifact(try TrainerArtifact(body)))
    case .checkpoint(let body): Envelope(.checkpoint(try TrainerCheckpoint(body)))
    case .outcome(let body): Envelope(.outcome(try TrainerOutcome(body)))
    case .refusal(let body): Envelope(.refusal(try TrainerRefusal(body)))
    case .hostFault(let body): Envelope(.hostFault(try TrainerHostFault(body)))
    case nil: throw WireError.unknownMessage
    }
  }

  package static func write(_ envelope: Envelope<FromTrainer>) throws(WireError) -> [UInt8] {
    var message = Vaesweep_FromTrainer()
    message.body =
      switch envelope.message {
      case .ready(let body): .ready(body.protobuf())
      case .progress(let body): .progress(try body.protobuf())
      case .artifact(let body): .artifact(try body.protobuf())
      case .checkpoint(let body): .checkpoint(try body.protobuf())
      case .outcome(let body): .outcome(try body.protobuf())
      case .refusal(let body): .refusal(body.protobuf())
      case .hostFault(let body): .hostFault(body.protobuf())
      }
    return try Frame.serialize(message)
  }
}
