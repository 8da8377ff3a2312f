import Coordinator
import Sweep
import TestSupport
import Wire
import Worker

extension World {
  mutating func liveAtWorker(_ event: Event) throws(Violation) {
    switch event {
    case .killWorker(let index): end(index)
    case .startWorker(let index):
      guard !workers[index].isRunning else { return }
      workers[index].start(random.next(), until: limit(index))
      noteAllocation(of: index)
      agenda.add(.workerTick(index, life: workers[index].life), at: now)
    case .timeIsOver(let index, let life) where life == workers[index].life:
      // It did not end by itself: a batch system kills it.
      happenings.overran += 1
      end(index)
    case .stopWorker(let index):
      if workers[index].isRunning { try reach(index, event) }
    case .workerTick(let index, let life) where life == workers[index].life:
      agenda.add(event, at: now + .milliseconds(500))
      try reach(index, event)
    case .workerConnects(let index, let life) where life == workers[index].life,
      .toWorker(_, let index, let life) where life == workers[index].life,
      .diskKeeps(let index, let life, _) where life == workers[index].life,
      .trainerSays(let index, let life, _, _, _) where life == workers[index].life,
      .trainerEnds(let index, let life, _, _, _) where life == workers[index].life:
      try reach(index, event)
    default: break
    }
  }

  /// When a worker that starts now is ended from outside, in histories with time limits.
  mutating func limit(_ index: Int) -> EndOfTime? {
    guard let range = trouble.timeLimits, !isCalm || trouble.seconds == 0 else { return nil }
    let end = now + timeLimits.delay(range.lowerBound * 1000...range.upperBound * 1000)
    agenda.add(.timeIsOver(index, life: workers[index].life), at: end)
    happenings.timeLimits += 1
    return EndOfTime(end, from: now)
  }

  /// The process ends, and somebody starts the next one.
  private mutating func end(_ index: Int) {
    happenings.workerRestarts += 1
    workers[index].die()
    agenda.add(.startWorker(index), at: now + random.delay(0...3000))
  }

  /// Lets a worker live an event, or keeps it for when the worker goes on.
  private mutating func reach(_ index: Int, _ event: Event) throws(Violation) {
    guard now >= workers[index].pausedUntil else {
      if case .workerTick = event { return }
      workers[index].backlog.append(event)
      return
    }
    let events = workers[index].backlog.isEmpty ? [event] : workers[index].backlog + [event]
    workers[index].backlog.removeAll()
    let life = workers[index].life
    for event in events where life == workers[index].life {
      switch event {
      case .workerTick: tell(index, .tick)
      case .workerConnects: tell(index, .connected)
      case .stopWorker: tell(index, .stopRequested)
      case .toWorker(let envelope, _, _):
        note(envelope.message, at: index)
        tell(index, .received(envelope))
      case .diskKeeps(_, _, let report):
        // What was forgotten meanwhile is not written.
        if workers[index].unwritten.remove(report.attempt) != nil {
          workers[index].disk[report.attempt] = report
        }
      case .trainerSays(_, _, let slot, let run, let message)
      where workers[index].trainers[slot]?.run == run:
        write(message, at: index)
        tell(index, .trainerSaid(slot, message))
      case .trainerEnds(_, _, let slot, let run, let exit)
      where workers[index].trainers[slot]?.run == run:
        workers[index].trainers[slot] = nil
        tell(index, .trainerEnded(slot, exit))
      default: break
      }
    }
  }

  private mutating func note(_ message: ToWorker, at index: Int) {
    if case .acknowledgement(let ack) = message, let key = workers[index].delivered[ack.attempt],
      !store.isAudit(ack.attempt),
      // One from before the store was put back speaks of what is lost.
      !wasRestored || store.outcomes[key] != nil
    {
      witness.acknowledge(ack.attempt, of: key)
    }
  }

  mutating func tell(_ index: Int, _ event: AgentEvent) {
    let effects = workers[index].session.handle(event, at: now)
    for effect in effects {
      if case .forget(let attempt) = effect { noteForgotten(attempt, at: index) }
      perform(effect, index)
    }
  }

  /// An outcome may be forgotten once its point has one that is durable, or where nobody ever granted
  /// the attempt.
  private mutating func noteForgotten(_ attempt: AttemptID, at index: Int) {
    guard !wasRestored, case .outcome(let delivery)? = workers[index].disk[attempt],
      store.outcomes[delivery.outcome.key] == nil, store.attempts[attempt] != nil,
      !store.isAudit(attempt)
    else { return }
    thrownAway = attempt
  }

  private mutating func perform(_ effect: AgentEffect, _ index: Int) {
    let life = workers[index].life
    switch effect {
    case .send(let envelope): send(envelope, from: index)
    case .findDataset: tell(index, .datasetFound(path: "/simulated"))
    case .openOutbox:
      let kept = workers[index].disk.sorted { $0.key < $1.key }.map(\.value)
      happenings.takenOver += kept.count
      if !kept.isEmpty { tell(index, .outboxFound(kept)) }
      let files = workers[index].files.sorted { $0.key < $1.key }.map(\.value.local)
      tell(index, .checkpointsFound(folder: "/\(index)", files))
    case .keep(let report):
      workers[index].unwritten.insert(report.attempt)
      agenda.add(.diskKeeps(index, life: life, report), at: now + random.delay(0...40))
    case .forget(let attempt):
      workers[index].unwritten.remove(attempt)
      workers[index].disk[attempt] = nil
    case .end: end(index)
    case .startTrainer(let slot, let core):
      workers[index].lastTrainer += 1
      let run = workers[index].lastTrainer
      workers[index].trainers[slot] = SimulatedTrainer(run: run)
      say(
        .ready(TrainerReady(fingerprint: "f", blasCore: core)), index, slot,
        after: random.delay(10...100))
    case .order(let slot, let order): train(order, index, slot)
    case .killTrainer(let slot): end(slot, index, .signal(9), after: random.delay(1...5))
    case .stopTrainer(let slot): stop(slot, index)
    case .sendPiece(let request, let path, _):
      guard let file = workers[index].files[path], request.offset < file.bytes.count
      else { return }
      let end = min(request.offset + request.length, file.bytes.count)
      let chunk = BlobChunk(
        digest: request.digest, offset: request.offset, size: file.bytes.count,
        data: Array(file.bytes[request.offset..<end]))
      send(
        Envelope(.blobChunk(chunk), session: workers[index].session.settings.session),
        from: index)
    case .storeCheckpoint(let key, let reference, let chunk): fetched(key, reference, chunk, index)
    case .removeCheckpoint(let path): workers[index].files[path] = nil
    case .store, .log: break
    }
  }
}
