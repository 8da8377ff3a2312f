import Platform

/// Whether a key's owner may connect, and under which name.
package enum Admission: Hashable, Sendable {
  /// The name comes with each of the peer's messages, as ``Message/user``.
  case admit(UserID)
  /// The reason goes to the peer's handshake, so it should tell nothing secret.
  case refuse(reason: String)
}

/// Decides for all sockets of a context, on a thread of its own, which CURVE keys come in.
///
/// Start it before the first socket that needs it is bound. It works until its owner lets go; from
/// then on, as on any failure, nobody is admitted. Peers without CURVE, and other domains than its
/// own, are refused.
package final class ZAPHandler {
  /// Asked once per connection with the peer's key and network address.
  ///
  /// It runs on the handler's thread, so it should be quick, and it must not hold the handler.
  package typealias Policy = @Sendable (CurvePublicKey, String) -> Admission

  private let stop: WakeUp
  private let thread: OwnedThread

  /// Starts the handler; one context can have only one (EADDRINUSE).
  package init(
    in context: Context, domain: String, policy: @escaping Policy
  ) throws(ZeroMQError) {
    do throws(SystemError) {
      stop = try WakeUp()
    } catch {
      throw ZeroMQError(error)
    }
    thread = try Self.start(in: context, until: stop, domain: domain, policy: policy)
  }

  deinit {
    stop.signal()
    // Letting go of the thread joins it.
  }

  private enum Source {
    case questions
    case stop
  }

  private static func start(
    in context: Context, until stop: WakeUp, domain: String, policy: @escaping Policy
  ) throws(ZeroMQError) -> OwnedThread {
    let socket = try Socket(.router, in: context)
    try socket.setSendHighWaterMark(0)
    try socket.setReceiveHighWaterMark(0)
    let endpoint = try Endpoint.inproc("zeromq.zap.01")
    try socket.bind(endpoint)
    do throws(SystemError) {
      return try OwnedThread(name: "zap") {
        // An error means that the context is going; no answer is a refusal.
        try? answer(socket, until: stop, domain: domain, policy: policy)
        // Closing frees the name only a moment later; the next handler may want it at once.
        try? socket.unbind(endpoint)
      }
    } catch {
      throw ZeroMQError(error)
    }
  }

  private static func answer(
    _ socket: Socket, until stop: WakeUp, domain: String, policy: Policy
  ) throws(ZeroMQError) {
    var poller = Poller<Source>()
    poller.watch(stop, as: .stop)
    poller.watch(socket, as: .questions)
    while try poller.wait(nil).first?.tag != .stop {
      while let message = try socket.receive(atMost: ZAPRequest.frameCount) {
        guard message.droppedFrames == 0, let asker = message.sender,
          let request = ZAPRequest(frames: message.frames)
        else { continue }
        let admission: Admission =
          if request.domain == domain, let key = request.key {
            policy(key, request.address)
          } else {
            .refuse(reason: "a CURVE key is needed")
          }
        // An asker that has gone meanwhile needs no answer.
        _ = try socket.send(request.reply(admission), to: asker)
      }
    }
  }
}
