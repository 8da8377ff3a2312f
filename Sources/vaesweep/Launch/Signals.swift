import Dispatch
import Foundation
import ZeroMQ

/// Turns SIGINT and SIGTERM into a stop request; the second one ends the process at once.
final class Signals {
  private var sources: [any DispatchSourceSignal] = []

  init(_ stop: StopSignal) {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if stop.isRequested { Foundation.exit(ExitStatus.interrupted.rawValue) }
        stop.request()
      }
      source.resume()
      sources.append(source)
    }
  }
}
