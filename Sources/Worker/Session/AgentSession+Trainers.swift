import Sweep
import Wire

// What trainers are given, say, and end with.
extension AgentSession {
  /// Starts missing trainers and gives idle ones their next point.
  mutating func fillSlots() {
    switch standing {
    case .preparing, .working: break
    case .seeking, .stopping, .ended: return
    }
    guard let terms = preparation.terms, let dataset = preparation.datasetPath,
      !trouble.isWaiting, mayBegin
    else { return }
    slots.startAbsent(blasCore: terms.blasCore, at: now, &effects)
    let fingerprint = preparation.fingerprint
    for slot in slots.idle {
      // What waits for its checkpoint is passed over by what can start now.
      let place = queue.waiting.firstIndex {
        checkpoints.isReady($0, fingerprint: fingerprint)
      }
      guard let place else { break }
      let next = queue.remove(at: place)
      slots.begin(next, in: slot, at: now)
      heartbeats.noteNews()
      heldArtifacts.begin(slot)
      let places = checkpoints.begin(
        next, fingerprint: fingerprint, every: terms.checkpointEvery, &effects)
      effects.add(
        .order(
          slot,
          TrainerOrder(
            key: next.key, point: next.point, datasetFile: dataset,
            datasetDigest: terms.datasetDigest, artifacts: next.artifacts, checkpoints: places)))
    }
  }

  mutating func onTrainerMessage(_ message: FromTrainer, from slot: SlotID) {
    if case .ready(let ready) = message {
      if slots.becameReady(slot) { onReady(ready) }
      return
    }
    // What it says of a point that was taken from it, or out of turn, counts for nothing.
    guard let point = slots.point(in: slot) else { return }
    let trained = slots.trained(in: slot, at: now)
    switch message {
    case .ready: break
    case .progress(let report):
      if slots.note(report.progress, in: slot, at: now) { limit.note(firstStepAfter: trained) }
    case .outcome(let report):
      if report.outcome.key == point.key { onOutcome(report, of: point, from: slot, trained) }
    case .artifact(let piece):
      if let complaint = heldArtifacts.add(piece, from: slot, wanted: point.artifacts) {
        effects.log(complaint, about: point.subject)
      }
    case .checkpoint(let report):
      guard report.attempt == point.attempt else { break }
      limit.note(checkpointOf: report.checkpoint.size)
      checkpoints.add(report, of: point, settings, at: now, &effects)
      // It ends by itself now; the point is this worker's until its checkpoint is handed over.
      if report.isStopped { slots.isEnding(slot) }
    case .refusal(let refusal):
      slots.finish(slot)
      self.report(.point(refusal.reason), of: point, trained: trained)
    case .hostFault(let fault):
      // It ends by itself.
      slots.isEnding(slot)
      self.report(.host(fault.reason), of: point, trained: trained)
      onHostFault(.dataset, fault.reason, isReported: true)
    }
  }

  private mutating func onOutcome(
    _ report: TrainerOutcome, of point: HeldPoint, from slot: SlotID, _ trained: Duration
  ) {
    slots.finish(slot)
    queue.lookahead.note(point: trained)
    limit.note(point: trained)
    heldArtifacts.finish(slot, as: point, report.outcome.status)
    post(
      .outcome(
        Delivery(attempt: point.attempt, outcome: report.outcome, receipt: report.receipt)))
    checkpoints.remove(point.key, &effects)
    if trouble.end() { effects.log("this host trains again") }
  }

  mutating func onTrainerEnd(_ exit: TrainerExit, of slot: SlotID) {
    let fault = exit.hostFault
    switch slots.ended(slot, counts: fault == nil, at: now) {
    case .harmless: break
    case .beforeReady:
      if let fault { onHostFault(fault.kind, fault.reason) }
    case .neverReady:
      let reason = "trainers do not start on this host: \(exit.reason.message)"
      // A host on which none has ever started lacks something that no wait brings.
      if slots.hasBeenReady {
        onHostFault(.processes, reason)
      } else {
        endByHostFault(reason)
      }
    case .ofPoint(let point, let trained):
      // It was asked to stop and had no checkpoint to write.
      guard !standing.isStopping else { return }
      effects.log(
        "a trainer ended in the middle of attempt \(point.attempt): \(exit.reason.message)",
        about: point.subject)
      report(
        fault.map { FailureReason.host($0.reason) } ?? exit.reason, of: point, trained: trained)
      if let fault { onHostFault(fault.kind, fault.reason, isReported: true) }
    }
  }

  mutating func killHungTrainers() {
    guard let hang = preparation.terms?.hang else { return }
    for hung in slots.killHung(after: hang, at: now, &effects) {
      effects.log(
        "attempt \(hung.point.attempt) made no progress for \(hung.still.inWords); killing its "
          + "trainer", about: hung.point.subject)
      report(
        .hung(seconds: Int(hung.still / .seconds(1))), of: hung.point, trained: hung.trained)
    }
  }
}

extension TrainerExit {
  /// What it means for the point that was being trained.
  var reason: FailureReason {
    switch self {
    case .status(let status): .trainerExit(status: status)
    case .signal(let signal): .trainerSignal(signal)
    case .notStarted(let text): .host("no trainer process could be started: \(text)")
    }
  }

  /// Why the host is to blame for it, where it is.
  var hostFault: (kind: HostTrouble.Kind, reason: String)? {
    switch self {
    case .status(Self.hostFaultStatus):
      (HostTrouble.Kind.dataset, "a trainer could not use the dataset on this host")
    // The kernel's word for a page of a mapped file that cannot be read.
    case .signal(7):
      (
        HostTrouble.Kind.dataset,
        "the dataset's file on this host was cut short, or cannot be read (signal 7)"
      )
    case .notStarted: (HostTrouble.Kind.processes, reason.message)
    case .status, .signal: nil
    }
  }
}
