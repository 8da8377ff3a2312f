internal import CZeroMQ
internal import Glibc

extension Socket {
  /// Queues one message for the peer of a dealer or pair.
  ///
  /// It never blocks, and queues all or nothing.
  ///
  /// - Parameter frames: At least one; each is copied.
  /// - Throws: For no frame, a router, or a closed socket; a full queue is an outcome.
  package func send(_ frames: [[UInt8]]) throws(ZeroMQError) -> SendOutcome {
    guard kind != .router else {
      throw ZeroMQError(.send, kind.rawValue, .misuse("a router must say to whom"))
    }
    return try sendWhole(frames)
  }

  /// Queues one message of a router for one of its peers; otherwise as ``send(_:)``.
  package func send(
    _ frames: [[UInt8]], to peer: RoutingID
  ) throws(ZeroMQError) -> SendOutcome {
    guard kind == .router else {
      throw ZeroMQError(.send, kind.rawValue, .misuse("only a router chooses its peer"))
    }
    guard !frames.isEmpty else { return try sendWhole([]) }
    return try sendWhole([peer.bytes] + frames)
  }

  private func sendWhole(_ frames: [[UInt8]]) throws(ZeroMQError) -> SendOutcome {
    guard !frames.isEmpty else {
      throw ZeroMQError(.send, kind.rawValue, .misuse("a message has at least one frame"))
    }
    let outcome = try offer(frames)
    guard outcome == .wouldBlock else { return outcome }
    // libzmq looks for room that came up only once a millisecond, unless it is asked.
    var events: Int32 = 0
    var size = MemoryLayout<Int32>.size
    try checked(.send, kind.rawValue) { zmq_getsockopt(handle, ZMQ_EVENTS, &events, &size) }
    return try offer(frames)
  }

  private func offer(_ frames: [[UInt8]]) throws(ZeroMQError) -> SendOutcome {
    var outcome = SendOutcome.sent
    for (index, frame) in frames.enumerated() {
      let more = index < frames.count - 1
      switch try sendPart(frame, more: more) {
      case .sent: continue
      case let refused where index == 0 || !more: return refused
      case let refused:
        // The peer vanished after the first frames. libzmq has rolled them back; a dealer now
        // swallows the rest of this message, which therefore has to be handed to it.
        outcome = refused
        if kind != .dealer { return outcome }
      }
    }
    return outcome
  }

  private func sendPart(_ bytes: [UInt8], more: Bool) throws(ZeroMQError) -> SendOutcome {
    var part = zmq_msg_t()
    return try withUnsafeMutablePointer(to: &part) { (part) throws(ZeroMQError) in
      try checked(.send, kind.rawValue) { zmq_msg_init_size(part, bytes.count) }
      if !bytes.isEmpty { memcpy(zmq_msg_data(part), bytes, bytes.count) }
      switch uninterrupted({ zmq_msg_send(part, handle, ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0)) })
      {
      case .done: return .sent
      case .failed(let code):
        zmq_msg_close(part)
        switch code {
        case .wouldBlock: return .wouldBlock
        case .hostUnreachable: return .unreachable
        default: throw ZeroMQError(.send, kind.rawValue, .code(code))
        }
      }
    }
  }
}
