import Coordinator
import Sweep
import Wire
import Worker

/// A trainer process: at any time it is so many steps on.
struct SimulatedTrainer {
  static let steps = 10
  /// A number that no other process of its worker has.
  let run: Int
  var order: TrainerOrder?
  var startedAt: Duration = .zero
  var firstStep = 0
  var stepLength: Duration = .zero

  func step(at now: Duration) -> Int {
    guard stepLength > .zero else { return firstStep }
    return min(firstStep + Int((now - startedAt) / stepLength), Self.steps)
  }
}

/// A worker process with its trainers and its disk, none of them real.
struct SimulatedWorker {
  var session: AgentSession
  /// Grows with every restart; what was meant for an earlier life is lost.
  var life = 0
  var isRunning = true
  var pausedUntil: Duration = .zero
  /// Its link lets nothing through until then.
  var upIsCutUntil: Duration = .zero
  var downIsCutUntil: Duration = .zero
  var backlog: [World.Event] = []
  /// What the outbox has on the disk: it outlives the process.
  var disk: [AttemptID: AttemptReport] = [:]
  /// What is on its way to the disk.
  var unwritten: Set<AttemptID> = []
  /// Points whose outcome this process has sent, by attempt.
  var delivered: [AttemptID: PointKey] = [:]
  /// Its checkpoints, by path; they outlive the process too.
  var files: [String: SimulatedCheckpoint] = [:]
  var trainers: [SlotID: SimulatedTrainer] = [:]
  var lastTrainer = 0
  let index: Int
  private let tellsAllocation: Bool

  /// - Parameter tellsAllocation: Whether it says what it runs in of a batch scheduler.
  init(session: UInt64, index: Int, tellsAllocation: Bool = true, until end: EndOfTime? = nil) {
    self.session = Self.make(session, index, after: [], tellsAllocation, until: end)
    self.index = index
    self.tellsAllocation = tellsAllocation
  }

  var peer: PeerID { PeerID([UInt8(index), UInt8(truncatingIfNeeded: life)]) }

  /// The process is gone, and its trainers with it.
  mutating func die() {
    isRunning = false
    life += 1
    trainers.removeAll()
    backlog.removeAll()
    unwritten.removeAll()
    delivered.removeAll()
    pausedUntil = .zero
  }

  /// The next process on the host: it knows from the locks who is dead.
  mutating func start(_ session: UInt64, until end: EndOfTime?) {
    self.session = Self.make(
      session, index, after: [self.session.settings.session], tellsAllocation, until: end)
    isRunning = true
  }

  /// Every second host belongs to a batch scheduler, which ends whatever runs there.
  static func isAllocated(_ index: Int) -> Bool { index % 2 == 1 }

  private static func make(
    _ session: UInt64, _ index: Int, after dead: [SessionID], _ tellsAllocation: Bool,
    until end: EndOfTime?
  ) -> AgentSession {
    var hello = Sample.hello(session)
    hello.host = "host\(index)"
    hello.predecessors = dead
    if isAllocated(index), tellsAllocation { hello.allocation = .slurm(job: index) }
    var settings = AgentSettings(
      session: SessionID(session), hello: hello, wait: .seconds(3600), stay: true)
    settings.timeLimit = end
    return AgentSession(settings: settings)
  }
}

/// A checkpoint's bytes say whose it is and how far.
struct SimulatedCheckpoint {
  let local: LocalCheckpoint
  let bytes: [UInt8]

  init(of key: PointKey, step: Int, trained: Duration, path: String) {
    bytes = Array("\(key) \(step)".utf8)
    local = LocalCheckpoint(
      key: key, path: path,
      reference: CheckpointReference(
        digest: Digest(of: bytes), size: bytes.count, step: step, fingerprint: "f"),
      trained: trained)
  }
}
