/// Cuts the bytes of a pipe into frames: each stands behind its length, four bytes big-endian.
package struct FrameReader: Sendable {
  private var buffer: [UInt8] = []
  /// Where the first byte not yet handed out stands in `buffer`.
  private var start = 0

  package init() {}

  /// Bytes that have arrived and are not yet part of a frame handed out.
  package var pending: Int { buffer.count - start }

  /// Takes in what a read returned.
  package mutating func append(_ bytes: some Collection<UInt8>) {
    if start > 0 {
      buffer.removeFirst(start)
      start = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// The next whole frame, or nil until more bytes come.
  ///
  /// After an error the place in the stream is lost: end the other process.
  package mutating func next() throws(WireError) -> [UInt8]? {
    guard pending >= 4 else { return nil }
    let length = buffer[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) }
    guard length <= Frame.largest else { throw .oversize(bytes: length) }
    guard pending - 4 >= length else { return nil }
    let first = start + 4
    start = first + length
    return Array(buffer[first..<start])
  }

  /// The messages of the next whole frame, or nil until more bytes come.
  package mutating func nextMessages<Message: Channel>(
    _ channel: Message.Type = Message.self
  ) throws(WireError) -> [Message]? {
    guard let frame = try next() else { return nil }
    return try Frame.decode(frame, as: channel).map(\.message)
  }
}

extension Frame {
  /// `frame` behind its length, as it goes through a pipe.
  package static func lengthPrefixed(_ frame: [UInt8]) throws(WireError) -> [UInt8] {
    guard frame.count <= largest else { throw .oversize(bytes: frame.count) }
    let length = UInt32(frame.count)
    return (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + frame
  }
}
