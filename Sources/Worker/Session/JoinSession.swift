internal import Sweep
package import Wire

/// How a worker that has an invitation gets in: a pure state machine, `(state, event, now) → effects`.
///
/// It knocks with the invitation and asks for its own key to be approved, again and again until it is
/// answered; what that key was approved for before costs nothing. Where the invitation is not known any
/// more it knocks with its own key, which may be approved all the same, and so on in turn: the
/// coordinator may hear of either a moment later. It ends when it is in, is told why not, or has waited
/// long enough.
package struct JoinSession: Sendable {
  /// The key pair that it knocks with.
  package enum Door: Hashable, Sendable {
    case invitation
    case ownKey
  }

  package enum Event: Hashable, Sendable {
    case connected
    /// The coordinator does not admit the key.
    case keyRefused
    case answered(JoinReply)
    /// It does not speak with this worker at all, and says why.
    case refused(Refusal)
    case tick
  }

  package enum Effect: Hashable, Sendable {
    /// Connect anew with this pair.
    case knock(Door)
    /// Ask for the own key to be approved.
    case ask
    case log(String)
    /// The own key is approved.
    case enter
    /// It is not let in, for this reason.
    case end(String)
  }

  /// Until an unanswered request is repeated: at first soon, for a connection that has just come about may
  /// not take it yet, and then twice as long each time.
  private static let shortestResend = Duration.milliseconds(250)
  private static let longestResend = Duration.seconds(2)
  /// After both keys were refused; a third is added or not, so that workers which were refused together
  /// do not come back together.
  private static let pause = Duration.milliseconds(1200)

  private enum Standing: Hashable {
    case knocking(Door)
    /// Let in by the invitation; the request goes out again at this time, and then after this pause.
    case asking(next: Duration, pause: Duration)
    /// Both keys were refused; it knocks again at this time.
    case resting(until: Duration)
    case ended
  }

  private let wait: Duration
  private var standing = Standing.knocking(.invitation)
  private var silence = Silence()
  private var jitter: Jitter
  private var isUnknown = false

  /// - Parameters:
  ///   - wait: How long it tries to get in.
  ///   - seed: Of the jitter in its pauses.
  package init(wait: Duration, seed: UInt64) {
    self.wait = wait
    jitter = Jitter(seed: seed)
  }

  /// Takes one event, at a time since the start, and says what is to be done; it has knocked with the
  /// invitation before the first.
  package mutating func handle(_ event: Event, at now: Duration) -> [Effect] {
    guard standing != .ended else { return [] }
    switch event {
    case .connected: return onConnection(at: now)
    case .keyRefused: return onRefusedKey(at: now)
    case .answered(.admitted): return end([.enter])
    case .answered(.refused(let reason)):
      return end([.end("the coordinator does not let this worker in: \(reason)")])
    case .refused(let refusal):
      return end([.end("the coordinator refused this worker: \(refusal.reason)")])
    case .tick: return onTick(at: now)
    }
  }

  private mutating func onConnection(at now: Duration) -> [Effect] {
    switch standing {
    case .knocking(.ownKey): return end([.enter])
    case .knocking(.invitation), .asking:
      standing = .asking(next: now + Self.shortestResend, pause: Self.shortestResend * 2)
      return [.ask]
    case .resting, .ended: return []
    }
  }

  private mutating func onRefusedKey(at now: Duration) -> [Effect] {
    switch standing {
    case .knocking(.invitation), .asking:
      standing = .knocking(.ownKey)
      defer { isUnknown = true }
      let line = "\(Self.unknown): trying this worker's own key"
      return (isUnknown ? [] : [.log(line)]) + [.knock(.ownKey)]
    case .knocking(.ownKey):
      standing = .resting(until: now + Self.pause * (1 + jitter.next() / 3))
      return []
    case .resting, .ended: return []
    }
  }

  private mutating func onTick(at now: Duration) -> [Effect] {
    var effects: [Effect] = []
    if silence.noteWaiting(at: now) {
      effects.append(.log("waiting up to \(wait.inWords) for a coordinator to let this worker in"))
    }
    guard now < wait else {
      let reason = isUnknown ? "\(Self.unknown), nor this worker's own key" : nil
      return effects
        + end([
          .end(
            ["no coordinator let this worker in within \(wait.inWords)", reason]
              .compactMap(\.self).joined(separator: "; "))
        ])
    }
    switch standing {
    case .asking(let next, let pause) where now >= next:
      standing = .asking(next: now + pause, pause: min(pause * 2, Self.longestResend))
      effects.append(.ask)
    case .resting(let end) where now >= end:
      standing = .knocking(.invitation)
      effects.append(.knock(.invitation))
    case .knocking, .asking, .resting, .ended: break
    }
    return effects
  }

  private static let unknown =
    "the coordinator does not know this invitation (it ended long ago, or is of other keys)"

  private mutating func end(_ effects: [Effect]) -> [Effect] {
    standing = .ended
    return effects
  }
}
