import Wire

/// The bytes as one frame of each channel, and as the stream of a trainer's pipe in two pieces.
func fuzzFrames(_ bytes: UnsafeBufferPointer<UInt8>) {
  fuzzChannel(ToCoordinator.self, bytes)
  fuzzChannel(ToWorker.self, bytes)
  fuzzChannel(ToOperator.self, bytes)
  fuzzChannel(ToTrainer.self, bytes)
  fuzzChannel(FromTrainer.self, bytes)
  var reader = FrameReader()
  let middle = bytes.count / 2
  for piece in [bytes[..<middle], bytes[middle...]] {
    reader.append(piece)
    do {
      while try reader.nextMessages(FromTrainer.self) != nil {}
    } catch {
      return
    }
  }
}

/// What was accepted is written and read back as the same messages.
private func fuzzChannel<Message: Channel>(
  _ channel: Message.Type, _ bytes: UnsafeBufferPointer<UInt8>
) {
  guard let messages = try? Frame.decode(bytes, as: channel) else { return }
  guard let again = try? Frame.encode(all: messages) else {
    broken("an accepted frame cannot be written: \(messages)")
  }
  var second: [Envelope<Message>] = []
  for frame in again {
    guard let read = try? Frame.decode(frame, as: channel) else {
      broken("a frame that was written cannot be read: \(messages)")
    }
    second += read
  }
  guard let third = try? Frame.encode(all: second), third == again else {
    broken("an accepted frame does not come back: \(messages)")
  }
}
