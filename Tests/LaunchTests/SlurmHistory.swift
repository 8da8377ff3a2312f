import Launch
import TestSupport

/// One history of a launch on a fake cluster, driven by one seed and one fake clock.
struct SlurmHistory {
  struct Violation: Error, CustomStringConvertible {
    let description: String
  }

  private var random: SeededGenerator
  private var cluster: FakeCluster
  private var launch: SlurmLaunch
  private var now: Duration = .zero
  /// What will be heard, and when; of an earlier launch it is heard by nobody.
  private var answers: [(at: Duration, life: Int, event: SlurmEvent)] = []
  /// Submissions that sbatch has given up and the scheduler has not.
  private var lateSubmissions: [(at: Duration, token: SubmissionToken)] = []
  private var life = 0
  private var tokens: Set<SubmissionToken> = []
  private var heardDemand: SweepDemand?
  private var lastLine: Duration = .zero
  private var pausedUntil: Duration = .zero
  private var stalledSince: Duration?
  private(set) var ending: SlurmEnding?
  private(set) var lines: [String] = []
  private(set) var restarts = 0
  private(set) var happened: Set<String> = []

  init(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var trouble = FakeCluster.Trouble()
    let share = Double.random(in: 0...1, using: &random)
    func some(_ most: Double) -> Double {
      Double.random(in: 0...1, using: &random) < share
        ? Double.random(in: 0...most, using: &random) : 0
    }
    trouble.hangs = some(0.3)
    trouble.failures = some(0.3)
    trouble.doubts = some(0.3)
    trouble.omissions = some(0.2)
    trouble.preemptions = some(0.5)
    trouble.nodeFailures = some(0.3)
    trouble.badJobs = some(0.6)
    trouble.requeues = some(0.3)
    trouble.silences = some(0.01)
    let points = Int.random(in: 1...30, using: &random)
    cluster = FakeCluster(
      trouble: trouble, slots: Int.random(in: 1...4, using: &random),
      capacity: Int.random(in: 1...6, using: &random), random: SeededGenerator(seed: seed ^ 0x5eed),
      left: (0..<points).map { 20 + ($0 * 37) % 400 })
    var settings = SlurmSettings(seed: random.next())
    settings.backlog = Int.random(in: 1...3, using: &random)
    settings.maxJobs = Int.random(in: 1...8, using: &random)
    settings.slots = Bool.random(using: &random) ? cluster.slots : nil
    settings.idle = .seconds(Int.random(in: 5...100, using: &random))
    settings.coordinatorPatience = .seconds(600)
    launch = SlurmLaunch(settings: settings)
    restartTimes = (0..<Int.random(in: 0...3, using: &random)).map { _ in
      .seconds(Int.random(in: 1...1800, using: &random))
    }
    self.random = random
  }

  private var restartTimes: [Duration] = []

  mutating func run() throws(Violation) {
    while ending == nil {
      now += .seconds(1)
      guard now < .seconds(4 * 3600) else {
        throw Violation(
          description: "it does not end: \(cluster.left.count) points are missing, "
            + "\(cluster.live.count) jobs are there; \(lines.suffix(5))")
      }
      for late in lateSubmissions where late.at <= now { _ = cluster.submit(late.token, at: now) }
      lateSubmissions.removeAll { $0.at <= now }
      cluster.pass(at: now)
      if restartTimes.contains(now) { restart() }
      let due = answers.filter { $0.at <= now }
      answers.removeAll { $0.at <= now }
      for answer in due where answer.life == life { try tell(answer.event) }
      try tell(.tick)
      try checkJobs()
    }
    try checkEnd()
  }

  /// The launch is killed, and started again.
  private mutating func restart() {
    restarts += 1
    life += 1
    var settings = launch.settings
    settings.seed = random.next()
    launch = SlurmLaunch(settings: settings)
    heardDemand = nil
    // sbatch dies with whom it works for; and what the very first listing lacks nobody can know.
    lateSubmissions = []
    for place in cluster.jobs.indices { cluster.jobs[place].hiddenUntil = now }
  }

  private mutating func tell(_ event: SlurmEvent) throws(Violation) {
    guard ending == nil else { return }
    if case .demand(let demand) = event { heardDemand = demand }
    for effect in launch.handle(event, at: now) { try perform(effect) }
  }

  private mutating func answer(_ event: SlurmEvent, after seconds: Int) {
    answers.append((now + .seconds(seconds), life, event))
  }

  private mutating func perform(_ effect: SlurmEffect) throws(Violation) {
    let delay = Int.random(in: 0...3, using: &random)
    switch effect {
    case .askCoordinator:
      let isSilent = cluster.goesAt.map { now >= $0 } ?? (now < cluster.isSilentUntil)
      answer(
        isSilent ? .silence("no answer") : .demand(cluster.demand), after: isSilent ? 5 : delay)
    case .askQueue:
      if cluster.chance(cluster.trouble.hangs, at: now) {
        happened.insert("squeue hung")
        answer(.queueFailed("it hung"), after: 30)
      } else if cluster.chance(cluster.trouble.failures, at: now) {
        answer(.queueFailed("it failed"), after: delay)
      } else {
        answer(.queue(cluster.listing(at: now)), after: delay)
      }
    case .submit(let token): try submit(token, delay)
    case .release(let id), .cancel(let id):
      if cluster.chance(cluster.trouble.failures, at: now) {
        happened.insert("scancel failed")
        answer(.endingFailed(id, "it failed"), after: delay)
      } else {
        cluster.tell(id, at: now)
      }
    case .say(let line, _):
      lines.append("\(now) \(line.text)")
      lastLine = now
      if line.text.hasPrefix("PAUSED") {
        happened.insert("paused")
        pausedUntil = now + .seconds(2000)
      }
    case .end(let ending): self.ending = ending
    }
  }

  private mutating func submit(_ token: SubmissionToken, _ delay: Int) throws(Violation) {
    guard tokens.insert(token).inserted else { throw Violation(description: "\(token) came twice") }
    let settings = launch.settings
    guard cluster.live.count < settings.maxJobs else {
      throw Violation(description: "submits beyond \(settings.maxJobs) jobs; \(lines.suffix(8))")
    }
    let queued = cluster.live.filter { $0.state == .waiting && !$0.isRequeued }.count
    guard queued < settings.backlog else {
      throw Violation(description: "submits though \(queued) jobs wait; \(lines.suffix(8))")
    }
    // What is on its way out is of no use any more.
    let useful = cluster.live.filter { !$0.isToldToEnd }.count
    guard let missing = heardDemand?.missing, (useful - 2) * cluster.slots < missing else {
      throw Violation(description: "submits a job that can do nothing; \(lines.suffix(8))")
    }
    if cluster.chance(cluster.trouble.doubts, at: now) {
      happened.insert("sbatch hung")
      if Bool.random(using: &random) {
        lateSubmissions.append((now + .seconds(Int.random(in: 0...29, using: &random)), token))
      }
      answer(.unsure(token, "it hung"), after: 30)
    } else if cluster.chance(cluster.trouble.failures, at: now) {
      answer(.refused(token, "QOSMaxSubmitJobPerUserLimit"), after: delay)
    } else {
      answer(.submitted(token, cluster.submit(token, at: now)), after: delay)
    }
  }

  private mutating func checkJobs() throws(Violation) {
    guard cluster.live.count <= launch.settings.maxJobs else {
      throw Violation(description: "\(cluster.live.count) jobs; \(lines.suffix(8))")
    }
    // Where points are missing and no job is there for minutes, somebody must have been told why.
    guard !cluster.left.isEmpty, cluster.live.isEmpty else {
      stalledSince = nil
      return
    }
    let since = stalledSince ?? now
    stalledSince = since
    guard now - max(since, lastLine) < .seconds(400) || now < pausedUntil else {
      throw Violation(description: "nothing happens since \(since), and nothing was said")
    }
  }

  private func checkEnd() throws(Violation) {
    guard cluster.live.isEmpty else {
      throw Violation(description: "\(cluster.live.count) jobs are left; \(lines.suffix(8))")
    }
    // Where it was started anew after the coordinator had gone, it cannot know why.
    let isUnseen = cluster.goesAt != nil && ending == .coordinatorGone("no answer")
    guard cluster.left.isEmpty, ending == .complete || ending == .workersEnded || isUnseen
    else {
      throw Violation(description: "it ended with \(ending.debugDescription); \(lines.suffix(8))")
    }
  }
}
