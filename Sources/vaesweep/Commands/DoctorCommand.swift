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
    let checks =
      [cpu(), cores(), pinning(), memory(), arithmetic(), speed()] + limits()
      + [clock(), encryption(), keys(), cache(), dataset()] + programs()
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

  /// What '--slots auto' makes of these CPUs.
  private func pinning() -> Check {
    let plan = CPUPlan(ThisProgram.cpus, isAuto: true)
    return Check(
      name: "slots auto", state: "ok",
      detail: "\(ThisProgram.cores.of("trainer")); \(plan.description)")
  }

  /// What can still be had, by the machine and by the control groups.
  private func memory() -> Check {
    guard let bytes = AvailableMemory.bytes else {
      return Check(name: "memory", state: "unknown", detail: "the system does not say what is free")
    }
    let needed = ThisProgram.cores * Self.trainerMemory
    let free = "\((Double(bytes) / 1e9).shown(decimals: 1)) GB can still be had"
    return Check(
      name: "memory", state: bytes >= needed ? "ok" : "short",
      detail: bytes >= needed
        ? free
        : "\(free), and \(ThisProgram.cores.of("trainer")) on MNIST may need "
          + "\((Double(needed) / 1e9).shown(decimals: 1)): give fewer with --slots")
  }

  /// Bytes that one trainer may need: what 'bench trainer' holds as its bound.
  private static let trainerMemory = 150_000_000

  /// A short run of the benchmark: how fast one core trains beside what else this host does now.
  private func speed() -> Check {
    func unknown(_ reason: String) -> Check {
      Check(name: "speed", state: "unknown", detail: reason)
    }
    let run: ProgramRun
    do throws(SystemError) {
      run = try ProgramRun.run(
        ThisProgram.path,
        ["bench", "trainer", "--dataset", "digits:2000:500", "--seconds", "1", "--format", "json"],
        deadline: .seconds(60))
    } catch {
      return unknown("\(error)")
    }
    guard run.succeeded,
      let object = try? JSONSerialization.jsonObject(with: Data(run.output.bytes)),
      let figures = object as? [String: Any],
      let architecture = figures["architecture"] as? String,
      let speed = (figures["images_per_second"] as? NSNumber)?.doubleValue
    else {
      let line = run.errors.text.split(separator: "\n").last.map(String.init)
      return unknown(line ?? "the benchmark came to no end within a minute")
    }
    return Check(
      name: "speed", state: "ok",
      detail: "one core trains \(architecture) at about \(speed.shown(decimals: 0)) images per "
        + "second now; 'vaesweep bench trainer' measures it well")
  }

  private func limits() -> [Check] {
    func check(
      _ name: String, _ limit: UInt64?, least: UInt64, _ words: (UInt64) -> String
    ) -> Check {
      guard let limit else { return Check(name: name, state: "ok", detail: "no limit") }
      let isEnough = limit >= least
      return Check(
        name: name, state: isEnough ? "ok" : "short",
        detail: words(limit)
          + (isEnough ? "" : ", and \(ThisProgram.cores.of("trainer")) may need \(words(least))"))
    }
    let slots = UInt64(ThisProgram.cores)
    let files = UInt64(FileNeeds.needed(slots: ThisProgram.cores))
    var space = check("address space", ProcessLimits.addressSpace, least: 0) {
      "\($0 >> 20) MB ('ulimit -v')"
    }
    if let complaint = AddressSpace.complaint {
      space = Check(name: space.name, state: "bad", detail: complaint)
    }
    return [
      check("open files", ProcessLimits.openFiles, least: files) { "\($0) ('ulimit -n')" },
      // A trainer has a thread or two beside its own; and the user has other programs.
      check("processes", ProcessLimits.processes, least: 64 + 4 * slots) {
        "\($0) of this user, threads too ('ulimit -u')"
      },
      space,
    ]
  }

  private func clock() -> Check {
    let time = LocalTime.now
    return switch ProcessLimits.clockIsSynchronised {
    case true?: Check(name: "clock", state: "ok", detail: "\(time), kept right by the network")
    case false?:
      Check(
        name: "clock", state: "ok",
        detail: "\(time), kept right by nobody; times in logs and --until follow it, nothing else")
    case nil: Check(name: "clock", state: "unknown", detail: time)
    }
  }

  /// Programs that some commands start; none of them is needed to train.
  private func programs() -> [Check] {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let wanted = [
      ("curl", "'vaesweep data fetch'"), ("ssh", "'vaesweep launch ssh'"),
      ("sbatch", "'vaesweep launch slurm'"),
    ]
    return wanted.map { name, purpose in
      let isThere = ProcessLimits.hasProgram(name, path: path)
      return Check(
        name: name, state: isThere ? "ok" : "absent",
        detail: isThere
          ? "on the PATH, for \(purpose)" : "not on the PATH; only \(purpose) needs it")
    }
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
