internal import Sweep
package import ZeroMQ

/// How a worker proves who it is, and whom it expects to find.
package struct WorkerKeys: Sendable {
  package enum Origin: Hashable, Sendable {
    /// `--server-key`.
    case option
    case invitation
  }

  package var own: CurveKeyPair
  package var server: CurvePublicKey
  /// Where the server's key stands: what a person is told to compare.
  package var origin = Origin.option
  /// The command that approves this worker where its coordinator runs.
  package var approval: String

  package init(own: CurveKeyPair, server: CurvePublicKey, approval: String) {
    self.own = own
    self.server = server
    self.approval = approval
  }
}

/// Follows whether the connection to the coordinator comes about, which libzmq does in silence: a
/// pure value.
///
/// It says what keeps the two apart, once and then now and then, when to look for the cause, and when
/// to connect anew: after a refusal libzmq never does, though the key may be approved a moment later.
package struct CoordinatorContact: Sendable {
  package enum Advice: Hashable, Sendable {
    case log(String)
    case reconnect
    /// Try to reach the endpoint; ``found(_:at:)`` takes what comes of it.
    case probe
  }

  private static let reminder = Duration.seconds(60)
  /// Between two attempts after a refusal; a third is added or not, so that workers which were
  /// refused together do not come back together.
  private static let pause = Duration.milliseconds(1200)
  /// How long a connection may take before its cause is looked for.
  private static let probeAfter = Duration.milliseconds(500)
  /// Between two looks for the cause while there is no connection.
  private static let probePause = Duration.seconds(10)

  private let endpoint: Endpoint
  private let keys: WorkerKeys?
  private var cutOffs = 0
  private var lastTold: Duration?
  private var reconnectAt: Duration?
  /// When to look for the cause; nil while there is a connection, or its refusal is known.
  private var probeAt: Duration? = Self.probeAfter
  /// Looks in a row that reached somebody, though no connection came about.
  private var timesReached = 0
  /// What keeps the two apart at present, for the line that ends a wait; nil while nothing does.
  package private(set) var trouble: String?

  package init(_ endpoint: Endpoint, keys: WorkerKeys?) {
    self.endpoint = endpoint
    self.keys = keys
  }

  /// - Parameter jitter: From 0 to 1.
  package mutating func hear(
    _ event: ConnectionEvent, at now: Duration, jitter: Double = .random(in: 0..<1)
  ) -> [Advice] {
    switch event {
    case .accepted: return []
    case .disconnected:
      if probeAt == nil, reconnectAt == nil { probeAt = now + Self.probeAfter }
      return []
    case .handshakeSucceeded:
      trouble = nil
      cutOffs = 0
      timesReached = 0
      lastTold = nil
      probeAt = nil
      return []
    case .handshakeFailed(let failure):
      if failure == .cutOff {
        cutOffs += 1
        // One cut alone may be a coordinator that ends or starts.
        guard cutOffs >= 2 else { return [] }
      } else {
        reconnectAt = now + Self.pause + Self.pause / 3 * jitter
      }
      // The network is in order where somebody refuses.
      probeAt = nil
      return tell(reason(failure), at: now)
    }
  }

  /// Takes what came of a probe.
  package mutating func found(_ reachability: Reachability, at now: Duration) -> [Advice] {
    // The connection may have come about meanwhile.
    guard probeAt != nil else { return [] }
    if reachability == .reached {
      timesReached += 1
      // Somebody who has just begun to listen is no trouble.
      guard timesReached >= 2 else { return [] }
    } else {
      timesReached = 0
    }
    return tell(reachability.reason(endpoint), at: now)
  }

  /// Somebody speaks for the coordinator there, who does not take the key that was tried.
  package mutating func wasAnswered() {
    trouble = nil
    cutOffs = 0
    timesReached = 0
    probeAt = nil
  }

  package mutating func tick(at now: Duration) -> [Advice] {
    var advice: [Advice] = []
    if let reconnectAt, now >= reconnectAt {
      self.reconnectAt = nil
      // Where the coordinator is gone by then, that is the cause.
      probeAt = probeAt ?? now + Self.probePause
      advice.append(.reconnect)
    }
    if let probeAt, now >= probeAt {
      self.probeAt = now + Self.probePause
      advice.append(.probe)
    }
    return advice
  }

  /// Says a cause when it is news, and then now and then.
  private mutating func tell(_ text: String, at now: Duration) -> [Advice] {
    let isNews = trouble != text || lastTold.map { now - $0 >= Self.reminder } ?? true
    trouble = text
    guard isNews else { return [] }
    lastTold = now
    return [.log(text)]
  }

  private func reason(_ failure: HandshakeFailure) -> String {
    guard let keys else {
      return "\(endpoint) takes no peer without a key: give --server-key KEY, as the coordinator "
        + "printed it"
    }
    return switch (failure, keys.origin) {
    case (.keyRefused, _):
      "\(endpoint) does not admit this worker's key yet; where the coordinator runs: "
        + keys.approval
    case (.mechanismDiffers, .option):
      "\(endpoint) wants no keys: leave --server-key out, or start the coordinator with keys"
    case (.mechanismDiffers, .invitation):
      "\(endpoint) wants no keys: give --connect \(endpoint) instead of an invitation, or start the "
        + "coordinator with keys"
    case (.malformed, _): "\(endpoint) does not answer like a coordinator"
    case (.cutOff, .option):
      "\(endpoint) does not hold the key given with --server-key: compare it with the line that "
        + "the coordinator printed"
    case (.cutOff, .invitation):
      "\(endpoint) does not hold the key that the invitation names: another coordinator listens "
        + "there, one without keys (on loopback it has none), or one whose keys are in another folder "
        + "than those of 'vaesweep keys invite'"
    }
  }
}
