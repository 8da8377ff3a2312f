package import Sweep
package import VAE
package import Wire

extension SweepView {
  /// As a coordinator tells it.
  package init(_ status: StatusReply) {
    self.init(sweep: status.sweep, origin: "coordinator epoch \(status.coordinatorEpoch)")
    counts.points = status.points
    counts.ok = status.ok
    counts.diverged = status.diverged
    counts.failed = status.failed
    counts.cancelled = status.cancelled
    counts.running = status.running
    counts.waiting = status.waiting
    pointsPerHour = status.pointsPerHour > 0 ? status.pointsPerHour : nil
    workers = status.workers.map(Worker.init)
    let speeds = workers.compactMap(\.imagesPerSecond)
    imagesPerSecond = speeds.isEmpty ? nil : speeds.reduce(0, +)
    secondsLeft = status.secondsLeftRange ?? status.secondsLeft.map { $0...$0 }
    isPaused = status.isPaused
    lackingArtifacts = status.lackingArtifacts
    fleet = status.fleet
    failures = status.failures.map { Failure(name: $0.point.shown, reason: $0.reason) }
    faults = status.faults
    refused = status.refused
    alerts = status.alerts
    summary = status.summary
    summaryLeftOut = status.summaryLeftOut
  }
}

extension SweepView.Worker {
  init(_ status: WorkerStatus) {
    self.init(
      host: status.host, process: status.process, slots: status.slots,
      finished: status.finished, running: status.running.map(SweepView.Running.init),
      imagesPerSecond: status.imagesPerSecond, silent: status.silent / .seconds(1),
      drained: status.drained)
  }
}

extension SweepView.Running {
  init(_ point: RunningPoint) {
    self.init(
      key: point.key, name: "\(point.architecture)" + (point.sampling ? "" : " without sampling"),
      epoch: point.progress.epoch,
      fraction: min(1, Double(point.progress.step) / Double(max(1, point.progress.steps))))
  }
}

extension Point {
  /// Its configuration and its seeds, in words.
  package var shown: String { "\(configuration.shown), \(seeds.shown)" }
}

extension Configuration {
  /// The architecture and whatever is not at its default.
  package var shown: String {
    let usual = defaults
    let own = TrainKey.allCases.compactMap { key -> String? in
      guard let value = self[key] else { return nil }
      let isUsual = key == .optimizer ? optimizer.name == "adam" : usual[key] == value
      return isUsual ? nil : "\(key.rawValue) \(value)"
    }
    return ([architecture.description] + own).joined(separator: ", ")
  }
}

extension Seeds {
  fileprivate var shown: String {
    shared.map { "seed \($0)" }
      ?? "seeds init \(initialization), order \(order), noise \(noise)"
  }
}
