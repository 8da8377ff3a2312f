import Compute
import Foundation
import Platform
import Processor
import Worker

/// The running binary, to be started again: as a trainer, as a worker, or under another BLAS core.
enum ThisProgram {
  static var path: String {
    // Where /proc cannot be read, its own name has to do.
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
  }

  /// What this process may use of the machine's CPUs.
  static let cpus = AvailableCPUs(environment: ProcessInfo.processInfo.environment)

  static var cores: Int { cpus.count }

  /// Starts this command anew if OpenBLAS was loaded for another core: its choice is made once, at
  /// load time, from the environment.
  static func ensure(blasCore: String) throws(CommandError) {
    try requireCPU(blasCore: blasCore)
    let environment = ProcessInfo.processInfo.environment
    let wanted = TrainerEnvironment.make(blasCore: blasCore, base: environment)
    guard wanted != environment else {
      return try require(blasCore: blasCore, inEffect: BLAS.coreName)
    }
    let argv = CommandLine.arguments.map { strdup($0) } + [nil]
    let envp = wanted.map { strdup("\($0.key)=\($0.value)") } + [nil]
    execve(path, argv, envp)
    throw .failure("cannot start \(path) again: \(String(cString: strerror(errno)))")
  }

  /// One clear line where the limit on the address space would have OpenBLAS or libdispatch stand
  /// still.
  static func requireAddressSpace() throws(CommandError) {
    if let complaint = AddressSpace.complaint { throw .failure(complaint) }
  }

  /// One clear line where this CPU lacks what the trainer is compiled for, or the core needs.
  static func requireCPU(blasCore: String) throws(CommandError) {
    try requireAddressSpace()
    guard CPUFeatures.supportsVectorPath else {
      throw .failure(
        "this CPU (\(CPUFeatures.modelName)) lacks \(CPUFeatures.missing.joined(separator: ", ")), "
          + "which the trainer is compiled for: train on another host")
    }
    guard CPUFeatures.canRun(blasCore: blasCore) else {
      throw .badInput(
        "this CPU (\(CPUFeatures.modelName)) cannot run the BLAS core \(blasCore): "
          + "choose another with --blas-core, or native")
    }
  }

  /// One clear line where OpenBLAS did not take the core it was asked for.
  static func require(blasCore: String, inEffect core: String) throws(CommandError) {
    let isNative = blasCore.lowercased() == TrainerEnvironment.native
    guard !isNative, core.lowercased() != blasCore.lowercased() else { return }
    throw .badInput(
      "--blas-core \(blasCore): OpenBLAS on this machine runs \(core) instead: "
        + "choose another core, or native")
  }

  /// BLAS cores this CPU can run, of those a store may ask for.
  static var blasCores: [String] {
    TrainerEnvironment.knownCores.filter { CPUFeatures.canRun(blasCore: $0) }
  }
}
