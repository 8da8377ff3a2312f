import Launch
import Testing

/// A launch whose every effect the test takes.
private struct Harness {
  var launch: SlurmLaunch
  var now: Duration = .zero
  var effects: [SlurmEffect] = []

  init(_ change: (inout SlurmSettings) -> Void = { _ in }) {
    var settings = SlurmSettings(seed: 7)
    settings.slots = 2
    change(&settings)
    launch = SlurmLaunch(settings: settings)
  }

  mutating func tell(_ event: SlurmEvent) { effects += launch.handle(event, at: now) }

  /// Both answer: so much is missing, and these jobs are there.
  mutating func hear(missing: Int, _ workers: [HeardWorker] = [], queue: [ListedJob]) {
    tell(.queue(queue))
    tell(.demand(SweepDemand(missing: missing, workers: workers)))
  }

  mutating func pass(_ length: Duration) {
    now += length
    tell(.tick)
  }

  mutating func takeSubmission() -> SubmissionToken? {
    defer { effects = [] }
    for case .submit(let token) in effects { return token }
    return nil
  }

  /// Lets what is asked for be submitted, until nothing more is.
  mutating func submitAll(from first: Int = 1) -> [ListedJob] {
    var jobs: [ListedJob] = []
    while let token = takeSubmission() {
      let id = SlurmJobID(first + jobs.count)
      jobs.append(ListedJob(id: id, token: token, state: .waiting))
      tell(.submitted(token, id))
    }
    return jobs
  }

  var lines: [String] {
    effects.compactMap { if case .say(let line, _) = $0 { line.text } else { nil } }
  }
}

@Suite("A launch on Slurm")
struct SlurmLaunchTests {
  private func running(_ jobs: [ListedJob]) -> [ListedJob] {
    jobs.map {
      var job = $0
      job.state = .running
      job.node = "n\(job.id)"
      return job
    }
  }

  private func ended(_ job: ListedJob, _ end: SlurmJobEnd) -> ListedJob {
    ListedJob(id: job.id, token: job.token, state: .ended(end))
  }

  @Test("submits nothing before both the coordinator and the queue have answered")
  func waitsForBoth() {
    var harness = Harness()
    harness.tell(.tick)
    #expect(harness.effects == [.askCoordinator, .askQueue])
    harness.tell(.demand(SweepDemand(missing: 10)))
    #expect(harness.takeSubmission() == nil)
    harness.tell(.queue([]))
    #expect(harness.takeSubmission() != nil)
  }

  @Test(
    "keeps as many jobs as are of use, as the queue may hold, and as it may have",
    arguments: [
      // missing, backlog, limit, slots of others, jobs
      (10, 2, 20, 0, 2), (3, 5, 20, 0, 2), (100, 50, 4, 0, 4), (10, 50, 20, 6, 2),
      (10, 50, 20, 99, 0),
      (1, 5, 5, 0, 1),
    ])
  func counts(missing: Int, backlog: Int, limit: Int, others: Int, jobs: Int) {
    var harness = Harness {
      $0.backlog = backlog
      $0.maxJobs = limit
    }
    let other = HeardWorker(job: nil, slots: others, busy: 0)
    harness.hear(missing: missing, others > 0 ? [other] : [], queue: [])
    #expect(harness.submitAll().count == jobs)
  }

  @Test("learns from the first worker how many points a job trains")
  func learnsSlots() {
    var harness = Harness { $0.slots = nil }
    harness.hear(missing: 100, queue: [])
    let jobs = harness.submitAll()
    #expect(jobs.count == 2)
    let heard = jobs.map { HeardWorker(job: $0.id, slots: 40, busy: 40) }
    harness.hear(missing: 100, heard, queue: running(jobs))
    // 100 points by 40 are three jobs.
    #expect(harness.submitAll(from: 3).count == 1)
  }

  @Test("finds its jobs again after a restart, and submits only what is lacking")
  func restarts() {
    var harness = Harness { $0.backlog = 9 }
    harness.hear(missing: 8, queue: [])
    let jobs = harness.submitAll()
    #expect(jobs.count == 4)
    var other = Harness { $0.backlog = 9 }
    other.hear(missing: 8, queue: jobs)
    #expect(other.takeSubmission() == nil)
    other.hear(missing: 8, queue: Array(jobs.dropLast()) + [ended(jobs[3], .preempted)])
    #expect(other.submitAll(from: 9).count == 1)
  }

  @Test("counts a job of which sbatch said nothing until the queue has been without it for long")
  func unsure() {
    var harness = Harness { $0.maxJobs = 1 }
    harness.hear(missing: 8, queue: [])
    guard let token = harness.takeSubmission() else { return #expect(Bool(false)) }
    harness.tell(.unsure(token, "it gave no answer within 30s"))
    harness.hear(missing: 8, queue: [])
    #expect(harness.takeSubmission() == nil)
    harness.now += .seconds(3600)
    harness.hear(missing: 8, queue: [])
    #expect(harness.takeSubmission() == nil)
    // It had been submitted after all.
    let job = ListedJob(id: SlurmJobID(5), token: token, state: .waiting)
    harness.hear(missing: 8, queue: [job])
    harness.now += .seconds(600)
    harness.hear(missing: 8, queue: [job])
    #expect(harness.takeSubmission() == nil)
    #expect(harness.launch.jobCount == 1)
  }

  @Test("believes the coordinator that a job is there which the queue forgets")
  func forgets() {
    var harness = Harness { $0.maxJobs = 1 }
    harness.hear(missing: 8, queue: [])
    let jobs = running(harness.submitAll())
    let heard = [HeardWorker(job: jobs[0].id, slots: 2, busy: 2)]
    harness.hear(missing: 8, heard, queue: jobs)
    harness.now += .seconds(600)
    harness.hear(missing: 8, heard, queue: [])
    harness.now += .seconds(600)
    harness.hear(missing: 8, heard, queue: [])
    #expect(harness.takeSubmission() == nil)
    // Neither knows of it.
    harness.hear(missing: 8, queue: [])
    for _ in 1...4 {
      harness.now += .seconds(20)
      harness.hear(missing: 8, queue: [])
    }
    #expect(harness.lines.contains { $0.contains("counts as ended") })
    #expect(harness.takeSubmission() != nil)
  }

  @Test(
    "replaces what the scheduler ends, and says what happened",
    arguments: [
      (SlurmJobEnd.timeLimit, "has reached its time limit"), (.preempted, "was preempted"),
      (.nodeFailed, "was lost with its node on n1"),
      (.cancelled, "was cancelled, not by this program"),
      (.handedBack, "has handed back what it held and ended"),
    ])
  func replaces(end: SlurmJobEnd, words: String) {
    var harness = Harness { $0.maxJobs = 1 }
    harness.hear(missing: 8, queue: [])
    let jobs = running(harness.submitAll())
    harness.hear(missing: 8, queue: jobs)
    let heard = [HeardWorker(job: jobs[0].id, slots: 2, busy: 2, finished: 1)]
    harness.hear(missing: 8, heard, queue: jobs)
    harness.effects = []
    harness.hear(missing: 7, queue: [ended(jobs[0], end)])
    #expect(harness.lines.contains { $0.contains(words) && $0.contains("counts against nobody") })
    #expect(harness.takeSubmission() != nil)
  }

  @Test(
    "takes a worker that was told of the end, while the coordinator is silent, for the end",
    arguments: [(SlurmJobEnd.completed, true), (.handedBack, false), (.timeLimit, false)])
  func endsWithWorkers(end: SlurmJobEnd, isOver: Bool) {
    var harness = Harness { $0.maxJobs = 1 }
    harness.hear(missing: 8, queue: [])
    let jobs = running(harness.submitAll())
    harness.hear(missing: 8, [HeardWorker(job: jobs[0].id, slots: 2, busy: 2)], queue: jobs)
    harness.tell(.silence("nothing listens"))
    harness.tell(.queue([ended(jobs[0], end)]))
    harness.effects = []
    harness.tell(.silence("nothing listens"))
    harness.tell(.queue([]))
    #expect(harness.effects.contains(.end(.workersEnded)) == isOver, "\(harness.effects)")
  }

  @Test("says what keeps it from submitting, and tries again")
  func hindered() throws {
    var harness = Harness { $0.backlog = 1 }
    harness.hear(missing: 8, queue: [])
    let submitted = harness.takeSubmission()
    harness.tell(.hindered(try #require(submitted), "no space left"))
    #expect(harness.lines == ["no job could be submitted: no space left"])
    #expect(harness.launch.jobCount == 0)
    harness.effects = []
    harness.pass(.seconds(60))
    harness.hear(missing: 8, queue: [])
    #expect(harness.takeSubmission() != nil)
  }

  @Test("pauses after three jobs that came to nothing, with the reason, tries one, and goes on")
  func pauses() throws {
    var harness = Harness { $0.backlog = 1 }
    harness.hear(missing: 8, queue: [])
    for failure in 1...3 {
      let submitted = harness.takeSubmission()
      let token = try #require(submitted)
      let id = SlurmJobID(failure)
      harness.tell(.submitted(token, id))
      harness.hear(
        missing: 8,
        queue: [ListedJob(id: id, token: token, state: .waiting)])
      harness.hear(
        missing: 8,
        queue: [ListedJob(id: id, token: token, state: .ended(.failed(status: 127)))])
      if failure < 3 {
        #expect(harness.takeSubmission() == nil)
        harness.pass(.seconds(15))
      }
    }
    let line = harness.lines.last ?? ""
    #expect(
      line.hasPrefix("PAUSED: the last 3 jobs came to nothing (they failed with exit status 127)"))
    harness.effects = []
    harness.pass(.seconds(59))
    #expect(harness.takeSubmission() == nil)
    harness.pass(.seconds(1))
    #expect(harness.lines == ["the pause is over: one job is tried"])
    let tried = harness.takeSubmission()
    let trial = try #require(tried)
    let job = ListedJob(id: SlurmJobID(9), token: trial, state: .running)
    harness.tell(.submitted(trial, job.id))
    harness.hear(missing: 8, queue: [job])
    #expect(harness.takeSubmission() == nil)
    harness.hear(
      missing: 7, [HeardWorker(job: job.id, slots: 2, busy: 2, finished: 1)], queue: [job])
    #expect(harness.takeSubmission() != nil)
  }

  @Test("releases a worker that has nothing to do, and has Slurm end one that does not listen")
  func idle() {
    var harness = Harness { $0.idle = .seconds(100) }
    harness.hear(missing: 4, queue: [])
    let jobs = running(harness.submitAll())
    let busy = HeardWorker(job: jobs[0].id, slots: 2, busy: 2)
    let idle = HeardWorker(job: jobs[1].id, slots: 2, busy: 0)
    harness.hear(missing: 2, [busy, idle], queue: jobs)
    harness.now += .seconds(99)
    harness.hear(missing: 2, [busy, idle], queue: jobs)
    #expect(!harness.effects.contains(.release(jobs[1].id)))
    harness.now += .seconds(1)
    harness.hear(missing: 2, [busy, idle], queue: jobs)
    #expect(harness.effects.contains(.release(jobs[1].id)))
    harness.effects = []
    harness.pass(.seconds(60))
    #expect(harness.effects.contains(.cancel(jobs[1].id)))
    harness.effects = []
    harness.hear(missing: 2, [busy], queue: [jobs[0], ended(jobs[1], .cancelled)])
    #expect(harness.lines == ["job 2 has ended, as it was told to"])
  }

  @Test("cancels what waits for nothing any more, and ends once nothing is missing")
  func complete() {
    var harness = Harness { $0.backlog = 3 }
    harness.hear(missing: 6, queue: [])
    let jobs = harness.submitAll()
    let listed = running([jobs[0]]) + jobs.dropFirst()
    harness.hear(missing: 2, [HeardWorker(job: jobs[0].id, slots: 2, busy: 2)], queue: listed)
    #expect(harness.effects.contains(.cancel(jobs[1].id)))
    #expect(harness.effects.contains(.cancel(jobs[2].id)))
    harness.hear(missing: 0, queue: running([jobs[0]]))
    harness.effects = []
    // The worker ends by itself.
    harness.pass(.seconds(5))
    harness.tell(.queue(jobs.map { ended($0, .completed) }))
    #expect(harness.effects.last == .end(.complete))
  }

  @Test("on a stop has every job end, and waits for that; with detach it leaves them and says how")
  func stop() {
    var harness = Harness { $0.maxJobs = 2 }
    harness.hear(missing: 6, queue: [])
    let jobs = harness.submitAll()
    let listed = running([jobs[0]]) + [jobs[1]]
    harness.hear(missing: 6, queue: listed)
    harness.effects = []
    harness.tell(.stopRequested)
    #expect(harness.effects.contains(.release(jobs[0].id)))
    #expect(harness.effects.contains(.cancel(jobs[1].id)))
    harness.tell(.queue(jobs.map { ended($0, .cancelled) }))
    #expect(harness.effects.last == .end(.stopped))

    var other = Harness { $0.detaches = true }
    other.hear(missing: 6, queue: listed)
    other.effects = []
    other.tell(.stopRequested)
    #expect(other.lines == ["left to work: 2 jobs; to end them: scancel 1 2"])
    #expect(other.effects.last == .end(.stopped))
  }

  @Test("says once that squeue or the coordinator is silent, and once that it answers again")
  func silences() {
    var harness = Harness()
    harness.hear(missing: 6, queue: [])
    _ = harness.submitAll()
    for _ in 0..<3 {
      harness.pass(.seconds(90))
      harness.tell(.queueFailed("it hung"))
      harness.tell(.silence("nobody there"))
    }
    #expect(harness.lines.count == 2)
    #expect(harness.lines.allSatisfy { $0.contains("none is submitted until it does") })
    harness.effects = []
    harness.hear(missing: 6, queue: [])
    #expect(harness.lines.contains("squeue answers again, after 3m"))
    #expect(harness.lines.contains("the coordinator answers again, after 3m"))
  }

  @Test("gives up with a coordinator that has been silent for as long as its workers wait")
  func coordinatorGone() {
    var harness = Harness { $0.coordinatorPatience = .seconds(600) }
    harness.hear(missing: 6, queue: [])
    let jobs = harness.submitAll()
    harness.tell(.silence("nobody there"))
    harness.now += .seconds(600)
    harness.tell(.silence("nobody there"))
    harness.tell(.queue(jobs.map { ended($0, .cancelled) }))
    #expect(harness.effects.last == .end(.coordinatorGone("nobody there")))
  }
}
