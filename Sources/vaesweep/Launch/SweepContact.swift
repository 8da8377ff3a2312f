import Launch
import Platform
import Sweep
import Wire

/// How a sweep stands, as far as a launch tells of it.
struct SweepCounts {
  let sweep: String
  let failed: Int
  let cancelled: Int
}

/// Asks a coordinator how many workers its sweep can use.
struct SweepContact {
  let door: LaunchDoor
  let stop: StopSignal

  func ask() throws(CommandError) -> (demand: SweepDemand, counts: SweepCounts) {
    let status = try door.query(stop: stop).status()
    let workers = status.workers.map { worker in
      HeardWorker(
        job: worker.allocation?.slurmJob.map { SlurmJobID($0) }, slots: worker.slots,
        busy: worker.running.count, finished: worker.finished, isDrained: worker.drained != nil)
    }
    return (
      SweepDemand(
        missing: status.missing + status.lackingArtifacts, isPaused: status.isPaused,
        workers: workers),
      SweepCounts(sweep: status.sweep, failed: status.failed, cancelled: status.cancelled)
    )
  }

  /// The first answer of a coordinator that may not be there yet.
  ///
  /// - Returns: nil where a stop comes first.
  func first(within patience: Duration) throws(CommandError) -> SweepCounts? {
    let end = ContinuousClock.now + patience
    var isTold = false
    while !stop.isRequested {
      do throws(CommandError) {
        return try ask().counts
      } catch {
        guard error.status == .error, ContinuousClock.now < end else { throw error }
        if !isTold { Console.say("\(error); waiting for it for \(patience.inWords)") }
        isTold = true
      }
      _ = stop.wakeUp.wait(atMost: .seconds(1))
    }
    return nil
  }
}
