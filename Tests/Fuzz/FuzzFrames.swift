import Wire

/// The bytes as one frame of the network, and as the stream of a trainer's pipe in two pieces.
func fuzzFrames(_ bytes: UnsafeBufferPointer<UInt8>) {
  if let message = try? Frame.decode(bytes) {
    // What was accepted is written and read back as the same message.
    guard let again = try? Frame.encode(message) else {
      broken("an accepted frame cannot be written: \(message)")
    }
    guard let second = try? Frame.decode(again), let third = try? Frame.encode(second),
      third == again
    else { broken("an accepted frame does not come back: \(message)") }
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
