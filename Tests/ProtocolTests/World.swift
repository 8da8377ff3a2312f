import Coordinator
import Sweep
import TestSupport
import VAE
import Wire
import Worker

/// One history of a sweep: a coordinator, its store, workers with their trainers and disks, and a
/// network, all driven by one seed and one fake clock.
struct World {
  /// What the rules forbid, found while it happened.
  struct Violation: Error, CustomStringConvertible {
    let description: String
  }

  enum Event {
    case coordinatorTick(life: Int)
    /// The store's thread takes what has gathered; the loop hears of it later.
    case storeWrites(life: Int)
    case storeReports([CommittedRecord], life: Int)
    case diskFills(Duration)
    /// An operator looks after its audit.
    case operatorTick(Int)
    case auditAsked(AuditRequest, by: Int)
    case operatorHears(ToOperator, Int)
    /// The design turns out to do without some points.
    case leaveOut
    /// An operator orders something, or gives the coordinator a sweep with more seeds.
    case order(SweepOrder)
    case extend(by: Int)
    case killCoordinator
    /// Somebody copies the store's file, and later puts the copy back.
    case copyStore
    case restoreStore
    case workerTick(Int, life: Int)
    case workerConnects(Int, life: Int)
    case killWorker(Int)
    case stopWorker(Int)
    case startWorker(Int)
    /// A batch system ends a worker whose time is over.
    case timeIsOver(Int, life: Int)
    case pause(worker: Int?, Duration)
    case partition(worker: Int, up: Bool, down: Bool, Duration)
    case toCoordinator(Envelope<WorkerMessage>, from: PeerID)
    case toWorker(Envelope<ToWorker>, Int, life: Int)
    case diskKeeps(Int, life: Int, AttemptReport)
    case checkpointIsWritten(OfferedCheckpoint, [UInt8], life: Int)
    case trainerSays(Int, life: Int, SlotID, run: Int, FromTrainer)
    case trainerEnds(Int, life: Int, SlotID, run: Int, TrainerExit)
  }

  var grid: Grid
  let pictures: ArtifactPlan
  let trouble: Trouble
  let broken: BrokenRule?
  var random: SeededGenerator
  /// Of its own: the other happenings of a seed stay as they are.
  var timeLimits: SeededGenerator
  var now: Duration = .zero
  var agenda = Agenda<Event>()
  var store = FakeStore()
  var storeCopy: FakeStore?
  var wasRestored = false
  /// The files of checkpoints beside the store; they outlive the coordinator.
  var checkpointFiles: [Digest: [UInt8]] = [:]
  var scheduler: Scheduler
  var coordinatorLife = 0
  var coordinatorPausedUntil: Duration = .zero
  /// When the store's last report arrives.
  var storeReported = Duration.zero
  var coordinatorBacklog: [Event] = []
  var writeIsDue = false
  var diskIsFullUntil: Duration = .zero
  var hasStalled = false
  var workers: [SimulatedWorker] = []
  /// Sessions of workers that ran in a batch scheduler's allocation.
  var allocated: Set<SessionID> = []
  var trainings: [PointKey: Int] = [:]
  var isFinished = false
  /// Those who audit in the middle of everything.
  var operators: [SimulatedOperator] = []
  /// How long the coordinator stays for them.
  var linger: Duration = .zero
  /// Positions that are called unneeded in the middle of the sweep.
  var spare: [Int] = []
  var isTold = false
  /// An outcome that was forgotten on a worker's disk and is nowhere else.
  var thrownAway: AttemptID?
  /// A trainer was given another point's checkpoint.
  var isWronglyResumed = false
  var witness = Witness()
  var happenings = Happenings()
  var events = 0
  /// Far more than any history takes: whoever answers every message with two sets off a storm.
  private static let maxEvents = 200_000
  /// Every event, where the history is to be told.
  var story: [String]?

  init(
    seed: UInt64, points: Int, workers count: Int, trouble: Trouble, broken: BrokenRule? = nil
  ) throws {
    try self.init(
      random: SeededGenerator(seed: seed), points: points, workers: count, trouble: trouble,
      pictures: .none, broken: broken)
  }

  /// Any history: everything about it follows from the seed.
  init(anyWith seed: UInt64, broken: BrokenRule? = nil) throws {
    var random = SeededGenerator(seed: seed)
    let points = Int.random(in: 1...8, using: &random)
    let workers = Int.random(in: 1...3, using: &random)
    var trouble = Trouble.drawn(from: &random)
    var limits = SeededGenerator(seed: seed ^ 0x71e)
    if limits.chance(1.0 / 3) { trouble.timeLimits = 5...25 }
    let pictures =
      random.chance(0.5)
      ? ArtifactPlan(
        pictures: [.codes, .trajectories], seeds: .first(3),
        likelihood: random.chance(0.5) ? .usual : nil) : ArtifactPlan.none
    try self.init(
      random: random, points: points, workers: workers, trouble: trouble, pictures: pictures,
      broken: broken)
    if broken == nil || broken == .ordersBeforeRecord { planOrders(points: points) }
    // The other rules are broken without them, and found sooner.
    if broken == nil || broken == .keepsAuditedOutcomes { planAudits() }
  }

  private init(
    random start: SeededGenerator, points: Int, workers count: Int, trouble: Trouble,
    pictures: ArtifactPlan, broken: BrokenRule?
  ) throws {
    random = start
    var copy = start
    timeLimits = SeededGenerator(seed: copy.next() ^ 0x1337)
    grid = try Sample.grid(points: points)
    self.trouble = trouble
    self.pictures = pictures
    self.broken = broken
    store.coordinatorEpoch = 1
    store.keepsTheFirst = broken != .keepsTheLastOutcome
    store.start = broken == .drawsNoNumber ? 0 : random.start()
    store.comparesAudits = broken != .keepsAuditedOutcomes
    scheduler = Scheduler(
      settings: Self.settings(grid, epoch: 1, start: store.start, pictures))
    agenda.add(.coordinatorTick(life: 0), at: .zero)
    for index in 0..<count {
      let tells = broken != .hidesAllocations
      workers.append(
        SimulatedWorker(session: random.next(), index: index, tellsAllocation: tells))
      if let end = limit(index) {
        let session = workers[index].session.settings.session.value
        workers[index] = SimulatedWorker(
          session: session, index: index, tellsAllocation: tells, until: end)
      }
      noteAllocation(of: index)
      agenda.add(.workerTick(index, life: 0), at: random.delay(0...500))
    }
    plan(trouble, workers: count)
    planLeavingOut()
  }

  /// Remembers where the process that a worker is by now runs.
  mutating func noteAllocation(of index: Int) {
    if SimulatedWorker.isAllocated(index) {
      allocated.insert(workers[index].session.settings.session)
    }
  }

  /// In every third history: each point with some chance, at any time.
  private mutating func planLeavingOut() {
    // A stream of its own: the other happenings of a seed stay as they are.
    var random = self.random
    random = SeededGenerator(seed: random.next() ^ 0x5eed)
    guard random.chance(1.0 / 3) else { return }
    let share = Double.random(in: 0.1...0.9, using: &random)
    spare = grid.points.map(\.0).filter { _ in random.chance(share) }
    agenda.add(.leaveOut, at: random.delay(0...trouble.seconds * 1000))
  }

  private mutating func plan(_ trouble: Trouble, workers count: Int) {
    let end = trouble.seconds * 1000
    func at(_ event: Event) { agenda.add(event, at: random.delay(0...end)) }
    func anyWorker() -> Int { Int.random(in: 0..<count, using: &random) }
    for _ in 0..<trouble.coordinatorKills { at(.killCoordinator) }
    for _ in 0..<trouble.restorations {
      at(.copyStore)
      at(.restoreStore)
    }
    for _ in 0..<trouble.workerKills { at(.killWorker(anyWorker())) }
    for _ in 0..<trouble.workerStops { at(.stopWorker(anyWorker())) }
    for _ in 0..<trouble.fullDisks { at(.diskFills(random.delay(500...20_000))) }
    for _ in 0..<trouble.pauses {
      let worker = Int.random(in: -1..<count, using: &random)
      at(.pause(worker: worker < 0 ? nil : worker, random.delay(100...25_000)))
    }
    for _ in 0..<trouble.partitions {
      let kind = Int.random(in: 0..<3, using: &random)
      at(
        .partition(
          worker: anyWorker(), up: kind != 1, down: kind != 2, random.delay(500...25_000)))
    }
  }

  /// Lives the history to its end and checks what must hold there.
  mutating func run() throws(Violation) {
    while !isFinished {
      guard let (time, event) = agenda.next() else {
        throw Violation(description: "nothing left to happen")
      }
      now = time
      events += 1
      guard events < Self.maxEvents else {
        throw Violation(description: "a storm: \(events) events within \(now)")
      }
      guard now < .seconds(trouble.seconds + 600) else {
        throw Violation(description: "the sweep does not end: \(scheduler.status())")
      }
      try live(event)
      if let thrownAway {
        throw Violation(
          description: "the outcome of \(thrownAway) was thrown away before any was committed")
      }
    }
    try checkEnd()
  }

  /// A worker's connection comes about anew, about a second after there is one to be had.
  mutating func connect(_ worker: Int, after delay: Duration) {
    agenda.add(
      .workerConnects(worker, life: workers[worker].life),
      at: now + delay + .milliseconds(100 + 300 * worker))
  }

  var isCalm: Bool { now >= .seconds(trouble.seconds) }

  private mutating func live(_ event: Event) throws(Violation) {
    if story != nil { story?.append("\(now) \(event)") }
    switch event {
    case .operatorTick(let number): tickOperator(number)
    case .operatorHears(let message, let number): try hear(message, number)
    case .coordinatorTick, .storeReports, .toCoordinator, .checkpointIsWritten, .leaveOut,
      .auditAsked, .order:
      if now < coordinatorPausedUntil {
        coordinatorBacklog.append(event)
      } else {
        try liveAtCoordinator(event)
      }
    case .storeWrites(let life):
      if life == coordinatorLife { try write() }
    case .diskFills(let length): diskIsFullUntil = max(diskIsFullUntil, now + length)
    case .killCoordinator: try restartCoordinator()
    case .extend(let more): try extendSweep(by: more)
    case .copyStore:
      storeCopy = store
      storeCopy?.crash()
    case .restoreStore: try restoreStore()
    case .pause(nil, let length):
      if coordinatorPausedUntil <= now { agenda.add(.coordinatorTick(life: -1), at: now + length) }
      coordinatorPausedUntil = max(coordinatorPausedUntil, now + length)
    case .pause(let worker?, let length):
      workers[worker].pausedUntil = max(workers[worker].pausedUntil, now + length)
    case .partition(let worker, let up, let down, let length):
      if up { workers[worker].upIsCutUntil = max(workers[worker].upIsCutUntil, now + length) }
      if down { workers[worker].downIsCutUntil = max(workers[worker].downIsCutUntil, now + length) }
      connect(worker, after: length)
    case .workerTick, .workerConnects, .toWorker, .trainerSays, .trainerEnds, .killWorker,
      .stopWorker, .startWorker, .timeIsOver, .diskKeeps:
      try liveAtWorker(event)
    }
  }
}
