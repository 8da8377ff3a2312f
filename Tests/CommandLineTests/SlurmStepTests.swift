import Foundation
import TestSupport
import Testing

/// `run` as the tasks of a Slurm step, which sees of Slurm only its variables.
@Suite("A sweep as a Slurm step", .serialized)
struct SlurmStepTests {
  private let program: Program
  private let sweep: String

  init() throws {
    program = try Program()
    sweep = try program.writeSweep(seeds: "0..3")
  }

  private var note: String { program.folder[".vaesweep-77.1"] }

  private func task(
    _ number: Int, of count: Int = 3, restart: Int? = nil, sweep: String? = nil,
    _ more: String...
  ) throws -> RunningProgram {
    var environment = program.environment
    environment["SLURM_JOB_ID"] = "77"
    environment["SLURM_STEP_ID"] = "1"
    environment["SLURM_STEP_NUM_TASKS"] = "\(count)"
    environment["SLURM_PROCID"] = "\(number)"
    environment["SLURM_SUBMIT_DIR"] = program.folder.path
    environment["SLURM_RESTART_COUNT"] = restart.map(String.init)
    environment["XDG_STATE_HOME"] = program.folder["state-\(number)"]
    return try RunningProgram(
      Program.path,
      ["run", sweep ?? self.sweep, "--store", "s.sqlite", "--workers", "1"] + more,
      in: program.folder, environment: environment)
  }

  private func noteText() throws -> String { try String(contentsOfFile: note, encoding: .utf8) }

  @Test("is one cluster: the first task coordinates, the others join, and results are as ever")
  func wholeSweep() throws {
    // The others are there first.
    let others = try (1..<3).map { try task($0) }
    let first = try task(0)
    #expect(try first.waitForEnd() == 0, "\(first.errors)")
    for other in others {
      #expect(try other.waitForEnd() == 0, "\(other.errors)")
      #expect(other.output.isEmpty)
    }
    #expect(first.output.contains("784-16-2"))
    let alone = try Program()
    let run = try alone.run("run", try alone.writeSweep(seeds: "0..3"), "--store", "alone.sqlite")
    #expect(run.status == 0)
    #expect(try program.results("s.sqlite") == alone.results("alone.sqlite"))
    // Nothing secret is left, and nobody gets in any more.
    #expect(try noteText().hasSuffix("\nended\n"))
    let invitations = try program.run("keys", "list", "--format", "json").output
    #expect(!invitations.contains("vsi1."))
    // Who comes too late has nothing to do.
    let late = try task(2)
    #expect(try late.waitForEnd() == 0)
  }

  @Test("shares its secret with nobody but its user")
  func secret() throws {
    let long = try program.writeSweep("long", seeds: "0..3", epochs: 10_000)
    let first = try task(0, sweep: long)
    try first.waitForError(containing: "tasks find each other by")
    let attributes = try FileManager.default.attributesOfItem(atPath: note)
    #expect((attributes[.posixPermissions] as? Int) == 0o600)
    let text = try #require(try noteText().firstMatch(of: /invitation (\S+)/)).1
    #expect(!first.errors.contains(text))
    for process in [first.process] + (try program.children(of: first)) {
      let arguments = try Data(contentsOf: URL(filePath: "/proc/\(process)/cmdline"))
      #expect(!String(decoding: arguments, as: UTF8.self).contains(text))
    }
    // One that others could have written is not believed.
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: note)
    let other = try task(1, sweep: long)
    #expect(try other.waitForEnd() == 1)
    #expect(other.errors.contains("is not this user's alone"), "\(other.errors)")
    first.send(SIGTERM)
    #expect(try first.waitForEnd() == 130)
  }

  @Test("passes over the note of an earlier start")
  func staleNote() throws {
    let invited = try program.run("keys", "invite", "--endpoint", "tcp://127.0.0.1:1")
    let stale = """
      job 77 step 1 restart 0
      host elsewhere
      invitation \(invited.output.trimmingCharacters(in: .newlines))

      """
    _ = try program.folder.write(Array(stale.utf8), to: ".vaesweep-77.1")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: note)
    let other = try task(1, of: 2, restart: 1)
    let first = try task(0, of: 2, restart: 1)
    #expect(try first.waitForEnd() == 0, "\(first.errors)")
    #expect(try other.waitForEnd() == 0, "\(other.errors)")
    #expect(try noteText().contains("restart 1"))
  }

  @Test("ends at once for all where the first task cannot begin")
  func badInput() throws {
    let wrong = try program.folder.write(Array("name: x\ngird: 1\n".utf8), to: "wrong.yaml")
    let other = try task(1, sweep: wrong)
    let first = try task(0, sweep: wrong)
    #expect(try first.waitForEnd() == 2)
    #expect(try other.waitForEnd() == 0)
    // At most that it waits.
    #expect(!other.errors.contains("vaesweep: "), "\(other.errors)")
    let nowhere = try task(0, "--rendezvous", "/nowhere/at/all")
    #expect(try nowhere.waitForEnd() == 2)
    #expect(nowhere.errors.contains("--rendezvous DIR"), "\(nowhere.errors)")
    let alone = try task(1, "--wait", "1s")
    // The note of the step that has ended is there still.
    #expect(try alone.waitForEnd() == 0)
    try FileManager.default.removeItem(atPath: note)
    let waiting = try task(1, "--wait", "1s")
    #expect(try waiting.waitForEnd() == 1)
    #expect(waiting.errors.contains("task 0 of step 77.1 wrote no"), "\(waiting.errors)")
  }

  @Test("loses a task as it would a worker, and ends for all when the first is lost")
  func lostTasks() throws {
    let long = try program.writeSweep("long", seeds: "0..3", epochs: 200)
    let first = try task(0, sweep: long)
    let others = try (1..<3).map { try task($0, sweep: long, "--wait", "40s") }
    for number in 1...3 {
      try StateWait.until("\(number) tasks that have joined") {
        first.errors.components(separatedBy: " joined with ").count > number
      }
    }
    others[0].send(SIGKILL)
    #expect(try others[0].waitForEnd() == 128 + SIGKILL)
    // What its worker held goes back.
    try first.waitForError(containing: ") left")
    first.send(SIGKILL)
    _ = try first.waitForEnd()
    #expect(try others[1].waitForEnd() == 1)
    #expect(others[1].errors.contains("silent"), "\(others[1].errors)")
    // Requeued, it goes on where it was.
    let again = try (0..<2).map { try task($0, of: 2, restart: 1, sweep: long) }
    for task in again { #expect(try task.waitForEnd() == 0, "\(task.errors)") }
    #expect(try program.results("s.sqlite").count == 8)
  }

  @Test("hands back on SIGTERM, however often Slurm sends it, and goes on from there")
  func terminated() throws {
    let long = try program.writeSweep("long", seeds: "0..1", epochs: 10_000)
    let tasks = try (0..<3).map { try task($0, sweep: long) }
    // All have a point.
    try tasks[0].waitForError(containing: "tasks find each other by")
    try StateWait.until("trainers of every task") {
      try (0..<3).allSatisfy { number in
        let workers = try program.children(of: tasks[number])
        return try workers.contains { try !program.children(of: $0).isEmpty }
      }
    }
    for _ in 0..<2 {
      for task in tasks { task.send(SIGTERM) }
    }
    #expect(try tasks[0].waitForEnd() == 130, "\(tasks[0].errors)")
    for task in tasks.dropFirst() { #expect(try task.waitForEnd() == 0, "\(task.errors)") }
    let failures = try program.run("status", "--store", "s.sqlite", "--format", "json").output
    #expect(!failures.contains("lost"), "\(failures)")
  }

  @Test("ends for the others as soon as its first task has ended, and leaves no invitation open")
  func firstEnds() throws {
    let long = try program.writeSweep("long", seeds: "0..1", epochs: 10_000)
    let tasks = try (0..<2).map { try task($0, of: 2, sweep: long) }
    try StateWait.until("trainers of every task") {
      try tasks.allSatisfy { task in
        try program.children(of: task).contains { try !program.children(of: $0).isEmpty }
      }
    }
    tasks[0].send(SIGTERM)
    #expect(try tasks[0].waitForEnd() == 130, "\(tasks[0].errors)")
    #expect(try tasks[1].waitForEnd() == 0, "\(tasks[1].errors)")
    #expect(tasks[1].errors.contains("task 0 has ended, and with it the step"))
    let open = try program.run("keys", "list", "--invitations")
    #expect(open.output == "no invitation is open\n", "\(open.output)")
  }

  @Test("is an ordinary run where Slurm's variables name one task, or none")
  func oneTask() throws {
    let run = try task(0, of: 1)
    #expect(try run.waitForEnd() == 0)
    #expect(!run.errors.contains("tasks"), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: note))
  }
}
