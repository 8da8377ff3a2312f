import Sweep

// What becomes of jobs, and what is said of it.
extension SlurmLaunch {
  mutating func take(_ listing: [ListedJob], at now: Duration) {
    if let silence = queue.noteAnswer(at: now) {
      say("squeue answers again, after \(silence.roughly)")
    }
    let changes = jobs.reconcile(listing, heard: heard, doubt: settings.doubt, at: now)
    for change in changes { note(change, at: now) }
  }

  private mutating func note(_ change: JobLedger.Change, at now: Duration) {
    switch change {
    case .adopted(let job):
      say("found \(name(job)), which \(job.isQueued ? "waits" : "runs\(place(job))")")
    case .started(let job): say("\(name(job)) runs\(place(job))")
    case .requeued(let job):
      say(
        "\(name(job)) was requeued by Slurm; what it trained goes to others, and counts against nobody"
      )
    case .waits(let job):
      if !Self.everydayReasons.contains(job.reason) {
        say("\(name(job)) waits: \(job.reason) (squeue --job \(job.id?.description ?? ""))")
      }
    case .forgotten(let job):
      warn(
        "Slurm has not named \(name(job)) for \(settings.doubt.inWords), and its worker is not heard: "
          + "it counts as ended")
    case .neverCame:
      say("the job that sbatch was not sure of was never submitted")
      noteFailure("sbatch gave no answer and submitted nothing", nil, at: now)
    case .ended(let job, let end): note(end, of: job, at: now)
    }
  }

  /// Why jobs wait everywhere.
  private static let everydayReasons: Set<String> = [
    "", "None", "Priority", "Resources", "BeginTime", "Cleaning",
  ]

  private mutating func note(_ end: SlurmJobEnd, of job: JobLedger.Job, at now: Duration) {
    guard job.release == nil, standing == .running else {
      return say("\(name(job)) has ended, as it was told to")
    }
    let isHeard = job.isHeard
    let job = (name: name(job), id: job.id, isProven: job.isProven, place: place(job))
    let others = "what it trained goes to others, and counts against nobody"
    switch end {
    case .timeLimit: say("\(job.name) has reached its time limit; \(others)")
    case .preempted: say("\(job.name) was preempted; \(others)")
    case .nodeFailed: say("\(job.name) was lost with its node\(job.place); \(others)")
    case .handedBack, .completed:
      if end == .completed { hasEndedWell = true }
      guard isHeard || coordinator.failures > 0 else {
        warn("\(job.name) has ended by itself before its worker joined", logOf: job.id)
        return noteFailure("their worker ended before it joined", job.id, at: now)
      }
      say(
        end == .completed
          ? "\(job.name) has ended by itself"
          : "\(job.name) has handed back what it held and ended, as before its time limit; \(others)"
      )
    case .cancelled:
      say("\(job.name) was cancelled, not by this program; \(others)")
      if !job.isProven { noteFailure("somebody cancelled them", job.id, at: now) }
    case .outOfMemory:
      warn(
        "\(job.name) was ended for using more memory than it had asked for: ask for more with --mem or "
          + "--mem-per-cpu behind --, or train fewer points at once with --slots", logOf: job.id)
      noteFailure("they ran out of memory", job.id, at: now)
    case .failed(let status):
      let how = status.map { "with exit status \($0)" } ?? "by a signal"
      warn("\(job.name) failed \(how)", logOf: job.id)
      noteFailure("they failed \(how)", job.id, at: now)
    case .other(let word):
      warn("\(job.name) has ended; Slurm calls it \(word)", logOf: job.id)
      noteFailure("Slurm calls it \(word)", job.id, at: now)
    }
  }

  mutating func noteRefusal(_ token: SubmissionToken, _ reason: String, at now: Duration) {
    jobs.noteRefused(token)
    warn("sbatch refused a job: \(reason)")
    noteFailure("sbatch refused them: \(reason)", nil, at: now)
  }

  /// A job could not be submitted, and sbatch was not asked.
  mutating func noteHindrance(_ token: SubmissionToken, _ reason: String, at now: Duration) {
    jobs.noteRefused(token)
    warn("no job could be submitted: \(reason)")
    noteFailure(reason, nil, at: now)
  }

  /// A job came to nothing; from the third in a row on that is a pause, which is said.
  mutating func noteFailure(_ reason: String, _ id: SlurmJobID?, at now: Duration) {
    guard standing == .running else { return }
    let pause = brake.noteFailure(at: now)
    guard brake.isPausing else { return }
    let look = id == nil ? "squeue --me" : "the log that is named above"
    warn(
      "PAUSED: the last \(brake.failures) jobs came to nothing (\(reason)); nothing is submitted for "
        + "\(pause.inWords), then one job is tried; look at \(look). To try at once with other options "
        + "end this program (Ctrl-C) and start it again")
  }

  private func name(_ job: JobLedger.Job) -> String {
    job.id.map { "job \($0)" } ?? "a job"
  }

  private func place(_ job: JobLedger.Job) -> String {
    job.node.isEmpty ? "" : " on \(job.node)"
  }
}
