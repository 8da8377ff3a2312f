package import ResultStore
import Sweep
import Wire

/// A store with one sweep's state read out of it, ready for a coordinator.
package struct OpenedStore: Sendable {
  package let settings: SchedulerSettings
  package let recovered: RecoveredSweep
  /// Tests put one in its place that dies at a step of their choice.
  package var writer: any RecordCommitting
  /// The folder with the checkpoints, and those in it that are on record.
  let checkpointFolder: String
  let keptCheckpoints: Set<Digest>

  /// Starts a new coordinator epoch on `store` and reads what is known of the sweep.
  ///
  /// - Parameters:
  ///   - prepare: Makes the settings for the epoch that has begun.
  ///   - grace: How long attempts of earlier epochs may still be claimed; nothing where their
  ///     workers cannot have outlived the coordinator.
  package init(
    _ store: ResultStore, sweep: SweepID, grace: Duration,
    prepare: (UInt64) -> SchedulerSettings
  ) throws(StoreError) {
    let start = try store.startEpoch()
    var settings = prepare(start.epoch)
    settings.coordinatorStart = start.number
    settings.grace = grace
    settings.store = try store.storeID()
    // Points of all sweeps of the store are looked up, most of few configurations.
    var grid = GridLookup(settings.grid)
    let plan = settings.artifacts
    var recovered = RecoveredSweep()
    let state = try store.recover { finished in
      guard let index = grid.index(of: finished.point) else { return }
      recovered.finished.insert(index)
      switch finished.status {
      case .ok:
        recovered.ok += 1
        let kinds = plan.kinds(wantedOf: finished.point, at: index, in: settings.grid)
        guard !kinds.isEmpty else { return }
        recovered.lacking[index] = MissingArtifacts(
          key: finished.key, kinds: kinds, fingerprint: finished.fingerprint)
      case .diverged: recovered.diverged += 1
      }
    }
    for troubled in state.troubled {
      guard let index = grid.index(of: troubled.point) else { continue }
      if troubled.tally.isFailed {
        recovered.failed[index] = troubled.tally.reason.message
      } else {
        recovered.losses[index] = troubled.tally.lost
      }
    }
    for open in state.open {
      guard let index = grid.index(of: open.point), recovered.failed[index] == nil else { continue }
      recovered.open[open.attempt] = index
      recovered.holders[open.attempt] = SessionID(open.worker.session)
    }
    if !recovered.lacking.isEmpty { try Self.findArtifacts(in: store, &grid, &recovered) }
    recovered.provenHosts = try store.provenHosts()
    for host in try store.drainedHosts() {
      recovered.drained[HostIdentity(host.name, owner: host.owner.map(KeyOwner.init))] = host.reason
    }
    recovered.orders = try store.orders(of: sweep)
    let holders = Set(recovered.holders.values)
    for (worker, owner) in try store.workerOwners() {
      let session = SessionID(worker.session)
      if holders.contains(session) { recovered.owners[session] = KeyOwner(owner) }
    }
    let folder = store.checkpointFolder
    var kept: Set<Digest> = []
    var lost: [PointKey] = []
    for (record, point) in try store.checkpoints() {
      guard CheckpointFolder.file(record.digest, in: folder)?.size == record.size else {
        lost.append(record.key)
        continue
      }
      kept.insert(record.digest)
      guard let index = grid.index(of: point) else { continue }
      recovered.checkpoints[index] = StoredCheckpoint(
        attempt: record.attempt,
        reference: CheckpointReference(
          digest: record.digest, size: record.size, step: record.step,
          fingerprint: record.fingerprint))
    }
    // On record they would keep every nearer one out.
    try store.forgetCheckpoints(of: lost)
    checkpointFolder = folder
    keptCheckpoints = kept
    self.settings = settings
    self.recovered = recovered
    writer = RecordWriter(store: store, sweep: sweep)
  }

  /// Leaves those that lack something, with the replays that may still be under way.
  private static func findArtifacts(
    in store: ResultStore, _ grid: inout GridLookup, _ recovered: inout RecoveredSweep
  ) throws(StoreError) {
    let artifacts = try store.recoverArtifacts()
    for (index, wanted) in recovered.lacking {
      var missing = wanted
      if let stored = artifacts.stored[wanted.key] {
        missing.kinds.subtract(stored.kinds)
        missing.bytes = stored.bytes
      }
      missing.losses = artifacts.replayLosses[wanted.key] ?? 0
      recovered.lacking[index] = missing.kinds.isEmpty ? nil : missing
    }
    for open in artifacts.open {
      guard let index = grid.index(of: open.point), recovered.lacking[index] != nil else {
        continue
      }
      recovered.open[open.attempt] = index
      recovered.holders[open.attempt] = SessionID(open.worker.session)
    }
  }
}
