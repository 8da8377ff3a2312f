import Foundation
import Platform
import Synchronization

/// Turns SIGINT, SIGTERM, SIGHUP and SIGQUIT into a stop request; a later one ends the process at once,
/// unless a batch system sent it.
///
/// Until it is asked to they end the process; from then on none is lost.
enum Signals {
  /// Slurm sends the same signal by several ways, and kills what has not ended soon enough anyway: only
  /// a person who repeats it is impatient.
  private static let isPersonal =
    ProcessInfo.processInfo.environment["SLURM_JOB_ID"] == nil || Console.isTerminal
  /// `timeout`, shells and service managers signal a process and then its group: what comes within this
  /// time of the first is the same request.
  private static let oneRequest = Duration.seconds(1)

  static func request(_ stop: StopSignal) {
    let first = FirstSignal()
    // Without a pipe they end the process, which loses nothing that is committed.
    try? ProcessSignals.onStopRequest {
      let age = first.age()
      if stop.isRequested, isPersonal, age >= oneRequest { _exit(ExitStatus.interrupted.rawValue) }
      stop.request()
    }
  }
}

/// When the first signal came.
private final class FirstSignal: Sendable {
  private let instant = Mutex<ContinuousClock.Instant?>(nil)

  /// How long ago it came; zero for the first itself.
  func age() -> Duration {
    let now = ContinuousClock.now
    return instant.withLock { instant in
      let first = instant ?? now
      instant = first
      return now - first
    }
  }
}
