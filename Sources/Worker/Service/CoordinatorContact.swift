internal import Sweep
package import ZeroMQ

/// How a worker proves who it is, and whom it expects to find.
package struct WorkerKeys: Sendable {
  package var own: CurveKeyPair
  package var server: CurvePublicKey
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
/// It says what keeps the two apart, once and then now and then, and when to connect anew: after a
/// refusal libzmq never does, though the key may be approved a moment later.
struct CoordinatorContact: Sendable {
  enum Advice: Hashable, Sendable {
    case log(String)
    case reconnect
  }

  private static let reminder = Duration.seconds(60)
  /// Between two attempts after a refusal; a third is added or not, so that workers which were
  /// refused together do not come back together.
  private static let pause = Duration.milliseconds(1200)

  private let endpoint: Endpoint
  private let keys: WorkerKeys?
  private var cutOffs = 0
  private var lastTold: Duration?
  private var reconnectAt: Duration?
  /// What keeps the two apart at present, for the line that ends a wait; nil while nothing does.
  private(set) var trouble: String?

  init(_ endpoint: Endpoint, keys: WorkerKeys?) {
    self.endpoint = endpoint
    self.keys = keys
  }

  /// - Parameter jitter: From 0 to 1.
  mutating func hear(
    _ event: ConnectionEvent, at now: Duration, jitter: Double = .random(in: 0..<1)
  ) -> [Advice] {
    switch event {
    case .accepted, .disconnected: return []
    case .handshakeSucceeded:
      trouble = nil
      cutOffs = 0
      lastTold = nil
      return []
    case .handshakeFailed(let failure):
      if failure == .cutOff {
        cutOffs += 1
        // One cut alone may be a coordinator that ends or starts.
        guard cutOffs >= 2 else { return [] }
      } else {
        reconnectAt = now + Self.pause + Self.pause / 3 * jitter
      }
      let text = reason(failure)
      let isNews = trouble != text || lastTold.map { now - $0 >= Self.reminder } ?? true
      trouble = text
      guard isNews else { return [] }
      lastTold = now
      return [.log(text)]
    }
  }

  mutating func tick(at now: Duration) -> [Advice] {
    guard let reconnectAt, now >= reconnectAt else { return [] }
    self.reconnectAt = nil
    return [.reconnect]
  }

  private func reason(_ failure: HandshakeFailure) -> String {
    guard let keys else {
      return "\(endpoint) takes no peer without a key: give --server-key KEY, as the coordinator "
        + "printed it"
    }
    return switch failure {
    case .keyRefused:
      "\(endpoint) does not admit this worker's key yet; where the coordinator runs: "
        + keys.approval
    case .mechanismDiffers:
      "\(endpoint) wants no keys: leave --server-key out, or start the coordinator with keys"
    case .malformed: "\(endpoint) does not answer like a coordinator"
    case .cutOff:
      "\(endpoint) does not hold the key given with --server-key: compare it with the line that "
        + "the coordinator printed"
    }
  }
}
