import Foundation
import TestSupport
import Testing

@Suite("Processes that are limited, or whose parent or clock goes away", .serialized)
struct LimitedProcessTests {
  @Test(
    "an address space in which OpenBLAS would spin for ever is named in one line",
    arguments: ["run", "coordinator", "worker", "train"], [200_000, 300_000])
  func addressSpace(command: String, limit: Int) throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0", epochs: 1)
    let arguments = [
      "run": [sweep],
      "coordinator": [sweep, "--store", "s.sqlite", "--bind", "tcp://127.0.0.1:*"],
      "worker": ["--connect", "tcp://127.0.0.1:5757"],
      "train": ["--architecture", "784-4-2", "--seed", "1", "--dataset", "digits:200:50"],
    ]
    let limited = try RunningProgram(
      "/bin/sh",
      ["-c", "ulimit -v \(limit); exec \"$0\" \"$@\"", Program.path, command]
        + (arguments[command] ?? []),
      in: program.folder,
      // With threads of its own OpenBLAS also has to be left: they ask for memory for ever.
      environment: program.environment.merging(["OPENBLAS_NUM_THREADS": "2"]) { $1 })
    #expect(try limited.waitForEnd() == 1)
    #expect(limited.errors.split(separator: "\n").count == 1, "\(limited.errors)")
    #expect(
      limited.errors.contains("\(limit) kB of address space (ulimit -v)"), "\(limited.errors)")
  }

  @Test("a run whose wall clock is set back an hour ends", Requirement.program("faketime"))
  func wallClock() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..3", epochs: 40)
    // Read anew with every call, so that the clock jumps in the middle.
    let clock = try program.folder.write(Array("+0\n".utf8), to: "clock")
    let library = try #require(
      ["/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1", "/usr/lib/faketime/libfaketime.so.1"]
        .first { Machine.fileExists($0) })
    // By `env`, which makes the memory that the library's processes share: none of them is the first.
    let run = try RunningProgram(
      "/usr/bin/env", [Program.path, "run", sweep, "--workers", "1", "--store", "s.sqlite"],
      in: program.folder,
      environment: program.environment.merging([
        "LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": clock, "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1",
      ]) { $1 })
    try run.waitForFirstResult()
    try program.folder.write(Array("-3600\n".utf8), to: "clock")
    #expect(try run.waitForEnd() == 0, "\(run.errors)")
  }

  @Test("a worker and its trainers end with a run that is killed")
  func killedParent() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..3", epochs: 4000)
    let run = try program.start("run", sweep, "--workers", "2", "--store", "s.sqlite")
    try run.waitForError(containing: "joining sweep")
    let worker = try #require(try program.children(of: run).first)
    run.send(SIGKILL)
    try run.waitForEnd()
    try StateWait.until("the worker's end") { ProcessTree.isGone(worker) }
  }

  @Test("a run that is told to end while its fingerprint is measured ends at once")
  func stoppedProbe() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0", epochs: 1)
    // A trainer that stands still while it is loaded, as one does whose CPU or memory is taken away.
    let run = try RunningProgram(
      Program.path, ["run", sweep, "--store", "s.sqlite"], in: program.folder,
      environment: program.environment.merging(["LD_BIND_NOW": "1"]) { $1 })
    defer { run.send(SIGKILL) }
    var probe: Int32?
    // Not between fork and exec, where it still is its parent.
    while probe == nil, !run.hasEnded {
      probe = try? program.children(of: run).first { child in
        let line = try? String(contentsOfFile: "/proc/\(child)/cmdline", encoding: .utf8)
        return line?.contains("\0trainer") == true
      }
    }
    let trainer = try #require(probe)
    kill(trainer, SIGSTOP)
    run.send(SIGTERM)
    #expect([130, 0].contains(try run.waitForEnd()), "\(run.errors)")
    #expect(ProcessTree.isGone(trainer))
  }

  @Test(
    "a worker names at once, and again at its end, what keeps it from its coordinator",
    arguments: [
      ("no.such.host.invalid:5757", "cannot be looked up"), ("127.0.0.1:9", "nothing listens"),
    ])
  func unreachable(address: String, words: String) throws {
    let program = try Program()
    let insecure = address.hasPrefix("127.") ? [] : ["--insecure"]
    let worker = try RunningProgram(
      Program.path, ["worker", "--connect", "tcp://\(address)", "--wait", "3s"] + insecure,
      in: program.folder, environment: program.environment)
    #expect(try worker.waitForEnd() == 1)
    let lines = worker.errors.split(separator: "\n")
    #expect(lines.count { $0.contains(words) } == 2, "\(worker.errors)")
    #expect(lines.last?.contains("no coordinator answered within 3s") == true, "\(worker.errors)")
  }
}
