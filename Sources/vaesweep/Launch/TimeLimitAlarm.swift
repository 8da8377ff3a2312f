import Logging
import Platform
import Sweep
import Worker

/// Asks `run` to stop in time, when its workers hand back what they hold.
final class TimeLimitAlarm {
  private let end: ContinuousClock.Instant?
  private let handsBackAt: ContinuousClock.Instant?
  private let stop: StopSignal
  private let logger: Logger

  /// - Parameter end: When this process is ended from outside; nil where nobody has said so.
  init(_ end: ContinuousClock.Instant?, stop: StopSignal, logger: Logger) {
    let now = ContinuousClock.now
    self.end = end
    handsBackAt = end.map { $0 - EndOfTime.margin(of: max(.zero, $0 - now)) }
    self.stop = stop
    self.logger = logger
  }

  /// To be called now and then.
  func look() {
    guard let end, let handsBackAt, !stop.isRequested else { return }
    let now = ContinuousClock.now
    guard now >= handsBackAt else { return }
    let left = max(.zero, end - now).inWords
    logger.info("the time limit is in \(left): everything is handed back")
    stop.request()
  }
}
