internal import SwiftProtobuf

/// One message as bytes: two bytes of protocol version (big-endian), then a protobuf message.
package enum Frame {
  /// Spoken by this program; a change that an older program would misread raises it.
  package static let protocolVersion = 2
  /// The most bytes of a frame, either way.
  package static let largest = 1 << 20

  /// The frame of `message`.
  package static func encode(_ message: WireMessage) throws(WireError) -> [UInt8] {
    try frame(around: try body(of: message))
  }

  /// The message in `bytes`, every value checked.
  ///
  /// Never traps, whatever the bytes.
  /// The version is read first: `WireError.version` means that nothing else was looked at.
  package static func decode(_ bytes: some Collection<UInt8>) throws(WireError) -> WireMessage {
    try WireMessage(try open(bytes))
  }

  static func body(of message: WireMessage) throws(WireError) -> [UInt8] {
    try serialize(try message.protobuf())
  }

  static func serialize(_ body: Vaesweep_Message) throws(WireError) -> [UInt8] {
    do {
      return try body.serializedBytes()
    } catch {
      throw .malformed("the message cannot be written as protobuf")
    }
  }

  static func frame(around body: [UInt8]) throws(WireError) -> [UInt8] {
    guard body.count + 2 <= largest else { throw .oversize(bytes: body.count + 2) }
    return [UInt8(protocolVersion >> 8), UInt8(protocolVersion & 0xff)] + body
  }

  /// What stands in a frame, before any of its values is checked.
  static func open(_ bytes: some Collection<UInt8>) throws(WireError) -> Vaesweep_Message {
    guard bytes.count <= largest else { throw .oversize(bytes: bytes.count) }
    let head = Array(bytes.prefix(2))
    guard head.count == 2 else { throw .malformed("it has \(bytes.count) bytes") }
    let theirs = Int(head[0]) << 8 | Int(head[1])
    guard theirs == protocolVersion else {
      throw .version(theirs: theirs, ours: protocolVersion)
    }
    return try parse(Array(bytes.dropFirst(2)))
  }

  static func parse(_ body: some SwiftProtobufContiguousBytes) throws(WireError)
    -> Vaesweep_Message
  {
    do {
      return try Vaesweep_Message(serializedBytes: body)
    } catch {
      throw .malformed("its protobuf part cannot be read")
    }
  }
}
