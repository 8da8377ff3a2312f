import Launch
import TestSupport

/// A scheduler with its nodes, and a coordinator with its sweep, none of them real: what they do follows
/// from one seed and one fake clock.
struct FakeCluster {
  struct Job {
    let id: SlurmJobID
    let token: SubmissionToken
    var startsAt: Duration
    var state = SlurmJobState.waiting
    var joinsAt: Duration = .zero
    var endsAt: Duration = .zero
    var end = SlurmJobEnd.timeLimit
    var endedAt: Duration = .zero
    /// Listings lack it until then.
    var hiddenUntil: Duration = .zero
    var isToldToEnd = false
    var isRequeued = false

    var isLive: Bool { if case .ended = state { false } else { true } }
  }

  /// What goes wrong until `seconds` are over: shares of calls and of jobs.
  struct Trouble {
    var hangs = 0.0
    var failures = 0.0
    var doubts = 0.0
    var omissions = 0.0
    var preemptions = 0.0
    var nodeFailures = 0.0
    var badJobs = 0.0
    var requeues = 0.0
    var silences = 0.0
    var seconds = 1800
  }

  let trouble: Trouble
  let slots: Int
  let capacity: Int
  var random: SeededGenerator
  var jobs: [Job] = []
  /// Points that still have to be trained, in seconds of one slot.
  var left: [Int]
  var lastID = 100
  var isSilentUntil: Duration = .zero
  /// When the coordinator ended, or will: it stays a little to tell its workers.
  var goesAt: Duration?

  var live: [Job] { jobs.filter(\.isLive) }
  var running: [Job] { jobs.filter { $0.state == .running } }

  func isCalm(at now: Duration) -> Bool { now >= .seconds(trouble.seconds) }

  mutating func chance(_ share: Double, at now: Duration) -> Bool {
    !isCalm(at: now) && Double.random(in: 0..<1, using: &random) < share
  }

  mutating func submit(_ token: SubmissionToken, at now: Duration) -> SlurmJobID {
    lastID += Int.random(in: 1...3, using: &random)
    let id = SlurmJobID(lastID)
    jobs.append(
      Job(id: id, token: token, startsAt: now + .seconds(Int.random(in: 1...40, using: &random))))
    return id
  }

  mutating func tell(_ id: SlurmJobID, at now: Duration) {
    guard let place = jobs.firstIndex(where: { $0.id == id && $0.isLive }) else { return }
    if jobs[place].state == .waiting {
      finish(place, .cancelled, at: now)
    } else {
      jobs[place].isToldToEnd = true
      jobs[place].endsAt = min(jobs[place].endsAt, now + .seconds(4))
      jobs[place].end = .completed
    }
  }

  mutating func listing(at now: Duration) -> [ListedJob] {
    for place in jobs.indices where jobs[place].isLive && chance(trouble.omissions, at: now) {
      guard jobs[place].hiddenUntil + .seconds(60) < now else { continue }
      jobs[place].hiddenUntil = now + .seconds(Int.random(in: 5...40, using: &random))
    }
    return jobs.filter { job in
      // What has ended is forgotten after a while, by some at once.
      if job.isLive { return now >= job.hiddenUntil }
      return now - job.endedAt < .seconds(job.id.number % 5 == 0 ? 15 : 300)
    }.map { ListedJob(id: $0.id, token: $0.token, state: $0.state, node: "n1") }
  }

  var demand: SweepDemand {
    var left = self.left.count
    let workers = running.filter { $0.joinsAt != .zero }.map { job in
      let busy = min(slots, left)
      left -= busy
      return HeardWorker(job: job.id, slots: slots, busy: busy)
    }
    return SweepDemand(missing: self.left.count, workers: workers)
  }

  /// One second goes by.
  mutating func pass(at now: Duration) {
    for place in jobs.indices where jobs[place].isLive { advance(place, at: now) }
    train(at: now)
    if chance(trouble.silences, at: now) {
      isSilentUntil = now + .seconds(Int.random(in: 1...90, using: &random))
    }
  }

  private mutating func advance(_ place: Int, at now: Duration) {
    if jobs[place].state == .waiting {
      guard now >= jobs[place].startsAt, running.count < capacity else { return }
      jobs[place].state = .running
      jobs[place].joinsAt = .zero
      jobs[place].endsAt = now + .seconds(Int.random(in: 60...300, using: &random))
      jobs[place].end = .timeLimit
      jobs[place].isToldToEnd = false
      if chance(trouble.badJobs, at: now) {
        jobs[place].endsAt = now + .seconds(2)
        jobs[place].end =
          [.failed(status: 127), .outOfMemory, .other("BOOT_FAIL")].randomElement(
            using: &random) ?? .cancelled
      } else if chance(trouble.preemptions, at: now) {
        jobs[place].endsAt = now + .seconds(Int.random(in: 1...60, using: &random))
        jobs[place].end = .preempted
      } else if chance(trouble.nodeFailures, at: now) {
        jobs[place].endsAt = now + .seconds(Int.random(in: 1...60, using: &random))
        jobs[place].end = .nodeFailed
      }
      return
    }
    if jobs[place].joinsAt == .zero, !jobs[place].isToldToEnd,
      now + .seconds(2) < jobs[place].endsAt
    {
      jobs[place].joinsAt = now
    }
    guard now >= jobs[place].endsAt else { return }
    if !jobs[place].isToldToEnd, chance(trouble.requeues, at: now) {
      jobs[place].state = .waiting
      jobs[place].isRequeued = true
      jobs[place].startsAt = now + .seconds(10)
    } else {
      finish(place, jobs[place].end, at: now)
    }
  }

  private mutating func train(at now: Duration) {
    let working = running.filter { $0.joinsAt != .zero }.count * slots
    for place in left.indices.prefix(working) { left[place] -= 1 }
    left.removeAll { $0 <= 0 }
    guard left.isEmpty, goesAt == nil else { return }
    goesAt = now + .seconds(8)
    for place in jobs.indices where jobs[place].state == .running {
      jobs[place].endsAt = min(jobs[place].endsAt, now + .seconds(3))
      jobs[place].end = .completed
    }
  }

  private mutating func finish(_ place: Int, _ end: SlurmJobEnd, at now: Duration) {
    jobs[place].state = .ended(end)
    jobs[place].endedAt = now
  }
}
