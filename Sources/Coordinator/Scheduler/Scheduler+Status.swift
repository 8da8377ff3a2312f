import Sweep
import VAE
package import Wire

extension Scheduler {
  /// Running points and workers that one reply names.
  private static let maxShown = 2000
  /// Failed points that one reply names.
  private static let maxFailures = 20

  /// The state of the sweep, for `vaesweep status` and the progress bar.
  package func status() -> StatusReply {
    var running: [SessionID: [RunningPoint]] = [:]
    var busy: [SessionID: Int] = [:]
    var shown = 0
    var underWay = 0
    for (id, attempt) in attempts.sorted {
      guard case .leased = attempt.phase, attempt.progress.steps > 0 else { continue }
      shown += 1
      busy[attempt.session, default: 0] += 1
      // Nothing of the sweep is done by training a point again for an audit.
      if attempt.purpose != .audit { underWay += 1 }
      // The reply is one message: of very many workers it shows the first.
      guard shown <= Self.maxShown else { continue }
      running[attempt.session, default: []].append(
        RunningPoint(
          attempt: id, key: attempt.key,
          architecture: attempt.point.configuration.architecture,
          sampling: attempt.point.configuration.sampling, progress: attempt.progress))
    }
    let admitted = roster.admitted
    let elapsed = time.busy / .seconds(1)
    // Half-trained points count by half, so that the first estimate comes before the first result.
    let worked = work.trained
    let rate = elapsed > 2 && worked > 0 ? worked / elapsed : nil
    let unfinished =
      points.planned - totals.finished - points.failed.count - points.cancelled.count
    let left =
      Double(unfinished + artifactLedger.lacking.count - artifactLedger.held.count) - work.behind
    var reply = StatusReply(
      sweep: settings.sweep, coordinatorEpoch: settings.coordinatorEpoch,
      points: points.planned, ok: totals.ok, diverged: totals.diverged,
      failed: points.failed.count, running: underWay,
      workers: admitted.prefix(Self.maxShown).map { worker in
        var status = WorkerStatus(
          host: worker.hello.host, process: worker.hello.process, slots: worker.hello.slots,
          finished: worker.finished, running: running[worker.session] ?? [])
        status.drained = drainReason(of: worker)
        status.imagesPerSecond = worker.speed.rate(at: time.now)
        status.silent = max(.zero, time.now - worker.lastHeard)
        status.allocation = worker.hello.allocation
        return status
      },
      pointsPerHour: (rate ?? 0) * 3600,
      // With nobody at work it would never come true.
      secondsLeft: roster.slots > 0 && !orders.isPaused ? rate.map { max(0, left) / $0 } : nil,
      lackingArtifacts: artifactLedger.lacking.count)
    reply.alerts = alerts
    reply.cancelled = points.cancelled.count
    reply.isPaused = orders.isPaused
    reply.faults = totals.faults
    reply.imagesTrained = totals.imagesTrained
    reply.failures = firstFailures
    for worker in admitted {
      reply.fleet.add(
        slots: worker.slots, running: busy[worker.session] ?? 0,
        isDrained: drainReason(of: worker) != nil)
    }
    return reply
  }

  private func drainReason(of worker: WorkerState) -> String? {
    orders.isDrained(worker.hello.host)
      ? StandingOrders.drained : health.drain(of: worker.host)?.reason
  }

  /// The failed points that come first in the grid.
  private var firstFailures: [FailedPoint] {
    points.failed.keys.smallest(Self.maxFailures).compactMap { index in
      guard let point = settings.grid.point(at: index), let reason = points.failed[index]
      else { return nil }
      return FailedPoint(point: point, reason: reason)
    }
  }
}

extension Sequence<Int> {
  /// The smallest ones in ascending order, without sorting all of them.
  fileprivate func smallest(_ count: Int) -> [Int] {
    var found: [Int] = []
    for number in self where found.count < count || number < found[count - 1] {
      let place = found.firstIndex { $0 > number } ?? found.count
      found.insert(number, at: place)
      if found.count > count { found.removeLast() }
    }
    return found
  }
}
