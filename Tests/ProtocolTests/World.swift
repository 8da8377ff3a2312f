import Coordinator
import Sweep
import VAE
import Wire
import Worker

/// One history of a sweep: a coordinator, its store, workers and their trainers, and a network
/// that loses, doubles, delays and reorders, all driven by one seed and one fake clock.
struct World {
  struct Trouble {
    var loss = 0.0
    var doubling = 0.0
    /// Milliseconds.
    var delay = 1...20
    var coordinatorKills = 0
    var workerKills = 0
    var trainerDeaths = 0.0
    var pauses = 0
    /// Seconds until trouble ends; after it everything is calm, and the sweep must end.
    var seconds = 60
  }

  /// What the rules forbid, found while it happened.
  struct Violation: Error, CustomStringConvertible {
    let description: String
  }

  enum Event {
    case coordinatorTick(life: Int)
    case storeCommits(life: Int)
    case killCoordinator
    case workerTick(Int, life: Int)
    case killWorker(Int)
    case pause(worker: Int?, Duration)
    case toCoordinator(WireMessage, from: PeerID)
    case toWorker(WireMessage, Int, life: Int)
    case trainerSays(Int, life: Int, SlotID, run: Int, WireMessage)
    case trainerDies(Int, life: Int, SlotID, run: Int)
  }

  let grid: Grid
  /// Some points have pictures, some have none.
  let pictures = PicturePlan(kinds: [.codes, .trajectories], seeds: .first(8))
  let trouble: Trouble
  var random: SeededGenerator
  var now: Duration = .zero
  var agenda = Agenda<Event>()
  var store = FakeStore()
  var scheduler: Scheduler
  var coordinatorLife = 0
  var coordinatorPausedUntil: Duration = .zero
  var coordinatorBacklog: [Event] = []
  var commitIsDue = false
  var workers: [SimulatedWorker] = []
  var trainings: [PointKey: Int] = [:]
  var isFinished = false

  init(seed: UInt64, points: Int, workers count: Int, trouble: Trouble) throws {
    random = SeededGenerator(seed: seed)
    grid = try Sample.grid(points: points)
    self.trouble = trouble
    store.coordinatorEpoch = 1
    scheduler = Scheduler(settings: Self.settings(grid, epoch: 1, pictures))
    agenda.add(.coordinatorTick(life: 0), at: .zero)
    for index in 0..<count {
      workers.append(SimulatedWorker(session: random.next(), index: index))
      agenda.add(.workerTick(index, life: 0), at: random.delay(0...500))
    }
    let end = trouble.seconds * 1000
    for _ in 0..<trouble.coordinatorKills {
      agenda.add(.killCoordinator, at: random.delay(0...end))
    }
    for _ in 0..<trouble.workerKills {
      let worker = Int.random(in: 0..<count, using: &random)
      agenda.add(.killWorker(worker), at: random.delay(0...end))
    }
    for _ in 0..<trouble.pauses {
      let worker = Int.random(in: -1..<count, using: &random)
      let length = random.delay(100...40_000)
      agenda.add(.pause(worker: worker < 0 ? nil : worker, length), at: random.delay(0...end))
    }
  }

  /// Lives the history to its end and checks what must hold there.
  mutating func run() throws(Violation) {
    while !isFinished {
      guard let (time, event) = agenda.next() else {
        throw Violation(description: "nothing left to happen")
      }
      now = time
      guard now < .seconds(trouble.seconds + 600) else {
        throw Violation(description: "the sweep does not end: \(scheduler.status())")
      }
      try live(event)
    }
    try checkEnd()
  }

  var isCalm: Bool { now >= .seconds(trouble.seconds) }

  private mutating func live(_ event: Event) throws(Violation) {
    switch event {
    case .coordinatorTick, .storeCommits, .toCoordinator:
      if now < coordinatorPausedUntil {
        coordinatorBacklog.append(event)
      } else {
        try liveAtCoordinator(event)
      }
    case .killCoordinator: restartCoordinator()
    case .pause(nil, let length):
      if coordinatorPausedUntil <= now { agenda.add(.coordinatorTick(life: -1), at: now + length) }
      coordinatorPausedUntil = max(coordinatorPausedUntil, now + length)
    case .pause(let worker?, let length):
      workers[worker].pausedUntil = max(workers[worker].pausedUntil, now + length)
    case .workerTick, .toWorker, .trainerSays, .trainerDies, .killWorker: liveAtWorker(event)
    }
  }

  private mutating func liveAtCoordinator(_ event: Event) throws(Violation) {
    let backlog = coordinatorBacklog
    coordinatorBacklog.removeAll()
    for event in backlog + [event] {
      switch event {
      case .toCoordinator(let message, let peer):
        try perform(scheduler.handle(.received(message, from: peer), at: now))
      case .storeCommits(coordinatorLife):
        commitIsDue = false
        try perform(scheduler.handle(.committed(store.commit()), at: now))
      case .coordinatorTick(let life) where life == coordinatorLife || life == -1:
        try perform(scheduler.handle(.tick, at: now))
        if life == coordinatorLife {
          agenda.add(.coordinatorTick(life: life), at: now + .milliseconds(100))
        }
      default: break
      }
    }
  }

  private mutating func restartCoordinator() {
    store.crash()
    store.coordinatorEpoch += 1
    coordinatorLife += 1
    commitIsDue = false
    coordinatorBacklog.removeAll()
    coordinatorPausedUntil = .zero
    scheduler = Scheduler(
      settings: Self.settings(grid, epoch: store.coordinatorEpoch, pictures),
      recovered: store.recover(grid, pictures: pictures))
    agenda.add(.coordinatorTick(life: coordinatorLife), at: now + random.delay(10...5000))
  }

  private mutating func perform(_ effects: [SchedulerEffect]) throws(Violation) {
    for effect in effects {
      switch effect {
      case .record(let record):
        store.submit(record)
        if !commitIsDue {
          commitIsDue = true
          agenda.add(.storeCommits(life: coordinatorLife), at: now + random.delay(1...60))
        }
      case .send(let message, let peer):
        try check(message)
        transmit(message, to: peer)
      case .log, .writeCheckpoint, .deleteCheckpoint: break
      case .complete: isFinished = true
      }
    }
  }

  /// What is said must already be durable.
  private func check(_ message: WireMessage) throws(Violation) {
    switch message {
    case .grant(let grant) where store.attempts[grant.attempt]?.key != grant.key:
      throw Violation(description: "granted \(grant.attempt) before it was recorded")
    case .acknowledgement(let ack) where !store.ended.contains(ack.attempt):
      // A failure of an attempt that another one has outrun needs no record.
      guard let key = store.attempts[ack.attempt]?.key, store.outcomes[key] == nil else { return }
      guard store.failureReason(of: key) != nil else {
        throw Violation(description: "acknowledged \(ack.attempt) before it was committed")
      }
    case .artifactSettled(let settled): try check(settled)
    default: break
    }
  }

  private func checkEnd() throws(Violation) {
    for (index, point) in grid.points {
      let key = point.key(dataset: Sample.dataset, trainerVersion: Trainer.version)
      let outcome = store.outcomes[key]
      let failure = store.failureReason(of: key)
      guard outcome != nil || failure != nil else {
        throw Violation(description: "point \(index) has neither an outcome nor a failure")
      }
      if let outcome, outcome != Sample.outcome(of: point) {
        throw Violation(description: "point \(index) has another point's outcome")
      }
      if outcome?.status == .ok { try checkPictures(of: point, key, at: index) }
    }
    guard store.faults == 0 else { throw Violation(description: "\(store.faults) faults") }
  }
}
