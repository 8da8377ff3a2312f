package import Sweep
package import VAE
package import Wire

/// What a scheduler works towards, and by which terms.
package struct SchedulerSettings: Sendable {
  /// Tells the store's attempts from those of every other store.
  package var store: UInt64 = 0
  package var sweep: String
  package var grid: Grid
  /// What is kept of which points beside their results.
  package var artifacts = ArtifactPlan.none
  package var dataset: Digest
  package var datasetName: String
  package var datasetBytes: Int
  /// Training images of the dataset; nil where it is not told, which costs a count some exactness.
  package var trainImages: Int?
  package var trainerVersion: Int
  /// Grows durably with every start on one store.
  package var coordinatorEpoch: UInt64
  /// Drawn at this start: tells its attempts from those of an earlier one with the same epoch.
  package var coordinatorStart: UInt64 = 0
  package var blasCore: String
  package var fingerprint: String
  /// Take workers that cannot reproduce the fingerprint.
  package var mixed: Bool
  package var heartbeat: Duration = .seconds(1)
  /// A worker that is not heard of for this long has lost what it held.
  package var lease: Duration = .seconds(15)
  /// A trainer without progress for this long is hung.
  ///
  /// Its worker sees to that; the scheduler steps in at twice the time.
  package var hang: Duration = .seconds(300)
  /// How often a trainer writes a checkpoint; zero: never.
  package var checkpointEvery: Duration = .seconds(60)
  /// How long attempts of an earlier epoch may still be claimed by the workers that hold them.
  package var grace: Duration = .seconds(15)
  /// A failure this soon after the start of training may be the host's doing.
  package var firstSeconds: Duration = .seconds(10)
  /// How long a drained host is given nothing; longer with each trial that goes wrong.
  package var probation: Duration = .seconds(300)
  /// How long the coordinator and its workers stay for audits after everything else is done.
  package var linger: Duration = .zero
  /// Whether it is logged what becomes of each attempt.
  package var logsAttempts = false
  /// Lost attempts after which a point is failed.
  package var maxLosses = maxLostAttempts

  package init(
    sweep: String, grid: Grid, dataset: Digest, datasetName: String, datasetBytes: Int,
    trainerVersion: Int, coordinatorEpoch: UInt64, blasCore: String, fingerprint: String,
    mixed: Bool
  ) {
    self.sweep = sweep
    self.grid = grid
    self.dataset = dataset
    self.datasetName = datasetName
    self.datasetBytes = datasetBytes
    self.trainerVersion = trainerVersion
    self.coordinatorEpoch = coordinatorEpoch
    self.blasCore = blasCore
    self.fingerprint = fingerprint
    self.mixed = mixed
  }
}

/// What the store knew of a sweep when the coordinator started.
package struct RecoveredSweep: Sendable {
  /// Positions with an outcome.
  package var ok = 0
  package var diverged = 0
  package var finished = PositionSet()
  /// Positions that are failed, and why.
  package var failed: [Int: String] = [:]
  /// Lost attempts of positions that are not failed yet.
  package var losses: [Int: Int] = [:]
  /// Attempts of earlier epochs that ended in no way: somebody may still hold them.
  package var open: [AttemptID: Int] = [:]
  /// Whom these were granted to.
  package var holders: [AttemptID: SessionID] = [:]
  /// The keys of these, where they had one.
  package var owners: [SessionID: KeyOwner] = [:]
  /// Finished positions that lack artifacts.
  package var lacking: [Int: MissingArtifacts] = [:]
  /// Hosts that have trained points.
  package var provenHosts: Set<String> = []
  /// Hosts that are drained, and why.
  package var drained: [HostIdentity: String] = [:]
  /// What operators ordered, in the order in which they did.
  package var orders: [SweepOrder] = []
  /// Where the training of positions without an outcome can be gone on from.
  package var checkpoints: [Int: StoredCheckpoint] = [:]

  package init() {}
}

/// Which artifacts a finished point lacks.
package struct MissingArtifacts: Hashable, Sendable {
  package var key: PointKey
  package var kinds: Set<ArtifactKind>
  /// Of its outcome.
  package var fingerprint: String
  /// Bytes of the artifacts that it has.
  package var bytes = 0
  /// Replays of it that failed.
  package var losses = 0

  package init(key: PointKey, kinds: Set<ArtifactKind>, fingerprint: String) {
    self.key = key
    self.kinds = kinds
    self.fingerprint = fingerprint
  }
}
