import Platform
import Wire
import Worker
import ZeroMQ

/// The numeric fingerprint of this host under a BLAS core, measured by a trainer process that was
/// started for that core.
enum Fingerprint {
  /// - Parameter stop: Ends the wait for the trainer.
  static func measure(
    blasCore: String, stop: StopSignal? = nil
  ) throws(CommandError) -> String {
    try ThisProgram.requireCPU(blasCore: blasCore)
    let ready: TrainerReady?
    do {
      ready = try TrainerProbe.ask(binary: ThisProgram.path, blasCore: blasCore, stop: stop)
    } catch {
      throw .failure("cannot measure the numeric fingerprint: \(error)")
    }
    guard let ready else { throw CommandError(.interrupted, "interrupted before it began") }
    try ThisProgram.require(blasCore: blasCore, inEffect: ready.blasCore)
    return ready.fingerprint
  }
}
