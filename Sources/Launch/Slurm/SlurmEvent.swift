/// What the coordinator says of its sweep, as far as it decides how many jobs are of use.
package struct SweepDemand: Hashable, Sendable {
  /// Points that still have to be trained, those under way among them.
  package var missing: Int
  /// An operator has paused the sweep.
  package var isPaused: Bool
  package var workers: [HeardWorker]

  package init(missing: Int, isPaused: Bool = false, workers: [HeardWorker] = []) {
    self.missing = missing
    self.isPaused = isPaused
    self.workers = workers
  }
}

/// A worker that the coordinator hears.
package struct HeardWorker: Hashable, Sendable {
  /// The job that it runs in; nil for one that nobody's job brought.
  package var job: SlurmJobID?
  package var slots: Int
  /// Points that it trains.
  package var busy: Int
  /// Points whose outcome it has brought.
  package var finished: Int
  /// Whether its host is given nothing.
  package var isDrained: Bool

  package init(
    job: SlurmJobID?, slots: Int, busy: Int, finished: Int = 0, isDrained: Bool = false
  ) {
    self.job = job
    self.slots = slots
    self.busy = busy
    self.finished = finished
    self.isDrained = isDrained
  }
}

/// What happens to a launch.
package enum SlurmEvent: Hashable, Sendable {
  case tick
  case demand(SweepDemand)
  /// The coordinator gave no answer, and why.
  case silence(String)
  /// All jobs of this launch that Slurm knows of.
  case queue([ListedJob])
  case queueFailed(String)
  case submitted(SubmissionToken, SlurmJobID)
  /// There is certainly no such job.
  case refused(SubmissionToken, String)
  /// sbatch was not asked at all, for this reason.
  case hindered(SubmissionToken, String)
  /// Whether there is such a job is not known.
  case unsure(SubmissionToken, String)
  /// The order to end a job did not go out.
  case endingFailed(SlurmJobID, String)
  case stopRequested
}

/// What a launch wants done, in order.
package enum SlurmEffect: Hashable, Sendable {
  case askCoordinator
  case askQueue
  case submit(SubmissionToken)
  /// Ask the job's worker to hand back what it holds and to end.
  case release(SlurmJobID)
  /// Have Slurm end the job.
  case cancel(SlurmJobID)
  /// A line for whoever watches; of a job, with the last line of its log.
  case say(SlurmLine, logOf: SlurmJobID? = nil)
  case end(SlurmEnding)
}

/// A line for whoever watches.
package struct SlurmLine: Hashable, Sendable {
  package enum Level: Hashable, Sendable {
    case info
    case warning
  }

  package let level: Level
  package let text: String

  package init(_ level: Level, _ text: String) {
    self.level = level
    self.text = text
  }
}

/// Why a launch is over.
package enum SlurmEnding: Hashable, Sendable {
  /// Nothing is missing any more.
  case complete
  /// The coordinator has gone, and the workers have ended by themselves: they were told to.
  case workersEnded
  /// Somebody wanted it to stop.
  case stopped
  /// The coordinator has been silent for too long.
  case coordinatorGone(String)
}
