internal import Foundation

/// What an invited worker says: which key of its own is to be approved.
package struct Join: Hashable, Sendable {
  /// Bytes of a key.
  package static let keyBytes = 32

  /// Its own public key.
  package var key: [UInt8]
  package var host: String

  package init(key: [UInt8], host: String) {
    self.key = key
    self.host = host
  }
}

/// Answers a `Join` once what it says is durable.
package enum JoinReply: Hashable, Sendable {
  /// The worker's own key is approved.
  case admitted
  /// Why it is not, in one line.
  case refused(reason: String)
}

extension Join {
  init(_ message: Vaesweep_Join) throws(WireError) {
    guard message.publicKey.count == Self.keyBytes else {
      throw .invalid(field: "key", reason: "has \(message.publicKey.count) bytes, not 32")
    }
    self.init(
      key: Array(message.publicKey), host: try FieldRules.name(message.host, "host"))
  }

  func protobuf() -> Vaesweep_Join {
    var message = Vaesweep_Join()
    message.publicKey = Data(key)
    message.host = FieldRules.cleanName(host)
    return message
  }
}

extension JoinReply {
  init(_ message: Vaesweep_JoinReply) throws(WireError) {
    switch message.outcome {
    case .admitted: self = .admitted
    case .refused(let reason): self = .refused(reason: try FieldRules.line(reason, "reason"))
    case nil: throw .unknownMessage
    }
  }

  func protobuf() -> Vaesweep_JoinReply {
    var message = Vaesweep_JoinReply()
    message.outcome =
      switch self {
      case .admitted: .admitted(Vaesweep_JoinAdmitted())
      case .refused(let reason): .refused(FieldRules.clean(reason))
      }
    return message
  }
}
