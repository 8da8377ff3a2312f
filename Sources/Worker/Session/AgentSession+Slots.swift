import Sweep
import Wire

extension AgentSession {
  /// Starts missing trainers and gives idle ones their next point.
  mutating func fillSlots() {
    guard let terms, let datasetPath else { return }
    switch standing {
    case .preparing, .working: break
    case .seeking, .stopping, .ended: return
    }
    for slot in slots.indices {
      switch slots[slot].state {
      case .absent:
        start(slot)
      case .idle:
        // What waits for its checkpoint is passed over by what can start now.
        guard let place = waiting.firstIndex(where: isReady) else { continue }
        // From the front of a slice nothing has to move up.
        let next =
          place == waiting.startIndex ? waiting.removeFirst() : waiting.remove(at: place)
        // One step or more to go marks an attempt that has been started.
        slots[slot].state = .training(next, AttemptProgress(step: 0, steps: 1, epoch: 0))
        slots[slot].startedAt = clock.elapsed
        heartbeatHasNews = true
        slots[slot].movedAt = clock.elapsed
        effects.append(
          .order(
            SlotID(slot),
            TrainerOrder(
              key: next.key, point: next.point, datasetFile: datasetPath,
              datasetDigest: terms.datasetDigest, pictures: next.pictures,
              checkpoints: checkpoints(of: next))))
        pictures.begin(SlotID(slot))
      default: break
      }
    }
  }

  mutating func start(_ slot: Int) {
    guard let terms else { return }
    slots[slot].state = .starting
    slots[slot].movedAt = clock.elapsed
    effects.append(.startTrainer(SlotID(slot), blasCore: terms.blasCore))
  }

  mutating func hear(_ id: SlotID, _ message: FromTrainer) {
    guard slots.indices.contains(id.number) else { return }
    switch (slots[id.number].state, message) {
    case (.starting, .ready(let ready)):
      slots[id.number].state = .idle
      slots[id.number].falseStarts = 0
      trainerIsReady(ready)
    case (.training(let point, _), .progress(let report)):
      note(report.progress, of: point, in: id.number)
    case (.training(let point, _), .outcome(let report))
    where report.outcome.key == point.key:
      slots[id.number].state = .idle
      lookahead.note(point: clock.elapsed - slots[id.number].startedAt)
      keepPictures(of: point, report.outcome, from: id)
      endTransfers(of: point.attempt)
      dropCheckpoint(of: point.key)
      post(
        .outcome(
          Delivery(
            attempt: point.attempt, outcome: report.outcome, receipt: report.receipt)))
    case (.training(let point, _), .artifact(let piece)):
      if let complaint = pictures.take(piece, from: id, wanted: point.pictures) { log(complaint) }
    case (.training(let point, _), .checkpoint(let report))
    where report.attempt == point.attempt:
      take(report, of: point, in: id.number)
    case (.training(let point, _), .refusal(let refusal)):
      slots[id.number].state = .idle
      report(.point(refusal.reason), of: point, in: id.number)
    case (.training(let point, _), .hostFault(let fault)):
      // It ends by itself.
      slots[id.number].state = .ending
      report(.host(fault.reason), of: point, in: id.number)
    // What it says of a point that was taken from it, or out of turn, counts for nothing.
    case (_, .ready), (_, .progress), (_, .artifact), (_, .checkpoint), (_, .outcome),
      (_, .refusal), (_, .hostFault):
      break
    }
  }

  mutating func trainerEnded(_ id: SlotID, _ exit: TrainerExit) {
    guard slots.indices.contains(id.number) else { return }
    let before = slots[id.number].state
    slots[id.number].state = .absent
    switch before {
    case .training where isStopping: break
    case .training(let point, _):
      log("a trainer ended in the middle of attempt \(point.attempt): \(exit.reason.message)")
      report(exit.reason, of: point, in: id.number)
    case .starting:
      slots[id.number].falseStarts += 1
      guard slots[id.number].falseStarts >= 3 else { break }
      end(1, "trainers do not start on this host: \(exit.reason.message)")
    case .absent, .idle, .ending: break
    }
  }

  mutating func report(_ reason: FailureReason, of point: HeldPoint, in slot: Int) {
    endTransfers(of: point.attempt)
    post(
      .failure(
        FailureReport(
          attempt: point.attempt, key: point.key, reason: reason,
          trained: clock.elapsed - slots[slot].startedAt)))
  }
}

extension TrainerExit {
  /// What it means for the point that was being trained.
  var reason: FailureReason {
    switch self {
    // It has said why, unless the word was lost with its pipe.
    case .status(Self.hostFaultStatus): .host("a trainer could not read its dataset")
    case .status(let status): .trainerExit(status: status)
    case .signal(let signal): .trainerSignal(signal)
    case .notStarted(let text): .workerLost("no trainer process could be started: \(text)")
    }
  }
}
