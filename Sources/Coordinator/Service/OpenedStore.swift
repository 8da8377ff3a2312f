package import ResultStore
import Sweep

/// A store with one sweep's state read out of it, ready for a coordinator.
package struct OpenedStore: Sendable {
  package let settings: SchedulerSettings
  package let recovered: RecoveredSweep
  package let writer: RecordWriter

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
    var settings = prepare(try store.startEpoch())
    settings.grace = grace
    settings.store = try store.storeID()
    let grid = settings.grid
    var recovered = RecoveredSweep()
    let state = try store.recover { finished in
      guard let index = grid.index(of: finished.point) else { return }
      recovered.finished.insert(index)
      switch finished.status {
      case .ok: recovered.ok += 1
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
    }
    self.settings = settings
    self.recovered = recovered
    writer = RecordWriter(store: store, sweep: sweep)
  }
}
