import Wire

/// The bytes as one frame of the network, and as the stream of a trainer's pipe in two pieces.
func fuzzFrames(_ bytes: UnsafeBufferPointer<UInt8>) {
  if let messages = try? Frame.decodeAll(bytes) {
    // What was accepted is written and read back as the same messages.
    guard let again = try? Frame.encode(all: messages) else {
      broken("an accepted frame cannot be written: \(messages)")
    }
    var second: [WireMessage] = []
    for frame in again {
      guard let read = try? Frame.decodeAll(frame) else {
        broken("a frame that was written cannot be read: \(messages)")
      }
      second += read
    }
    guard let third = try? Frame.encode(all: second), third == again else {
      broken("an accepted frame does not come back: \(messages)")
    }
  }
  var reader = FrameReader()
  let middle = bytes.count / 2
  for piece in [bytes[..<middle], bytes[middle...]] {
    reader.append(piece)
    do {
      while try reader.nextMessage() != nil {}
    } catch {
      return
    }
  }
}
