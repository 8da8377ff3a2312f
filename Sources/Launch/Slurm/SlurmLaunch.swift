import Sweep

/// Keeps as many worker jobs in Slurm's queue as the sweep can use: a pure state machine,
/// `(state, event, now) → effects`.
///
/// Three rules carry it:
/// - A job is submitted only while the coordinator and the queue both answer, and never beyond what may
///   still be useful, the backlog or the limit; one whose submission is in doubt counts as submitted.
/// - Every job has a name of its own, by which it is found again: after sbatch has hung, and after a
///   restart of this program.
/// - Whatever holds it up is said in one line with what to do about it, and it goes on by itself.
package struct SlurmLaunch: Sendable {
  enum Standing: Hashable, Sendable {
    case running
    /// All jobs are to end, and it with them.
    case leaving(SlurmEnding, since: Duration)
    case ended
  }

  package let settings: SlurmSettings
  var standing = Standing.running
  var jobs = JobLedger()
  var brake = SubmissionBrake()
  var coordinator: CommandContact
  var queue: CommandContact
  var demand: SweepDemand?
  /// Points that a worker of ours trains at once, as far as is known.
  var slots: Int?
  /// Whether a worker of ours has ended by itself, well, since the coordinator last answered.
  var hasEndedWell = false
  var isPauseTold = false
  var tokens: SplitMix64
  var out: [SlurmEffect] = []

  package init(settings: SlurmSettings) {
    self.settings = settings
    tokens = SplitMix64(state: settings.seed)
    slots = settings.slots
    coordinator = CommandContact(every: settings.demandEvery)
    queue = CommandContact(every: settings.queueEvery)
  }

  /// Jobs that are not known to have ended.
  package var jobCount: Int { jobs.jobs.count }

  /// Takes one event at a reading of the monotonic clock and says what is to be done.
  package mutating func handle(_ event: SlurmEvent, at now: Duration) -> [SlurmEffect] {
    guard standing != .ended else { return [] }
    switch event {
    case .tick: break
    case .demand(let demand): take(demand, at: now)
    case .silence(let reason): noteSilence(reason, at: now)
    case .queue(let listing): take(listing, at: now)
    case .queueFailed(let reason):
      if queue.noteFailure(at: now) {
        warn(
          "squeue does not answer (\(reason)): jobs are left to work, and none is submitted until it "
            + "does; to see for yourself: squeue --me")
      }
    case .submitted(let token, let id):
      jobs.note(token, submittedAs: id)
      say("job \(id) is submitted")
    case .refused(let token, let reason): noteRefusal(token, reason, at: now)
    case .hindered(let token, let reason): noteHindrance(token, reason, at: now)
    case .unsure(let token, let reason):
      jobs.noteUnsure(token)
      warn(
        "sbatch did not say whether it has submitted a job (\(reason)): it counts as submitted until "
          + "the queue has been without it for \(settings.doubt.inWords)")
    case .endingFailed(let id, let reason):
      warn(
        "job \(id) could not be told to end (\(reason)): it is told again; by hand: scancel \(id)")
    case .stopRequested: stop(at: now)
    }
    ask(at: now)
    switch standing {
    case .running:
      attendWorkers(at: now)
      submit(at: now)
      dropSurplus(at: now)
    case .leaving(let ending, let since): leave(ending, since, at: now)
    case .ended: break
    }
    defer { out = [] }
    return out
  }

  private mutating func ask(at now: Duration) {
    // Who goes for good has nothing more to ask of the coordinator.
    if standing == .running, coordinator.isDue(at: now) { out.append(.askCoordinator) }
    if queue.isDue(at: now) { out.append(.askQueue) }
  }

  private mutating func noteSilence(_ reason: String, at now: Duration) {
    guard standing == .running else { return }
    if coordinator.noteFailure(at: now) {
      warn(
        "the coordinator does not answer (\(reason)): jobs are left to work, and none is submitted "
          + "until it does; they and this program wait for it for "
          + "\(settings.coordinatorPatience.inWords): start it again on its store")
    }
    if hasEndedWell, jobs.live.allSatisfy(\.isQueued) {
      // Workers end well by themselves only where they are told that nothing is left to do.
      begin(.workersEnded, at: now)
    } else if let silence = coordinator.silence(at: now), silence >= settings.coordinatorPatience {
      begin(.coordinatorGone(reason), at: now)
    }
  }

  private mutating func stop(at now: Duration) {
    switch standing {
    case .running where settings.detaches:
      let ids = jobs.jobs.compactMap(\.id).sorted().map(\.description)
      if ids.isEmpty {
        say("no job is left")
      } else {
        say(
          "left to work: \(ids.count.of("job")); to end them: scancel \(ids.joined(separator: " "))"
        )
      }
      end(.stopped)
    case .running: begin(.stopped, at: now)
    case .leaving:
      tellLeft()
      end(.stopped)
    case .ended: break
    }
  }

  /// Ends all jobs, and then this.
  mutating func begin(_ ending: SlurmEnding, at now: Duration) {
    standing = .leaving(ending, since: now)
    queue.hurry()
    let count = jobs.jobs.count
    if ending != .complete, count > 0 {
      say("\(count.of("job")) \(count == 1 ? "is" : "are") told to hand back and to end")
    }
  }

  private mutating func leave(_ ending: SlurmEnding, _ since: Duration, at now: Duration) {
    // A listing from before may lack what was submitted or found since.
    let isListed = queue.lastAnswer.map { $0 >= since } ?? false
    if jobs.isEmpty, isListed { return end(ending) }
    guard now - since < settings.endPatience else {
      tellLeft()
      return end(ending)
    }
    for job in jobs.jobs where job.id != nil {
      // Workers that were told that all is done end by themselves.
      let isPatient = ending == .complete && !job.isQueued && now - since < settings.farewell
      if !isPatient { tellToEnd(job, .farewell, at: now) }
    }
  }

  private mutating func tellLeft() {
    let ids = jobs.jobs.compactMap(\.id).sorted().map(\.description)
    if !ids.isEmpty {
      warn(
        "not known to have ended: job \(ids.joined(separator: ", ")); scancel "
          + ids.joined(separator: " "))
    }
    if jobs.jobs.contains(where: { $0.id == nil }) || queue.failures > 0 {
      warn("whether other jobs are left is not known: squeue --me")
    }
  }

  private mutating func end(_ ending: SlurmEnding) {
    standing = .ended
    out.append(.end(ending))
  }

  mutating func say(_ text: String, logOf id: SlurmJobID? = nil) {
    out.append(.say(SlurmLine(.info, text), logOf: id))
  }

  mutating func warn(_ text: String, logOf id: SlurmJobID? = nil) {
    out.append(.say(SlurmLine(.warning, text), logOf: id))
  }
}
