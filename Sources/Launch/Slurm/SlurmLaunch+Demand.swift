import Sweep

// How many jobs the sweep can use, and which worker is of none.
extension SlurmLaunch {
  /// A worker that has trained for this long was worth its job.
  private static let proof = Duration.seconds(60)

  mutating func take(_ demand: SweepDemand, at now: Duration) {
    guard standing == .running else { return }
    if let silence = coordinator.noteAnswer(at: now) {
      say("the coordinator answers again, after \(silence.roughly)")
    }
    hasEndedWell = false
    self.demand = demand
    for worker in demand.workers { note(worker, at: now) }
    if demand.isPaused != isPauseTold {
      isPauseTold = demand.isPaused
      if demand.isPaused {
        say(
          "the sweep is paused by its operator, and nothing is submitted: 'vaesweep control resume' "
            + "goes on")
      }
    }
    if demand.missing == 0 { begin(.complete, at: now) }
  }

  private mutating func note(_ worker: HeardWorker, at now: Duration) {
    guard let id = worker.job, jobs[id] != nil else { return }
    if settings.slots == nil { slots = max(slots ?? 1, worker.slots) }
    var isProven = false
    jobs.update(id) { job in
      job.isHeard = true
      if worker.busy > 0 {
        job.idleSince = nil
        job.trainsSince = job.trainsSince ?? now
      } else {
        job.idleSince = job.idleSince ?? now
        job.trainsSince = nil
      }
      let hasTrained = job.trainsSince.map { now - $0 >= Self.proof } ?? false
      guard !job.isProven, worker.finished > 0 || hasTrained else { return }
      job.isProven = true
      isProven = true
    }
    if isProven, brake.noteSuccess() { say("job \(id) is of use: jobs are submitted again") }
  }

  /// Jobs whose worker the coordinator heard when it last answered.
  var heard: Set<SlurmJobID> {
    guard coordinator.failures == 0 else { return [] }
    return Set(demand?.workers.compactMap(\.job) ?? [])
  }

  /// How many jobs can still be useful: enough slots for all that is missing, beside those of workers that
  /// came in other ways.
  ///
  /// - Returns: nil where that is not known: before the coordinator has answered, or while it does not.
  var usefulJobs: Int? {
    guard let demand, coordinator.failures == 0 else { return nil }
    let others = demand.workers.reduce(0) { sum, worker in
      let isOurs = worker.job.map { jobs[$0] != nil } ?? false
      return isOurs || worker.isDrained ? sum : sum + worker.slots
    }
    let needed = max(0, demand.missing - others)
    // Before a worker has joined it may have one slot or a hundred: it is not guessed at.
    guard let slots else { return min(needed, settings.backlog) }
    return (needed + slots - 1) / slots
  }

  mutating func submit(at now: Duration) {
    guard let useful = usefulJobs, demand?.isPaused == false, queue.failures == 0,
      queue.lastAnswer != nil
    else { return }
    // One at a time: until sbatch has spoken nothing is known of the next.
    guard !jobs.jobs.contains(where: { $0.phase == .submitting }) else { return }
    let live = jobs.live
    guard live.count < useful, jobs.jobs.count < settings.maxJobs,
      jobs.jobs.count(where: \.isQueued) < settings.backlog,
      brake.maySubmit(at: now, live: live.count)
    else { return }
    let token = nextToken()
    if brake.isPausing { say("the pause is over: one job is tried") }
    jobs.begin(token)
    out.append(.submit(token))
  }

  /// Ends jobs that wait for nothing.
  mutating func dropSurplus(at now: Duration) {
    guard let useful = usefulJobs else { return }
    for job in jobs.jobs where job.release == .surplus && job.phase == .waiting {
      tellToEnd(job, .surplus, at: now)
    }
    var surplus = jobs.live.count - useful
    for job in jobs.live.reversed() where surplus > 0 && job.phase == .waiting {
      surplus -= 1
      if let id = job.id { say("job \(id) waits for nothing any more, and is cancelled") }
      tellToEnd(job, .surplus, at: now)
    }
  }

  /// Releases workers that have nothing to do, and jobs whose worker never came.
  mutating func attendWorkers(at now: Duration) {
    for job in jobs.jobs {
      guard let id = job.id, case .running(let start) = job.phase else { continue }
      if let release = job.release {
        tellToEnd(job, release, at: now)
        continue
      }
      // While the coordinator is silent nobody knows.
      guard coordinator.failures == 0, demand?.isPaused == false else { continue }
      if let since = job.idleSince, now - since >= settings.idle, heard.contains(id) {
        say("job \(id) has had nothing to do for \(settings.idle.inWords), and is released")
        tellToEnd(job, .idle, at: now)
      } else if !job.isHeard, now - start >= settings.joinPatience {
        warn(
          "job \(id) has run for \(settings.joinPatience.inWords), and its worker has not reached the "
            + "coordinator: it is ended; can \(job.node.isEmpty ? "its node" : job.node) reach it?",
          logOf: id)
        tellToEnd(job, .unheard, at: now)
        noteFailure("their worker never reached the coordinator", id, at: now)
      }
    }
  }

  /// Asks a job to end: kindly while there is time, by Slurm where that is not heeded or it only waits.
  mutating func tellToEnd(_ job: JobLedger.Job, _ release: JobLedger.Release, at now: Duration) {
    guard let id = job.id, job.phase != .completing else { return }
    let isFirst = job.timesAsked == 0
    guard isFirst || now - job.askedAt >= settings.releasePatience else { return }
    jobs.update(id) {
      $0.release = release
      $0.askedAt = now
      $0.timesAsked += 1
    }
    // One that has begun since it was last listed is cancelled all the same: its worker gets SIGTERM.
    out.append(isFirst && !job.isQueued ? .release(id) : .cancel(id))
  }

  /// Eight hexadecimal digits that this launch has not used, nor, in all likelihood, another one.
  private mutating func nextToken() -> SubmissionToken {
    let digits = String(tokens.next() >> 32, radix: 16)
    return SubmissionToken(String(repeating: "0", count: 8 - digits.count) + digits)
  }
}

extension Duration {
  /// To the second, for lines.
  var roughly: String { Duration.seconds(max(1, components.seconds)).inWords }
}
