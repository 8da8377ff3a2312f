package import Keyring
package import Logging
internal import Synchronization
package import ZeroMQ

/// Decides at the door which keys may connect, and says which one knocks in vain and how it is let
/// in.
///
/// Whoever holds an invitation is let in to ask for its own key to be approved, and for nothing else;
/// also with one that is closed, to be told so.
/// Asked on the thread of the ZAP handler.
package final class KeyAdmission: Sendable {
  private struct Knocks: Sendable {
    /// When each key was last written about; forgotten beyond a few hundred.
    var written: [CurvePublicKey: ContinuousClock.Instant] = [:]
    var others = LineLimit(every: .seconds(1))
    var complaints = LineLimit(every: .seconds(1))
    var guesses = GuessLimit()
    var guessers = LineLimit(every: .seconds(10))
  }

  private static let silence = Duration.seconds(60)
  private static let maxRemembered = 256

  package let keys: LiveKeys
  private let approval: @Sendable (CurvePublicKey, String) -> String
  private let logger: Logger
  private let now: @Sendable () -> ContinuousClock.Instant
  private let knocks = Mutex(Knocks())
  private let refused = Atomic<Int>(0)
  private let guessed = Atomic<Int>(0)

  /// - Parameters:
  ///   - now: The clock that lines and guesses are limited by.
  ///   - approval: The command that approves a key that knocked from an address.
  package init(
    _ keys: LiveKeys, logger: Logger,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now },
    approval: @escaping @Sendable (CurvePublicKey, String) -> String
  ) {
    self.keys = keys
    self.logger = logger
    self.now = now
    self.approval = approval
  }

  /// How many connections were refused because their key is not approved, and was looked at.
  package var refusals: Int { refused.load(ordering: .relaxed) }
  /// How many were refused unseen, since their address had tried too many keys.
  package var guesses: Int { guessed.load(ordering: .relaxed) }

  package func admission(of key: CurvePublicKey, from address: String) -> Admission {
    let now = now()
    // As the lists were at most half a second ago: to look at them again is what a flood is spared.
    if keys.keys[key] == nil, isGuess(key, from: address, at: now) {
      return .refuse(reason: "too many keys were tried from this address")
    }
    refresh()
    if keys.keys.role(of: key) != nil { return .admit(UserID(key.description)) }
    let hash = InvitationHash(of: key)
    // A person may have revoked the key of the same pair, and means it.
    if keys.keys[key] == nil, keys.invitations[hash] != nil { return .admit(UserID(hash)) }
    refused.add(1, ordering: .relaxed)
    let isRevoked = keys.keys[key] != nil
    let line = knocks.withLock { knocks -> String? in
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

  /// The command that approves a key that came from an address.
  package func command(approving key: CurvePublicKey, from address: String) -> String {
    approval(key, address)
  }

  /// Whether a strange key is to be refused unseen.
  private func isGuess(
    _ key: CurvePublicKey, from address: String, at now: ContinuousClock.Instant
  ) -> Bool {
    let (isGuess, line) = knocks.withLock { knocks -> (Bool, String?) in
      switch knocks.guesses.judge(key, from: address, at: now) {
      case .look: return (false, nil)
      case .refuse(let isNews):
        guard isNews else { return (true, nil) }
        let text =
          "\(address) has tried \(GuessLimit.mostKeys) keys within a minute, none of them approved: "
          + "until the minute is over its further ones are refused unseen"
        return (true, knocks.guessers.line(text, at: now))
      }
    }
    if isGuess { guessed.add(1, ordering: .relaxed) }
    if let line { logger.warning("\(line)") }
    return isGuess
  }

  /// Reads the lists again if they have changed.
  package func refresh() {
    guard let complaint = keys.refresh() else { return }
    let line = knocks.withLock { $0.complaints.line(complaint, at: now()) }
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
