internal import Foundation
internal import SwiftProtobuf

/// Many small messages for one peer cost less in one frame than each in its own.
extension Frame {
  /// Bytes of a bundle after which the next one is begun; far below the largest frame, so that no
  /// peer waits long for the first of them.
  private static let fullBundle = 128 << 10
  /// A peer cannot make us hold more messages than a frame has room for anyway.
  private static let mostInBundle = 1 << 16

  /// The frames of `messages`, in their order: one where they are few and small.
  package static func encode(all messages: [WireMessage]) throws(WireError) -> [[UInt8]] {
    var frames: [[UInt8]] = []
    var bundle = Vaesweep_Bundle()
    var size = 0
    func flush() throws(WireError) {
      if bundle.messages.count == 1 {
        frames.append(try frame(around: Array(bundle.messages[0])))
      } else if !bundle.messages.isEmpty {
        var message = Vaesweep_Message()
        message.bundle = bundle
        frames.append(try frame(around: try serialize(message)))
      }
      bundle.messages.removeAll(keepingCapacity: true)
      size = 0
    }
    for message in messages {
      let body = try body(of: message)
      if size + body.count > fullBundle { try flush() }
      bundle.messages.append(Data(body))
      size += body.count
    }
    try flush()
    return frames
  }

  /// The messages in `bytes`, one or several, every value of each checked; otherwise as `decode`.
  package static func decodeAll(_ bytes: some Collection<UInt8>) throws(WireError) -> [WireMessage]
  {
    let body = try open(bytes)
    guard case .bundle(let bundle) = body.body else { return [try WireMessage(body)] }
    try FieldRules.few(bundle.messages.count, "bundle", atMost: mostInBundle)
    var messages: [WireMessage] = []
    messages.reserveCapacity(bundle.messages.count)
    for body in bundle.messages { messages.append(try WireMessage(try parse(body))) }
    return messages
  }
}
