package import Logging
package import Platform
import Sweep
package import Wire
package import ZeroMQ

/// How a worker is let in by an invitation.
package struct JoinOptions: Sendable {
  package var endpoint: Endpoint
  /// The pair that the invitation holds.
  package var invitation: CurveKeyPair
  package var keys: WorkerKeys
  package var session: SessionID
  package var host: String
  /// How long to wait for a coordinator.
  package var wait: Duration

  package init(
    endpoint: Endpoint, invitation: CurveKeyPair, keys: WorkerKeys, session: SessionID,
    host: String, wait: Duration
  ) {
    self.endpoint = endpoint
    self.invitation = invitation
    self.keys = keys
    self.session = session
    self.host = host
    self.wait = wait
  }
}

/// Has a worker's own key approved before the worker begins: around a `JoinSession` one DEALER.
///
/// Everything happens on the thread that calls `run`.
package final class JoinService {
  package enum Ending: Hashable, Sendable {
    /// The worker's own key is approved.
    case admitted
    case ended(AgentEnding)
  }

  private enum Source: Hashable {
    case network
    case connection
    case probe
    case wakeUp
  }

  private let options: JoinOptions
  private let stop: StopSignal
  private let logger: Logger
  private let connection: CoordinatorConnection
  private var session: JoinSession
  private var poller = Poller<Source>()
  private var ending: Ending?

  package init(options: JoinOptions, stop: StopSignal, logger: Logger) throws(ZeroMQError) {
    self.options = options
    self.stop = stop
    self.logger = logger
    session = JoinSession(wait: options.wait, seed: options.session.value)
    var keys = options.keys
    keys.own = options.invitation
    connection = try CoordinatorConnection(options.endpoint, keys: keys, logger: logger)
    poller.watch(connection.socket, as: .network)
    poller.watch(connection.monitor, as: .connection)
    poller.watch(connection.probe.wakeUp, as: .probe)
    poller.watch(stop.wakeUp, as: .wakeUp)
  }

  /// Runs until the worker is let in or told why not, the wait is over, or a stop was asked for.
  package func run() throws(ZeroMQError) -> Ending {
    let start = ContinuousClock.now
    while true {
      _ = try poller.wait(.milliseconds(100))
      // The worker that follows is to see it as well: it is not cleared.
      if stop.isRequested { return .ended(AgentEnding(status: 0, message: nil)) }
      let now = ContinuousClock.now - start
      for event in try connection.attend(at: now, alternates: true) {
        switch event {
        case .handshakeSucceeded: try perform(session.handle(.connected, at: now))
        case .handshakeFailed(.keyRefused): try perform(session.handle(.keyRefused, at: now))
        case .accepted, .disconnected, .handshakeFailed: break
        }
      }
      while let message = try connection.socket.receive(atMost: 1) {
        for event in events(in: message) { try perform(session.handle(event, at: now)) }
      }
      try perform(session.handle(.tick, at: now))
      if let ending {
        connection.socket.close()
        return ending
      }
    }
  }

  private func perform(_ effects: [JoinSession.Effect]) throws(ZeroMQError) {
    for effect in effects {
      switch effect {
      case .knock(.invitation):
        try connection.reconnect(with: options.invitation, server: options.keys.server)
      case .knock(.ownKey):
        try connection.reconnect(with: options.keys.own, server: options.keys.server)
      case .ask: try ask()
      case .log(let text): logger.info("\(text)")
      case .enter: ending = .admitted
      case .end(let reason):
        let line = [reason, connection.trouble].compactMap(\.self).joined(separator: "; ")
        ending = .ended(AgentEnding(status: 1, message: line))
      }
    }
  }

  /// What cannot be sent now is said again by the session.
  private func ask() throws(ZeroMQError) {
    let join = Join(key: options.keys.own.publicKey.bytes, host: options.host)
    let envelope = Envelope(ToCoordinator.join(join), session: options.session)
    let frame: [UInt8]
    do throws(WireError) {
      frame = try Frame.encode(envelope)
    } catch {
      return end("\(error)")
    }
    _ = try connection.socket.send([frame])
  }

  private func events(in message: Message) -> [JoinSession.Event] {
    guard message.droppedFrames == 0, let frame = message.frames.first else { return [] }
    do throws(WireError) {
      return try Frame.decode(frame, as: ToWorker.self).compactMap { envelope in
        switch envelope.message {
        case .joinReply(let reply): .answered(reply)
        case .refusal(let refusal): .refused(refusal)
        case .terms, .grant, .heartbeatReply, .acknowledgement, .recall, .checkpointReply,
          .artifactSettled, .blobRequest, .blobChunk, .finish:
          nil
        }
      }
    } catch {
      if case .version = error { end("the coordinator is another version: \(error)") }
      return []
    }
  }

  private func end(_ line: String) {
    ending = .ended(AgentEnding(status: 1, message: line))
  }
}
