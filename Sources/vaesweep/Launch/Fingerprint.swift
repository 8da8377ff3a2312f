import Wire
import Worker

/// The numeric fingerprint of this host under a BLAS core, measured by a trainer process that was
/// started for that core.
enum Fingerprint {
  static func measure(blasCore: String) throws(CommandError) -> String {
    try ThisProgram.requireCPU(blasCore: blasCore)
    let ready: TrainerReady
    do {
      ready = try TrainerProbe.ask(binary: ThisProgram.path, blasCore: blasCore)
    } catch {
      throw .failure("cannot measure the numeric fingerprint: \(error)")
    }
    try ThisProgram.require(blasCore: blasCore, inEffect: ready.blasCore)
    return ready.fingerprint
  }
}
