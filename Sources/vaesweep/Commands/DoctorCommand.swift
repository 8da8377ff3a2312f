import ArgumentParser
import Dataset
import Foundation
import Keyring
import Platform
import Processor
import Sweep
import Tables
import Worker
import ZeroMQ

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Is this host ready to train? One line per check.")

  @OptionGroup var data: DataOptions
  @OptionGroup var keyFolder: KeyOptions
  @OptionGroup var output: FormatOptions

  func run() throws {
    let checks = [
      cpu(), cores(), arithmetic(), encryption(), keys(), cache(), dataset(),
    ]
    var table = Table(columns: ["check", "state", "detail"])
    for check in checks {
      table.append([.text(check.name), .text(check.state), .text(check.detail)])
    }
    try Output.write(table.render(output.format))
    let bad = checks.count { $0.state == "bad" }
    guard bad == 0 else {
      throw CommandError.failure(
        "\(bad.of("check")) failed: this host is not ready")
    }
  }

  private struct Check {
    var name: String
    var state: String
    var detail: String
  }

  private func cpu() -> Check {
    let missing = CPUFeatures.missing
    return Check(
      name: "cpu", state: missing.isEmpty ? "ok" : "bad",
      detail: missing.isEmpty
        ? "\(CPUFeatures.modelName); BLAS cores \(ThisProgram.blasCores.joined(separator: ", "))"
        : "\(CPUFeatures.modelName) lacks \(missing.joined(separator: ", "))")
  }

  private func cores() -> Check {
    let memory = Double(ProcessInfo.processInfo.physicalMemory) / 1e9
    return Check(
      name: "cores", state: "ok",
      detail: "\(ThisProgram.cpus.description), \(memory.shown(decimals: 1)) GB of memory")
  }

  private func arithmetic() -> Check {
    let core = TrainerEnvironment.defaultCore
    do {
      let fingerprint = try Fingerprint.measure(blasCore: core)
      return Check(
        name: "arithmetic", state: "ok",
        detail: "BLAS core \(core), fingerprint \(fingerprint.prefix(12))")
    } catch {
      return Check(name: "arithmetic", state: "bad", detail: error.message ?? "no trainer runs")
    }
  }

  /// Without CURVE a host can still train on loopback and by --insecure.
  private func encryption() -> Check {
    Check(
      name: "encryption", state: Library.hasCurve ? "ok" : "bad",
      detail: Library.hasCurve
        ? "libzmq \(Library.version) with CURVE"
        : "libzmq \(Library.version) was built without CURVE: install Debian's or Ubuntu's libzmq5")
  }

  private func keys() -> Check {
    let folder = keyFolder.folder
    do throws(KeyringError) {
      var own: [String] = []
      for owner in KeyOwner.allCases where try folder.pair(of: owner) != nil {
        own.append(owner.rawValue)
      }
      let count = try folder.approved().entries.count { $0.role != nil }
      let made = own.isEmpty ? "none made yet" : own.joined(separator: ", ")
      return Check(
        name: "keys", state: "ok", detail: "\(folder.path): \(made); \(count) approved")
    } catch {
      return Check(name: "keys", state: "bad", detail: error.description)
    }
  }

  private func cache() -> Check {
    let folder = data.folders.cache
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      return Check(
        name: "cache", state: "bad",
        detail: "\(folder) cannot be made: set XDG_CACHE_HOME to a folder that can be written")
    }
    let writable = FileManager.default.isWritableFile(atPath: folder)
    return Check(
      name: "cache", state: writable ? "ok" : "bad",
      detail: writable ? folder : "\(folder) cannot be written: set XDG_CACHE_HOME")
  }

  private func dataset() -> Check {
    do {
      let prepared = try data.prepare("mnist", allowFetch: false)
      return Check(name: "mnist", state: "ok", detail: prepared.origin)
    } catch {
      return Check(
        name: "mnist", state: "missing",
        detail: "not here: 'vaesweep data fetch mnist', or use 'dataset: digits'")
    }
  }
}
