internal import CZeroMQ

extension Socket {
  /// Takes the next message, if there is one.
  ///
  /// A message may come with any number of frames (libzmq limits their size only), so no more than
  /// `frameLimit` are kept; the rest is read one by one, thrown away and counted. libzmq itself
  /// gathers a message until its last frame is there, without a limit: only admission by key keeps
  /// out a peer that never ends one.
  /// - Parameters:
  ///   - frameLimit: Payload frames to keep; a router's routing frame stands apart.
  ///   - patience: How long to wait for a message to come.
  /// - Returns: nil where none came in time.
  package func receive(
    atMost frameLimit: Int = 1, within patience: Duration = .zero
  ) throws(ZeroMQError) -> Message? {
    if patience > .zero {
      var poller = Poller<Bool>()
      poller.watch(self, as: true)
      if try poller.wait(patience).isEmpty { return nil }
    }
    var storage = zmq_msg_t()
    return try withUnsafeMutablePointer(to: &storage) { (part) throws(ZeroMQError) in
      zmq_msg_init(part)
      defer { zmq_msg_close(part) }
      return try receive(into: part, atMost: frameLimit)
    }
  }

  private func receive(
    into part: UnsafeMutablePointer<zmq_msg_t>, atMost frameLimit: Int
  ) throws(ZeroMQError) -> Message? {
    switch uninterrupted({ zmq_msg_recv(part, handle, ZMQ_DONTWAIT) }) {
    case .done: break
    case .failed(.wouldBlock): return nil
    case .failed(let code): throw ZeroMQError(.receive, kind.rawValue, .code(code))
    }
    var sender: RoutingID?
    if kind == .router {
      sender = RoutingID(Self.bytes(of: part))
      // Only libzmq itself makes the routing frame, and never alone.
      if zmq_msg_more(part) == 1 { try receiveNext(part) }
    }
    // Metadata hangs on payload frames; the routing frame has none.
    let user = Self.property("User-Id", of: part).map { UserID($0) }
    let address = Self.property("Peer-Address", of: part).map(unmappedAddress)
    var frames: [[UInt8]] = []
    var dropped = 0
    while true {
      if frames.count < frameLimit { frames.append(Self.bytes(of: part)) } else { dropped += 1 }
      guard zmq_msg_more(part) == 1 else { break }
      try receiveNext(part)
    }
    return Message(
      sender: sender, frames: frames, droppedFrames: dropped, user: user, peerAddress: address)
  }

  /// A further frame of the same message: libzmq delivers whole messages, so it is there already.
  private func receiveNext(_ part: UnsafeMutablePointer<zmq_msg_t>) throws(ZeroMQError) {
    try checked(.receive, kind.rawValue) { zmq_msg_recv(part, handle, ZMQ_DONTWAIT) }
  }

  private static func bytes(of part: UnsafeMutablePointer<zmq_msg_t>) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: zmq_msg_data(part), count: zmq_msg_size(part)))
  }

  private static func property(
    _ name: String, of part: UnsafeMutablePointer<zmq_msg_t>
  ) -> String? {
    guard let text = zmq_msg_gets(part, name) else { return nil }
    let value = String(cString: text)
    return value.isEmpty ? nil : value
  }
}
