import Foundation
import Platform

/// Turns SIGINT, SIGTERM, SIGHUP and SIGQUIT into a stop request; the second one ends the process at
/// once, unless a batch system sent it.
///
/// Until it is asked to they end the process; from then on none is lost.
enum Signals {
  /// Slurm sends the same signal by several ways, and kills what has not ended soon enough anyway: only
  /// a person who repeats it is impatient.
  private static let isPersonal =
    ProcessInfo.processInfo.environment["SLURM_JOB_ID"] == nil || Console.isTerminal

  static func request(_ stop: StopSignal) {
    // Without a pipe they end the process, which loses nothing that is committed.
    try? ProcessSignals.onStopRequest {
      if stop.isRequested, isPersonal { _exit(ExitStatus.interrupted.rawValue) }
      stop.request()
    }
  }
}
