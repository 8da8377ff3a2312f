import Foundation
package import Platform
import Sweep
package import Wire

/// Starts a trainer only to hear its first words.
package enum TrainerProbe {
  /// The numeric fingerprint of this host under a BLAS core, and the core that is in effect then.
  ///
  /// Blocks for a fraction of a second, and for a minute at most.
  ///
  /// - Parameter stop: Ends the wait, with nil.
  package static func ask(
    binary: String, blasCore: String, stop: StopSignal? = nil,
    patience: Duration = .seconds(60)
  ) throws -> TrainerReady? {
    let environment = TrainerEnvironment.make(
      blasCore: blasCore, base: ProcessInfo.processInfo.environment)
    let trainer = try TrainerProcess(binary: binary, environment: environment)
    let start = ContinuousClock.now
    while true {
      let left = patience - (ContinuousClock.now - start)
      switch waitUntilReadable(
        trainer.output, or: stop?.wakeUp.descriptor, atMost: min(left, patience))
      {
      case .second: return nil
      case .timeout:
        throw NoAnswer(reason: "a trainer process said nothing for \(patience.inWords)")
      case .first:
        let (messages, isOpen) = try trainer.read()
        for case .ready(let ready) in messages { return ready }
        guard isOpen else { throw NoAnswer(reason: trainer.collectEnd().reason.message) }
      }
    }
  }

  private struct NoAnswer: Error, CustomStringConvertible {
    let reason: String
    var description: String { reason }
  }
}
