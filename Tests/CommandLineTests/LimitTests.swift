import Foundation
import TestSupport
import Testing

@Suite("A limit of the machine or the process", .serialized)
struct LimitTests {
  /// Runs the program from a shell that prepares something first.
  private func run(_ program: Program, _ preparation: String, _ command: String) throws -> (
    status: Int32, output: String, errors: String
  ) {
    let script = "\(preparation)\nexec \(Program.path) \(command)"
    let shell = try RunningProgram(
      "/bin/sh", ["-c", script], in: program.folder, environment: program.environment)
    let status = try shell.waitForEnd()
    return (status, shell.output, shell.errors)
  }

  /// What a user is never shown: a framework's error objects, traces, or the end of a process by a trap.
  private func expectPlain(_ result: (status: Int32, output: String, errors: String)) {
    #expect(result.status < 128, "\(result.status): \(result.errors)")
    for word in ["NS", "Error Domain", "Fatal error", "Backtrac", "UserInfo"] {
      #expect(!result.errors.contains(word), "\(result.errors)")
    }
    let last = result.errors.split(separator: "\n").last ?? ""
    #expect(result.status == 0 || last.hasPrefix("vaesweep: "), "\(result.errors)")
  }

  @Test("of open files is told in one line, or is enough", arguments: [16, 24, 40, 64, 128])
  func files(limit: Int) throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0")
    let result = try run(program, "ulimit -n \(limit)", "run \(sweep) --store s.sqlite")
    expectPlain(result)
    if result.status != 0 {
      #expect(result.status == 1)
      #expect(result.errors.contains("only \(limit) files open ('ulimit -n')"), "\(result.errors)")
      // Nothing half-made is left.
      #expect(!program.folder.names().contains("s.sqlite"))
    }
    let summary = try self.run(program, "ulimit -n \(limit)", "plan \(sweep)")
    expectPlain(summary)
  }

  @Test("of a file's size ends a run with a line, and the next run goes on")
  func fileSize() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..3")
    #expect(try program.run("plan", sweep).status == 0)
    // Enough for the store's tables, too little for its outcomes; blocks of 512 bytes in a plain shell.
    let result = try run(program, "ulimit -f 360", "run \(sweep) --store s.sqlite --data .")
    expectPlain(result)
    #expect(result.status == 1 || result.status == 0)
    if result.status == 1 {
      #expect(result.errors.contains("'ulimit -f'"), "\(result.errors)")
    }
    let tight = try run(program, "ulimit -f 8", "run \(sweep) --store t.sqlite")
    expectPlain(tight)
    #expect(tight.status == 1)
    #expect(tight.errors.contains("'ulimit -f'"), "\(tight.errors)")
    let next = try program.run("run", sweep, "--store", "s.sqlite")
    #expect(next.status == 0, "\(next.errors)")
    #expect(try program.results("s.sqlite").count == 8)
  }

  @Test("of inodes is told from one of room", Requirement.root, Requirement.program("unshare"))
  func inodes() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0")
    #expect(try program.run("run", sweep, "--store", "elsewhere.sqlite").status == 0)
    let mounting = "mkdir disk && mount -t tmpfs -o nr_inodes=2,size=64m none disk && : >disk/last"
    let shell =
      "unshare -m sh -c '\(mounting) && exec \(Program.path) run \(sweep) --store disk/s.sqlite'"
    let result = try RunningProgram(
      "/bin/sh", ["-c", shell], in: program.folder, environment: program.environment)
    #expect(try result.waitForEnd() == 1)
    expectPlain((1, result.output, result.errors))
    #expect(result.errors.contains("no inodes are left"), "\(result.errors)")
  }

  @Test("of a name's length leaves no file behind")
  func longName() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0")
    let name = String(repeating: "n", count: 250)
    let result = try program.run("run", sweep, "--store", name)
    #expect(result.status == 2)
    #expect(result.errors.contains("its name has 250 bytes"), "\(result.errors)")
    #expect(!program.folder.names().contains(name))
  }

  @Test("such as a host without a name is none", Requirement.root, Requirement.program("unshare"))
  func nameless() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0")
    let script =
      "echo >/proc/sys/kernel/hostname; exec \(Program.path) run \(sweep) --store s.sqlite"
    let run = try RunningProgram(
      "/usr/bin/env", ["unshare", "-u", "sh", "-c", script], in: program.folder,
      environment: program.environment)
    #expect(try run.waitForEnd() == 0, "\(run.errors)")
    #expect(try program.results("s.sqlite").count == 2)
  }

  @Test("such as a sweep file that can be read only once is none")
  func pipe() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0")
    let piped = try run(program, "set -e", "plan /dev/stdin <<E\n$(cat \(sweep))\nE\n")
    #expect(piped.status == 0, "\(piped.errors)")
    let fromPipe = try RunningProgram(
      "/bin/sh", ["-c", "cat \(sweep) | \(Program.path) run /dev/stdin --store s.sqlite"],
      in: program.folder, environment: program.environment)
    #expect(try fromPipe.waitForEnd() == 0, "\(fromPipe.errors)")
    #expect(try program.results("s.sqlite").count == 2)
  }

  @Test("of CPUs decides how many points are trained at once", Requirement.program("taskset"))
  func cpus() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0")
    let pinned = try RunningProgram(
      "/usr/bin/env", ["taskset", "-c", "0", Program.path, "run", sweep], in: program.folder,
      environment: program.environment)
    #expect(try pinned.waitForEnd() == 0)
    #expect(pinned.errors.contains(", 1 at once"), "\(pinned.errors)")
    let slurm = try run(program, "export SLURM_CPUS_PER_TASK=1", "doctor --format json")
    #expect(slurm.output.contains("SLURM_CPUS_PER_TASK"), "\(slurm.output)")
  }
}
