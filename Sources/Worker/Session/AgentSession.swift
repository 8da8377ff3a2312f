import Sweep
import Wire

/// A worker's side of the protocol: a pure state machine, `(state, event, now) → effects`.
///
/// It keeps three promises: what it holds is named in every heartbeat; a finished outcome stays in
/// the outbox, in memory and on the disk, until the coordinator says that it is committed; an
/// attempt is dropped only by a reply to a heartbeat that named it.
///
/// Each thing it takes care of is a machine of its own that owns its state; this type says which event
/// concerns which of them.
package struct AgentSession: Sendable {
  package let settings: AgentSettings
  var clock = AttendedClock(longestStep: .seconds(1))
  var standing: Standing = .seeking
  var silence = Silence()
  var greeting: Greeting
  var preparation = Preparation()
  var queue = PointQueue()
  var slots: TrainerSlots
  var outbox = ReportOutbox()
  var checkpoints = CheckpointExchange()
  var heldArtifacts = HeldArtifacts()
  var heartbeats = Heartbeats()
  var trouble = HostTrouble()
  var limit: TimeLimit
  /// The latest reading of the clock, attended or not.
  var reading: Duration = .zero
  var effects: AgentEffects

  package init(settings: AgentSettings) {
    self.settings = settings
    greeting = Greeting(seed: settings.seed)
    slots = TrainerSlots(count: settings.hello.slots)
    limit = TimeLimit(settings.timeLimit)
    effects = AgentEffects(session: settings.session)
  }

  var now: Duration { clock.elapsed }

  /// Takes one event at a reading of the monotonic clock and says what is to be done.
  package mutating func handle(_ event: AgentEvent, at reading: Duration) -> [AgentEffect] {
    clock.advance(to: reading)
    self.reading = max(self.reading, reading)
    switch event {
    case .received(let envelope): receive(envelope)
    case .connected: greeting.hurry(at: now)
    case .datasetFound(let path): onDatasetFound(path)
    case .datasetMissing: onDatasetMissing()
    case .datasetFailed(let reason): onHostFault(.dataset, reason)
    case .reportRefused(let attempt, let reason): onReportRefused(attempt, reason)
    case .trainerSaid(let slot, let message): onTrainerMessage(message, from: slot)
    case .trainerMeasured(let slot, let use): slots.note(use, in: slot, at: now)
    case .trainerEnded(let slot, let exit): onTrainerEnd(exit, of: slot)
    case .outboxFound(let reports): onLeftOver(reports)
    case .checkpointsFound(let folder, let found): checkpoints.open(folder, found, &effects)
    case .checkpointFetched(let key, let checkpoint):
      if !checkpoints.fetched(key, checkpoint, &effects) { startAnew(key) }
    case .stopRequested: beginStopping()
    case .tick: onTick()
    }
    fillSlots()
    if heartbeats.isDue { sendHeartbeat() }
    return effects.takeAll()
  }

  /// How long a loop may wait before the next tick: less while a heartbeat has news.
  package var patience: Duration {
    heartbeats.hasNews && standing.isWorking ? Heartbeats.shortestPause : .milliseconds(100)
  }

  /// How often a trainer's use of the CPU should be looked at: eight times before it counts as hung.
  package var measuringPause: Duration? {
    guard let hang = preparation.terms?.hang, slots.isAnyAlive else { return nil }
    return min(max(hang / 8, .milliseconds(100)), .seconds(5))
  }

  private mutating func receive(_ envelope: Envelope<ToWorker>) {
    // A coordinator that cannot read this program speaks to nobody in particular.
    guard envelope.session == settings.session || envelope.session == .nobody else { return }
    greeting.wasAnswered()
    if silence.end(at: now) { effects.log("the coordinator is back") }
    switch envelope.message {
    case .terms(let terms): onTerms(terms, answering: envelope.sequence)
    case .refusal(let refusal): end(1, "the coordinator refused this worker: \(refusal.reason)")
    case .grant(let grant): onGrant(grant)
    case .heartbeatReply(let reply):
      for attempt in heartbeats.unwanted(reply, to: envelope.sequence) { drop(attempt) }
    case .acknowledgement(let ack): onAcknowledgement(of: ack.attempt)
    case .recall(let recall): onRecall(recall)
    case .checkpointReply(let reply):
      checkpoints.onReply(reply, held: held, settings, at: now, &effects)
    case .artifactSettled(let settled): onArtifactSettled(settled)
    case .blobRequest(let request):
      if !checkpoints.serve(request, &effects) { heldArtifacts.serve(request, &effects) }
    case .blobChunk(let chunk):
      if !preparation.receive(chunk, at: now, &effects) {
        checkpoints.receive(chunk, at: now, &effects)
      }
    case .finish: onFinish()
    // It answers what was said before this session began.
    case .joinReply: break
    }
  }

  private mutating func onTick() {
    killHungTrainers()
    obeyTimeLimit()
    switch standing {
    case .seeking, .preparing: seek()
    case .working(let concludesAt):
      if let concludesAt, now >= concludesAt { return conclude() }
      giveBack(queue.surplus(beyond: capacity - slots.count, slots: slots.count))
      heartbeats.consider(
        every: preparation.terms?.heartbeat ?? .seconds(1), capacity: capacity, at: now)
      outbox.resend(after: settings.resend, at: now, &effects)
      checkpoints.repeatOffers(after: settings.resend, at: now, &effects)
      fetchCheckpoints()
      noteSilence()
      guard standing.isWorking else { return }
      if !continueTransfer() { onHostFault(.dataset, "the coordinator does not send the dataset") }
      tryHostAgain()
    case .stopping(let deadline):
      if mayLeave || now >= deadline { return leave() }
      checkpoints.repeatOffers(after: settings.resend, at: now, &effects)
      heartbeats.consider(every: .milliseconds(500), capacity: capacity, at: now)
    case .ended: break
    }
  }

  /// Says once that the coordinator is away, while what is held is trained on; ends where it does not
  /// come back.
  private mutating func noteSilence() {
    if silence.note(after: settings.resend, at: now) {
      effects.log(
        "the coordinator is silent; training goes on, waiting for it up to "
          + settings.wait.inWords)
    }
    if silence.length(at: now) >= settings.wait {
      end(1, "the coordinator has been silent for \(settings.wait.inWords); this worker ends")
    }
  }

  /// The last effect of a session: everything is let go.
  mutating func end(_ status: Int32, _ message: String?) {
    guard standing != .ended else { return }
    standing = .ended
    slots.abandonAll(&effects)
    effects.add(.end(status: status, message: message))
  }
}
