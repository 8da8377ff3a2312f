package import Sweep
package import VAE

/// How the sweep stands.
package struct StatusReply: Hashable, Sendable {
  package var sweep: String
  package var coordinatorEpoch: UInt64
  /// Points the sweep asks for.
  package var points: Int
  package var ok: Int
  package var diverged: Int
  package var failed: Int
  package var running: Int
  package var workers: [WorkerStatus]
  package var pointsPerHour: Double
  /// nil while unknown.
  package var secondsLeft: Double?
  /// Points with an outcome that lack artifacts: the sweep is not complete before they have them.
  package var lackingArtifacts: Int
  /// What was refused since the coordinator started, by reason.
  package var refused: [RefusedCount] = []
  /// What a person should look at, a line each: a full disk, a host that fails every point.
  package var alerts: [String] = []
  /// Points that an operator has cancelled.
  package var cancelled = 0
  /// Whether an operator has paused it.
  package var isPaused = false
  /// Outcomes and artifacts that differ from the stored ones, since the coordinator started.
  package var faults = 0
  /// The first of the points that are failed.
  package var failures: [FailedPoint] = []
  package var fleet = Fleet()
  /// Since the coordinator started, as far as heartbeats have told.
  package var imagesTrained = 0
  /// Seconds that the rest takes at the least and at the most; nil while unknown.
  package var secondsLeftRange: ClosedRange<Double>?
  /// The first configurations so far, to those who watch.
  package var summary: [SummaryRow] = []
  /// Configurations that are not among them.
  package var summaryLeftOut = 0

  /// Points that are neither finished, failed, cancelled nor under way.
  package var waiting: Int { max(0, missing - running) }

  /// Points of which nothing more is to come by itself.
  package var settled: Int { ok + diverged + failed + cancelled }

  /// Points without an outcome that are neither failed nor cancelled.
  package var missing: Int { max(0, points - settled) }

  package init(
    sweep: String, coordinatorEpoch: UInt64, points: Int, ok: Int, diverged: Int, failed: Int,
    running: Int, workers: [WorkerStatus], pointsPerHour: Double, secondsLeft: Double?,
    lackingArtifacts: Int = 0
  ) {
    self.lackingArtifacts = lackingArtifacts
    self.sweep = sweep
    self.coordinatorEpoch = coordinatorEpoch
    self.points = points
    self.ok = ok
    self.diverged = diverged
    self.failed = failed
    self.running = running
    self.workers = workers
    self.pointsPerHour = pointsPerHour
    self.secondsLeft = secondsLeft
  }
}

/// One worker that is connected.
package struct WorkerStatus: Hashable, Sendable {
  package var host: String
  package var process: Int
  package var slots: Int
  /// Outcomes it has delivered in this session.
  package var finished: Int
  package var running: [RunningPoint]
  /// Why this host is given nothing; nil where it is.
  package var drained: String?
  /// Over the last seconds, evaluation included; nil while unknown.
  package var imagesPerSecond: Double?
  /// How long ago it was last heard.
  package var silent = Duration.zero
  /// What it runs in of a batch scheduler; nil where in none.
  package var allocation: Allocation?

  package init(host: String, process: Int, slots: Int, finished: Int, running: [RunningPoint]) {
    self.host = host
    self.process = process
    self.slots = slots
    self.finished = finished
    self.running = running
  }
}

/// A point that is being trained.
package struct RunningPoint: Hashable, Sendable {
  package var attempt: AttemptID
  package var key: PointKey
  package var architecture: Architecture
  package var sampling: Bool
  package var progress: AttemptProgress

  package init(
    attempt: AttemptID, key: PointKey, architecture: Architecture, sampling: Bool,
    progress: AttemptProgress
  ) {
    self.attempt = attempt
    self.key = key
    self.architecture = architecture
    self.sampling = sampling
    self.progress = progress
  }
}
