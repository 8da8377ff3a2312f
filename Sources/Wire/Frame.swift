internal import SwiftProtobuf

/// One message as bytes: two bytes of protocol version (big-endian), then a protobuf message.
package enum Frame {
  /// Spoken by this program; a change that an older program would misread raises it.
  package static let protocolVersion = 1
  /// The most bytes of a frame, either way.
  package static let largest = 1 << 20

  /// The frame of `message`.
  package static func encode(_ message: WireMessage) throws(WireError) -> [UInt8] {
    let body = try message.protobuf()
    let bytes: [UInt8]
    do {
      bytes = try body.serializedBytes()
    } catch {
      throw .malformed("the message cannot be written as protobuf")
    }
    guard bytes.count + 2 <= largest else { throw .oversize(bytes: bytes.count + 2) }
    return [UInt8(protocolVersion >> 8), UInt8(protocolVersion & 0xff)] + bytes
  }

  /// The message in `bytes`, every value checked.
  ///
  /// Never traps, whatever the bytes.
  /// The version is read first: `WireError.version` means that nothing else was looked at.
  package static func decode(_ bytes: some Collection<UInt8>) throws(WireError) -> WireMessage {
    guard bytes.count <= largest else { throw .oversize(bytes: bytes.count) }
    let head = Array(bytes.prefix(2))
    guard head.count == 2 else { throw .malformed("it has \(bytes.count) bytes") }
    let theirs = Int(head[0]) << 8 | Int(head[1])
    guard theirs == protocolVersion else {
      throw .version(theirs: theirs, ours: protocolVersion)
    }
    let body: Vaesweep_Message
    do {
      body = try Vaesweep_Message(serializedBytes: Array(bytes.dropFirst(2)))
    } catch {
      throw .malformed("its protobuf part cannot be read")
    }
    return try WireMessage(body)
  }
}
