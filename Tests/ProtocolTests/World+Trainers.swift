import Coordinator
import Sweep
import TestSupport
import Wire
import Worker

extension World {
  mutating func say(_ message: FromTrainer, _ index: Int, _ slot: SlotID, after delay: Duration) {
    guard let run = workers[index].trainers[slot]?.run else { return }
    agenda.add(
      .trainerSays(index, life: workers[index].life, slot, run: run, message), at: now + delay)
  }

  mutating func end(_ slot: SlotID, _ index: Int, _ exit: TrainerExit, after delay: Duration) {
    guard let run = workers[index].trainers[slot]?.run else { return }
    agenda.add(
      .trainerEnds(index, life: workers[index].life, slot, run: run, exit), at: now + delay)
  }

  /// A trainer goes through its steps, from where its checkpoint is.
  mutating func train(_ order: TrainerOrder, _ index: Int, _ slot: SlotID) {
    guard workers[index].trainers[slot] != nil else { return }
    trainings[order.key, default: 0] += 1
    if Sample.isRefused(order.point) {
      return say(
        .refusal(TrainerRefusal(reason: "no such point")), index, slot,
        after: .milliseconds(5))
    }
    let resumed = order.checkpoints?.resume.flatMap { workers[index].files[$0]?.local }
    if let resumed, resumed.key != order.key {
      isWronglyResumed = true
    }
    let first = resumed?.reference.step ?? 0
    let length = random.delay(5...800)
    workers[index].trainers[slot]?.order = order
    workers[index].trainers[slot]?.startedAt = now
    workers[index].trainers[slot]?.firstStep = first
    workers[index].trainers[slot]?.stepLength = length
    let left = SimulatedTrainer.steps - first
    let half = first + left / 2
    let progress = AttemptProgress(
      step: half, steps: SimulatedTrainer.steps, epoch: 1, resumedAt: first)
    say(
      .progress(TrainerProgress(progress: progress)), index, slot,
      after: length * (half - first))
    if let report = checkpoint(of: order, step: half, length, isStopped: false), half > first {
      say(.checkpoint(report), index, slot, after: length * (half - first))
    }
    if !isCalm {
      if random.chance(trouble.trainerHangs) { return }
      if trouble.hostFaults > 0, random.chance(trouble.hostFaults) {
        happenings.hostFaults += 1
        say(
          .hostFault(TrainerHostFault(reason: "no dataset")), index, slot, after: .milliseconds(5))
        return end(slot, index, .status(74), after: .milliseconds(6))
      }
      if random.chance(trouble.trainerDeaths) {
        return end(slot, index, .signal(9), after: length * left)
      }
    }
    // The pieces come first, as a pipe keeps their order.
    for kind in order.artifacts.sorted() {
      for piece in TrainerArtifact.pieces(of: Sample.artifact(kind, of: order.point)) {
        say(.artifact(piece), index, slot, after: length * left)
      }
    }
    let outcome = TrainerOutcome(outcome: Sample.outcome(of: order.point), receipt: Sample.receipt)
    say(.outcome(outcome), index, slot, after: length * left)
  }

  /// A trainer that is asked to stop writes down where it is, says so, and ends.
  mutating func stop(_ slot: SlotID, _ index: Int) {
    guard let trainer = workers[index].trainers[slot], let order = trainer.order else {
      return end(slot, index, .status(0), after: .milliseconds(5))
    }
    let step = trainer.step(at: now)
    if let report = checkpoint(of: order, step: step, trainer.stepLength, isStopped: true) {
      say(.checkpoint(report), index, slot, after: .milliseconds(5))
    }
    end(slot, index, .status(0), after: .milliseconds(10))
  }

  private func checkpoint(
    of order: TrainerOrder, step: Int, _ length: Duration, isStopped: Bool
  ) -> TrainerCheckpoint? {
    guard let place = order.checkpoints else { return nil }
    let path = "\(place.path).\(step)"
    let file = SimulatedCheckpoint(
      of: order.key, step: step, trained: length * step, path: path)
    return TrainerCheckpoint(
      attempt: place.attempt, path: path, checkpoint: file.local.reference, trained: length * step,
      isStopped: isStopped)
  }

  /// What a trainer says it has written is on the disk.
  mutating func write(_ message: FromTrainer, at index: Int) {
    guard case .checkpoint(let report) = message,
      let key = store.attempts[report.attempt]?.key
    else { return }
    workers[index].files[report.path] = SimulatedCheckpoint(
      of: key, step: report.checkpoint.step, trained: report.trained, path: report.path)
  }

  /// The coordinator's checkpoint of a point has come, in one piece.
  mutating func fetched(
    _ key: PointKey, _ reference: CheckpointReference, _ chunk: BlobChunk, _ index: Int
  ) {
    let path = "/\(index)/\(key).\(reference.step)"
    let file = SimulatedCheckpoint(of: key, step: reference.step, trained: .zero, path: path)
    guard file.bytes == chunk.data else { return tell(index, .checkpointFetched(key, nil)) }
    workers[index].files[path] = file
    tell(index, .checkpointFetched(key, file.local))
  }
}
