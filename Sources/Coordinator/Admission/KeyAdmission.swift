package import Keyring
package import Logging
internal import Synchronization
package import ZeroMQ

/// Decides at the door which keys may connect, and says which one knocks in vain and how it is let
/// in.
///
/// Asked on the thread of the ZAP handler.
package final class KeyAdmission: Sendable {
  private struct Knocks: Sendable {
    /// When each key was last written about; forgotten beyond a few hundred.
    var written: [CurvePublicKey: ContinuousClock.Instant] = [:]
    var others = LineLimit(every: .seconds(1))
    var complaints = LineLimit(every: .seconds(1))
  }

  private static let silence = Duration.seconds(60)
  private static let maxRemembered = 256

  package let keys: LiveKeys
  private let approval: @Sendable (CurvePublicKey, String) -> String
  private let logger: Logger
  private let knocks = Mutex(Knocks())
  private let refused = Atomic<Int>(0)

  /// - Parameter approval: The command that approves a key that knocked from an address.
  package init(
    _ keys: LiveKeys, logger: Logger,
    approval: @escaping @Sendable (CurvePublicKey, String) -> String
  ) {
    self.keys = keys
    self.logger = logger
    self.approval = approval
  }

  /// How many connections were refused for their key.
  package var refusals: Int { refused.load(ordering: .relaxed) }

  package func admission(of key: CurvePublicKey, from address: String) -> Admission {
    refresh()
    if keys.keys.role(of: key) != nil { return .admit(UserID(key.description)) }
    refused.add(1, ordering: .relaxed)
    let isRevoked = keys.keys[key] != nil
    let line = knocks.withLock { knocks -> String? in
      let now = ContinuousClock.now
      if let last = knocks.written[key], now - last < Self.silence { return nil }
      // A peer with ever new keys must fill neither the memory nor the log.
      guard
        let line = knocks.others.line(
          "\(isRevoked ? "revoked" : "unknown") key \(key) knocks from \(address); to let it in: "
            + approval(key, address), at: now)
      else { return nil }
      if knocks.written.count >= Self.maxRemembered { knocks.written.removeAll() }
      knocks.written[key] = now
      return line
    }
    if let line { logger.warning("\(line)") }
    return .refuse(reason: "this key is not approved")
  }

  /// Reads the list again if it has changed.
  package func refresh() {
    guard let complaint = keys.refresh() else { return }
    let line = knocks.withLock { $0.complaints.line(complaint, at: ContinuousClock.now) }
    if let line { logger.warning("\(line)") }
  }
}

/// What a coordinator needs to let in known keys only.
package struct CoordinatorKeys: Sendable {
  package let own: CurveKeyPair
  package let admission: KeyAdmission

  package init(own: CurveKeyPair, admission: KeyAdmission) {
    self.own = own
    self.admission = admission
  }
}
