internal import SwiftProtobuf

/// What a worker says to one of its trainer processes, over its standard input.
///
/// A pipe has two ends and keeps the order: the envelope bears no session and no number.
package enum ToTrainer: Hashable, Sendable {
  indirect case order(TrainerOrder)
  /// Write a checkpoint at the next batch and stop.
  case checkpointRequest
}

extension ToTrainer: Channel {
  package static func read(_ body: [UInt8]) throws(WireError) -> Envelope<ToTrainer> {
    switch try Frame.parse(Vaesweep_ToTrainer.self, body).body {
    case .order(let body): Envelope(.order(try TrainerOrder(body)))
    case .checkpointRequest: Envelope(.checkpointRequest)
    case nil: throw WireError.unknownMessage
    }
  }

  package static func write(_ envelope: Envelope<ToTrainer>) throws(WireError) -> [UInt8] {
    var message = Vaesweep_ToTrainer()
    message.body =
      switch envelope.message {
      case .order(let body): .order(try body.protobuf())
      case .checkpointRequest: .checkpointRequest(Vaesweep_TrainerCheckpointRequest())
      }
    return try Frame.serialize(message)
  }
}
