internal import Foundation
internal import SwiftProtobuf

/// Messages of one channel as bytes: two bytes of protocol version (big-endian), then a protobuf
/// message that holds them in their order.
///
/// Many small messages for one peer cost less in one frame than each in its own.
package enum Frame {
  /// Spoken by this program; a change that an older program would misread raises it.
  package static let protocolVersion = 2
  /// The most bytes of a frame, either way.
  package static let largest = 1 << 20
  /// Bytes of messages after which the next frame is begun; far below the largest frame, so that no
  /// peer waits long for the first of them.
  private static let full = 128 << 10
  /// A peer cannot make us hold more messages than a frame has room for anyway.
  private static let maxMessages = 1 << 16

  /// The frame of one message.
  package static func encode<Message: Channel>(
    _ envelope: Envelope<Message>
  ) throws(WireError) -> [UInt8] {
    try frame([Data(try Message.write(envelope))])
  }

  /// The frame of one message that belongs to no session.
  package static func encode<Message: Channel>(_ message: Message) throws(WireError) -> [UInt8] {
    try encode(Envelope(message))
  }

  /// The frames of `envelopes`, in their order: one where they are few and small.
  package static func encode<Message: Channel>(
    all envelopes: [Envelope<Message>]
  ) throws(WireError) -> [[UInt8]] {
    var frames: [[UInt8]] = []
    var bodies: [Data] = []
    var size = 0
    for envelope in envelopes {
      let body = try Message.write(envelope)
      if size + body.count > full, !bodies.isEmpty {
        frames.append(try frame(bodies))
        bodies.removeAll(keepingCapacity: true)
        size = 0
      }
      bodies.append(Data(body))
      size += body.count
    }
    if !bodies.isEmpty { frames.append(try frame(bodies)) }
    return frames
  }

  /// The messages in `bytes`, at least one, every value of each checked.
  ///
  /// Never traps, whatever the bytes.
  /// The version is read first: `WireError.version` means that nothing else was looked at.
  package static func decode<Message: Channel>(
    _ bytes: some Collection<UInt8>, as channel: Message.Type = Message.self
  ) throws(WireError) -> [Envelope<Message>] {
    guard bytes.count <= largest else { throw .oversize(bytes: bytes.count) }
    let head = Array(bytes.prefix(2))
    guard head.count == 2 else { throw .malformed("it has \(bytes.count) bytes") }
    let theirs = Int(head[0]) << 8 | Int(head[1])
    guard theirs == protocolVersion else {
      throw .version(theirs: theirs, ours: protocolVersion)
    }
    let bodies = try parse(Vaesweep_Frame.self, Array(bytes.dropFirst(2))).messages
    guard !bodies.isEmpty else { throw .unknownMessage }
    try FieldRules.few(bodies.count, "list of messages", atMost: maxMessages)
    var envelopes: [Envelope<Message>] = []
    envelopes.reserveCapacity(bodies.count)
    for body in bodies { envelopes.append(try Message.read(Array(body))) }
    return envelopes
  }

  private static func frame(_ bodies: [Data]) throws(WireError) -> [UInt8] {
    var message = Vaesweep_Frame()
    message.messages = bodies
    let body = try serialize(message)
    guard body.count + 2 <= largest else { throw .oversize(bytes: body.count + 2) }
    return [UInt8(protocolVersion >> 8), UInt8(protocolVersion & 0xff)] + body
  }

  static func serialize(_ message: some SwiftProtobuf.Message) throws(WireError) -> [UInt8] {
    do {
      return try message.serializedBytes()
    } catch {
      throw .malformed("the message cannot be written as protobuf")
    }
  }

  static func parse<Body: SwiftProtobuf.Message>(
    _ type: Body.Type, _ bytes: [UInt8]
  ) throws(WireError) -> Body {
    do {
      return try Body(serializedBytes: bytes)
    } catch {
      throw .malformed("its protobuf part cannot be read")
    }
  }
}
