import Foundation
import TestSupport
import Testing

@Suite("A store is one file, however it is reached", .serialized)
struct StoreIdentityTests {
  /// Starts a coordinator on a store and waits until it holds it.
  private func hold(_ program: Program, _ sweep: String, _ store: String) throws -> RunningProgram {
    let coordinator = try program.start(
      "coordinator", sweep, "--store", store, "--bind", "tcp://127.0.0.1:*")
    try coordinator.waitForError(containing: "waiting for workers")
    return coordinator
  }

  private func expectRefusal(
    _ program: Program, _ sweep: String, _ store: String, by holder: RunningProgram
  ) throws {
    let second = try program.run("run", sweep, "--store", store)
    #expect(second.status == 2, "\(second.errors)")
    #expect(
      second.errors.contains("another coordinator (process \(holder.process)) holds it"),
      "\(second.errors)")
  }

  @Test("also by a symbolic link that was there before it, and by other paths")
  func links() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0")
    try FileManager.default.createDirectory(
      atPath: program.folder["real"], withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: program.folder["link.sqlite"], withDestinationPath: "real/y.sqlite")
    let first = try hold(program, sweep, "link.sqlite")
    #expect(program.folder.names(in: "real").contains("y.sqlite"))
    for name in ["real/y.sqlite", "link.sqlite", program.folder["real/../real/y.sqlite"]] {
      try expectRefusal(program, sweep, name, by: first)
    }
    first.send(SIGTERM)
    #expect(try first.waitForEnd() == 130)
    #expect(program.folder.names(in: "real") == ["y.sqlite"])
  }

  @Test("also by a mount", Requirement.root, Requirement.program("unshare"))
  func mounts() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0")
    for folder in ["real", "seen"] {
      try FileManager.default.createDirectory(
        atPath: program.folder[folder], withIntermediateDirectories: false)
    }
    try program.folder.write([], to: "single.sqlite")
    let first = try hold(program, sweep, "real/y.sqlite")
    func elsewhere(_ mounting: String, _ store: String) throws -> RunningProgram {
      let script = "\(mounting) && exec \(Program.path) run \(sweep) --store \(store)"
      return try RunningProgram(
        "/usr/bin/env", ["unshare", "-m", "sh", "-c", script], in: program.folder,
        environment: program.environment)
    }
    let folder = try elsewhere("mount --bind real seen", "seen/y.sqlite")
    #expect(try folder.waitForEnd() == 2)
    #expect(folder.errors.contains("holds it"), "\(folder.errors)")
    let single = "mount --bind real/y.sqlite single.sqlite"
    let file = try elsewhere(single, "single.sqlite")
    #expect(try file.waitForEnd() == 2)
    // Refused before its lock is looked at: alone, too, it would write its journal beside the wrong file.
    #expect(file.errors.contains("mount its folder instead"), "\(file.errors)")
    first.send(SIGTERM)
    #expect(try first.waitForEnd() == 130)
    let alone = try elsewhere(single, "single.sqlite")
    #expect(try alone.waitForEnd() == 2)
    #expect(alone.errors.contains("mount its folder instead"), "\(alone.errors)")
  }

  @Test("and is no longer the store when an older copy is written over it, or it is deleted")
  func overwritten() throws {
    for way in ["cp old.sqlite s.sqlite", "rm s.sqlite"] {
      let program = try Program()
      let sweep = try program.writeSweep(seeds: "0..5", epochs: 60)
      let first = try hold(program, sweep, "s.sqlite")
      let endpoint = try program.endpoint(of: first)
      try FileManager.default.copyItem(
        atPath: program.folder["s.sqlite"], toPath: program.folder["old.sqlite"])
      let worker = try program.start("worker", "--connect", endpoint, "--slots", "1")
      try first.waitForFirstResult()
      let shell = try RunningProgram(
        "/bin/sh", ["-c", way], in: program.folder, environment: program.environment)
      #expect(try shell.waitForEnd() == 0)
      #expect(try first.waitForEnd() == 1, "\(first.errors)")
      let last = first.errors.split(separator: "\n").last ?? ""
      #expect(last.contains("while the sweep ran") || last.contains("under the running sweep"))
      #expect(!first.errors.contains("what is committed is safe"), "\(first.errors)")
      worker.send(SIGTERM)
      try worker.waitForEnd()
    }
  }
}
