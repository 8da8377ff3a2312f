import Foundation
import Platform

/// Turns SIGINT, SIGTERM, SIGHUP and SIGQUIT into a stop request; the second one ends the process at
/// once.
///
/// Until it is asked to they end the process; from then on none is lost.
enum Signals {
  static func request(_ stop: StopSignal) {
    // Without a pipe they end the process, which loses nothing that is committed.
    try? ProcessSignals.onStopRequest {
      if stop.isRequested { _exit(ExitStatus.interrupted.rawValue) }
      stop.request()
    }
  }
}
