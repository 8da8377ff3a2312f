import Coordinator
import Sweep
import Wire
import Worker

/// A worker process with its trainers, none of them real.
struct SimulatedWorker {
  var session: AgentSession
  /// Grows with every restart; what was meant for an earlier life is lost.
  var life = 0
  var pausedUntil: Duration = .zero
  var backlog: [World.Event] = []
  /// The trainer process of each slot, by a number that no other process has.
  var trainers: [SlotID: Int] = [:]
  var lastTrainer = 0
  /// What its host keeps when the process dies.
  var disk: [AttemptID: WireMessage] = [:]
  let index: Int

  init(session: UInt64, index: Int) {
    self.session = Self.make(session)
    self.index = index
  }

  var peer: PeerID { PeerID([UInt8(index), UInt8(truncatingIfNeeded: life)]) }

  mutating func restart(_ session: UInt64) {
    self.session = Self.make(session)
    life += 1
    trainers.removeAll()
    backlog.removeAll()
    pausedUntil = .zero
  }

  private static func make(_ session: UInt64) -> AgentSession {
    AgentSession(
      settings: AgentSettings(hello: Sample.hello(session), wait: .seconds(3600), stay: true))
  }
}

extension World {
  mutating func transmit(_ message: WireMessage, to peer: PeerID) {
    let index = Int(peer.bytes[0])
    let life = workers[index].life
    guard UInt8(truncatingIfNeeded: life) == peer.bytes[1] else { return }
    for _ in 0..<copies() {
      agenda.add(.toWorker(message, index, life: life), at: now + random.delay(trouble.delay))
    }
  }

  private mutating func copies() -> Int {
    guard !isCalm else { return 1 }
    if random.chance(trouble.loss) { return 0 }
    return random.chance(trouble.doubling) ? 2 : 1
  }

  mutating func liveAtWorker(_ event: Event) {
    switch event {
    case .killWorker(let index):
      workers[index].restart(random.next())
      agenda.add(.workerTick(index, life: workers[index].life), at: now + random.delay(0...3000))
    case .workerTick(let index, let life) where life == workers[index].life:
      agenda.add(event, at: now + .milliseconds(100))
      reach(index, event)
    case .toWorker(_, let index, let life) where life == workers[index].life:
      reach(index, event)
    case .trainerSays(let index, let life, _, _, _) where life == workers[index].life,
      .trainerDies(let index, let life, _, _) where life == workers[index].life:
      reach(index, event)
    default: break
    }
  }

  /// Lets a worker live an event, or keeps it for when the worker goes on.
  private mutating func reach(_ index: Int, _ event: Event) {
    guard now >= workers[index].pausedUntil else {
      if case .workerTick = event { return }
      workers[index].backlog.append(event)
      return
    }
    let events = workers[index].backlog + [event]
    workers[index].backlog.removeAll()
    for event in events {
      switch event {
      case .workerTick: tell(index, .tick)
      case .toWorker(let message, _, _): tell(index, .received(message))
      case .trainerSays(_, _, let slot, let run, let message)
      where workers[index].trainers[slot] == run:
        tell(index, .trainerSaid(slot, message))
      case .trainerDies(_, _, let slot, let run) where workers[index].trainers[slot] == run:
        workers[index].trainers[slot] = nil
        tell(index, .trainerEnded(slot, .signal(9)))
      default: break
      }
    }
  }

  private mutating func tell(_ index: Int, _ event: AgentEvent) {
    let effects = workers[index].session.handle(event, at: now)
    for effect in effects { perform(effect, index) }
  }

  private mutating func perform(_ effect: AgentEffect, _ index: Int) {
    let life = workers[index].life
    switch effect {
    case .send(let message):
      for _ in 0..<copies() {
        agenda.add(
          .toCoordinator(message, from: workers[index].peer), at: now + random.delay(trouble.delay))
      }
    case .findDataset: tell(index, .datasetFound(path: "/simulated"))
    case .store, .log, .end: break
    case .stopTrainer, .sendPiece, .storeCheckpoint, .removeCheckpoint: break
    case .openOutbox:
      let kept = workers[index].disk.sorted { $0.key < $1.key }.map(\.value)
      if !kept.isEmpty { tell(index, .outboxFound(kept)) }
    case .keep(let attempt, let message): workers[index].disk[attempt] = message
    case .forget(let attempt): workers[index].disk[attempt] = nil
    case .startTrainer(let slot, let core):
      workers[index].lastTrainer += 1
      let run = workers[index].lastTrainer
      workers[index].trainers[slot] = run
      let ready = TrainerReady(fingerprint: "f", blasCore: core)
      agenda.add(
        .trainerSays(index, life: life, slot, run: run, .trainerReady(ready)),
        at: now + random.delay(10...100))
    case .order(let slot, let order): train(order, index, slot)
    case .killTrainer(let slot):
      guard let run = workers[index].trainers[slot] else { return }
      agenda.add(.trainerDies(index, life: life, slot, run: run), at: now + random.delay(1...5))
    }
  }

  private mutating func train(_ order: TrainerOrder, _ index: Int, _ slot: SlotID) {
    guard let run = workers[index].trainers[slot] else { return }
    let life = workers[index].life
    trainings[order.key, default: 0] += 1
    let end = now + random.delay(50...8000)
    if !isCalm, random.chance(trouble.trainerDeaths) {
      agenda.add(.trainerDies(index, life: life, slot, run: run), at: end)
      return
    }
    // The pieces come first, as a pipe keeps their order.
    for kind in order.pictures.sorted() {
      for piece in TrainerArtifact.pieces(of: Sample.artifact(kind, of: order.point)) {
        agenda.add(
          .trainerSays(index, life: life, slot, run: run, .trainerArtifact(piece)), at: end)
      }
    }
    let outcome = TrainerOutcome(outcome: Sample.outcome(of: order.point), receipt: Sample.receipt)
    agenda.add(.trainerSays(index, life: life, slot, run: run, .trainerOutcome(outcome)), at: end)
  }
}
