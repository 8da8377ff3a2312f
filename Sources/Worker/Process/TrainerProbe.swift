import Foundation
import Sweep
package import Wire

/// Starts a trainer only to hear its first words.
package enum TrainerProbe {
  /// The numeric fingerprint of this host under a BLAS core, and the core that is in effect then.
  ///
  /// Blocks for a fraction of a second.
  package static func ask(binary: String, blasCore: String) throws -> TrainerReady {
    let environment = TrainerEnvironment.make(
      blasCore: blasCore, base: ProcessInfo.processInfo.environment)
    let trainer = try TrainerProcess(
      binary: binary, arguments: ["trainer"], environment: environment)
    while true {
      let (messages, isOpen) = try trainer.read()
      for case .trainerReady(let ready) in messages { return ready }
      guard isOpen else { throw EarlyEnd(reason: trainer.reap().reason.message) }
    }
  }

  private struct EarlyEnd: Error, CustomStringConvertible {
    let reason: String
    var description: String { reason }
  }
}
