import Sweep
import Wire

/// A worker's side of the protocol: a pure state machine, `(state, event, now) → effects`.
///
/// It keeps three promises: what it holds is named in every heartbeat; a finished outcome stays in
/// the outbox, in memory and on the disk, until the coordinator says that it is committed; an
/// attempt is dropped only by a reply to a heartbeat that named it.
package struct AgentSession: Sendable {
  package let settings: AgentSettings
  var clock = AttendedClock(longestStep: .seconds(1))
  var standing: Standing = .seeking
  /// The terms that are met or being met.
  var terms: Terms?
  var datasetPath: String?
  /// The dataset on its way from the coordinator.
  var incoming: BlobPull?
  var fingerprint: String?
  var slots: [Slot]
  /// Granted attempts that wait for a slot, in the order of their grants.
  var waiting: ArraySlice<HeldPoint> = []
  var outbox: [AttemptID: Outgoing] = [:]
  /// When the outbox is next looked through.
  var nextResend: Duration = .zero
  /// Pictures' data of finished attempts, and those that trainers are handing over.
  var pictures = HeldPictures()
  /// Of this store, on this host's disk: the newest of each point.
  var checkpoints: [PointKey: LocalCheckpoint] = [:]
  var checkpointFolder: String?
  var offers: [AttemptID: CheckpointTransfer] = [:]
  /// Training time that the coordinator's checkpoint of an attempt saves.
  var handedOver: [AttemptID: Duration] = [:]
  /// Attempts whose trainers have stopped and whose checkpoints are being handed over.
  var parting: [HeldPoint] = []
  var fetch: CheckpointFetch?
  /// Attempts that are settled; a doubled grant must not start them again.
  var settled = RecentAttempts()
  /// The first heartbeat that named each held attempt.
  var firstNamed: [AttemptID: UInt64] = [:]
  /// Of the last message that was sent.
  var sequence: UInt64 = 0
  /// When the next hello may be said, and the pause behind it: it doubles while nobody answers.
  var nextHello: Duration = .zero
  var helloPause = shortestPause
  /// A hello has gone out since it began to look for a coordinator.
  var hasGreeted = false
  /// The sweep is complete; until then it waits for what it has delivered to be committed.
  var concludeAt: Duration?
  private var jitter: Jitter
  var lastHeartbeat: Duration?
  var lastHeard: Duration = .zero
  var heartbeatIsDue = false
  /// Something has changed that the next heartbeat should say before long.
  var heartbeatHasNews = false
  /// The capacity that the last heartbeat let the coordinator see.
  var announcedCapacity = 0
  var lookahead = Lookahead()
  /// Attempts that were given back before they began.
  var returned = RecentAttempts()
  var hasSaidThatItWaits = false
  var hasNotedSilence = false
  var effects: [AgentEffect] = []

  package init(settings: AgentSettings) {
    self.settings = settings
    jitter = Jitter(seed: settings.seed)
    slots = (0..<settings.hello.slots).map { _ in Slot() }
  }

  /// Takes one event at a reading of the monotonic clock and says what is to be done.
  package mutating func handle(_ event: AgentEvent, at now: Duration) -> [AgentEffect] {
    clock.advance(to: now)
    switch event {
    case .received(let envelope):
      // A coordinator that cannot read this program speaks to nobody in particular.
      guard envelope.session == settings.session || envelope.session == .nobody else { break }
      lastHeard = clock.elapsed
      helloPause = Self.shortestPause
      if hasNotedSilence {
        hasNotedSilence = false
        log("the coordinator is back")
      }
      receive(envelope)
    case .connected: greetSoon()
    case .datasetFound(let path): datasetArrived(path)
    case .datasetMissing: beginTransfer()
    case .datasetFailed(let reason): end(1, reason)
    case .trainerSaid(let slot, let message): hear(slot, message)
    case .trainerEnded(let slot, let exit): trainerEnded(slot, exit)
    case .outboxFound(let messages): takeOver(messages)
    case .checkpointsFound(let folder, let found):
      checkpointFolder = folder
      takeOver(found)
    case .checkpointFetched(let key, let checkpoint): checkpointFetched(key, checkpoint)
    case .stopRequested: beginStopping()
    case .tick: tick()
    }
    fillSlots()
    if heartbeatIsDue { sendHeartbeat() }
    defer { effects.removeAll(keepingCapacity: true) }
    return effects
  }

  /// How long a loop may wait before the next tick: less while a heartbeat has news.
  package var patience: Duration {
    heartbeatHasNews && standing == .working ? Self.shortestBeat : .milliseconds(100)
  }

  private mutating func receive(_ envelope: Envelope<ToWorker>) {
    switch envelope.message {
    case .terms(let terms): consider(terms)
    case .refusal(let refusal): end(1, "the coordinator refused this worker: \(refusal.reason)")
    case .grant(let grant): accept(grant)
    case .heartbeatReply(let reply): heed(reply, to: envelope.sequence)
    case .acknowledgement(let ack): settle(ack.attempt)
    case .recall(let recall): heed(recall)
    case .blobChunk(let chunk):
      if chunk.digest == incoming?.digest { take(chunk) } else { takePiece(chunk) }
    case .blobRequest(let request): if !serveCheckpoint(request) { serve(request) }
    case .checkpointReply(let reply): heed(reply)
    case .artifactSettled(let settled): forget(settled)
    case .finish: sweepIsComplete()
    }
  }

  private mutating func tick() {
    judgeTrainers()
    switch standing {
    case .seeking, .preparing: seek()
    case .working:
      if let concludeAt, clock.elapsed >= concludeAt { return conclude() }
      returnSurplus()
      considerHeartbeat()
      resendOutbox()
      repeatOffers()
      fetchCheckpoints()
      noteSilence()
      if clock.elapsed - lastHeard >= settings.wait {
        end(1, "the coordinator has been silent for \(settings.wait.inWords); this worker ends")
      }
    case .stopping(let deadline):
      if mayLeave || clock.elapsed >= deadline { return leave() }
      repeatOffers()
      if clock.elapsed - (lastHeartbeat ?? .zero) >= .milliseconds(500) { heartbeatIsDue = true }
    case .ended: break
    }
  }

  /// Says once that the coordinator is away; what is held is trained on meanwhile.
  private mutating func noteSilence() {
    guard !hasNotedSilence, clock.elapsed - lastHeard >= settings.resend else { return }
    hasNotedSilence = true
    log(
      "the coordinator is silent; training goes on, waiting for it up to \(settings.wait.inWords)")
  }

  static let shortestPause = Duration.milliseconds(250)
  static let longestPause = Duration.seconds(2)

  /// Between half and all of `pause`, so that many workers do not speak at once.
  mutating func jittered(_ pause: Duration) -> Duration { pause * (0.5 + 0.5 * jitter.next()) }

  mutating func send(_ message: WorkerMessage) {
    sequence += 1
    effects.append(.send(Envelope(message, session: settings.session, sequence: sequence)))
  }

  mutating func log(_ text: String) { effects.append(.log(text)) }

  /// The last effect of a session: everything is let go.
  mutating func end(_ status: Int32, _ message: String?) {
    guard standing != .ended else { return }
    standing = .ended
    for slot in slots.indices where slots[slot].isAlive {
      effects.append(.killTrainer(SlotID(slot)))
    }
    effects.append(.end(status: status, message: message))
  }
}
