import Foundation
import TestSupport
import Testing

@Suite("Workers that die, stop, hang or are told to go", .serialized)
struct ResilienceTests {
  /// A coordinator on a port of its own, and what an undisturbed run gives.
  private struct Setting {
    let program: Program
    let sweep: String
    let endpoint: String
    let arguments: [String]

    init(seeds: String, epochs: Int, _ options: String...) throws {
      program = try Program()
      sweep = try program.writeSweep(seeds: seeds, epochs: epochs)
      endpoint = "tcp://127.0.0.1:\(try FreePort.find())"
      arguments =
        ["coordinator", sweep, "--store", "s.sqlite", "--bind", endpoint] + options
    }

    func coordinator() throws -> RunningProgram {
      try RunningProgram(
        Program.path, arguments, in: program.folder, environment: program.environment)
    }

    /// A worker on a host of its own, as far as its state goes.
    func worker(host: String = "here", slots: Int = 2) throws -> RunningProgram {
      try RunningProgram(
        Program.path, ["worker", "--connect", endpoint, "--slots", "\(slots)"],
        in: program.folder,
        environment: program.environment.merging(["XDG_STATE_HOME": program.folder[host]]) { $1 })
    }

    func undisturbed() throws -> [String: String] {
      let run = try program.run("run", sweep, "--workers", "2", "--store", "reference.sqlite")
      #expect(run.status == 0, "\(run.errors)")
      return try program.results("reference.sqlite")
    }

    /// Files below `folder` whose names `matches` accepts.
    func files(below folder: String, _ matches: (String) -> Bool) -> [String] {
      let root = program.folder[folder]
      let all = FileManager.default.enumerator(atPath: root)?.allObjects as? [String] ?? []
      return all.filter { matches($0.split(separator: "/").last.map(String.init) ?? "") }
    }

    func size(_ path: String) -> Int {
      let attributes = try? FileManager.default.attributesOfItem(atPath: program.folder[path])
      return attributes?[.size] as? Int ?? 0
    }
  }

  @Test("what a killed worker had finished while its coordinator was away is not trained again")
  func outbox() throws {
    let setting = try Setting(seeds: "0..5", epochs: 60)
    let first = try setting.coordinator()
    let worker = try setting.worker(slots: 1)
    try first.waitForFirstResult()
    first.send(SIGSTOP)
    // It finishes what it holds; with nobody to acknowledge it all goes to the disk.
    try StateWait.until("the outbox") {
      let names = setting.files(below: "here") { $0 == "outbox" }
      return names.contains { setting.size("here/\($0)") > 4000 }
    }
    worker.send(SIGKILL)
    first.send(SIGKILL)
    try worker.waitForEnd()
    try first.waitForEnd()
    let second = try setting.coordinator()
    let successor = try setting.worker(slots: 1)
    #expect(try second.waitForEnd() == 0, "\(second.errors)")
    #expect(try successor.waitForEnd() == 0, "\(successor.errors)")
    #expect(successor.errors.contains("that a worker here had left over"), "\(successor.errors)")
    #expect(try setting.program.results("s.sqlite") == setting.undisturbed())
  }

  @Test(
    "a worker that is told to go hands its checkpoints to another, which ends with the same bits")
  func handedOver() throws {
    let setting = try Setting(seeds: "0", epochs: 500, "--checkpoint-every", "1s")
    let coordinator = try setting.coordinator()
    let first = try setting.worker(host: "one")
    try StateWait.until("two checkpoints at the coordinator") {
      setting.files(below: "s.sqlite.checkpoints") { $0.hasSuffix(".checkpoint") }.count == 2
    }
    first.send(SIGTERM)
    #expect(try first.waitForEnd() == 0, "\(first.errors)")
    try coordinator.waitForError(containing: " left")
    let second = try setting.worker(host: "two")
    #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
    #expect(try second.waitForEnd() == 0, "\(second.errors)")
    #expect(
      second.errors.components(separatedBy: "goes on from step").count == 3, "\(second.errors)")
    #expect(try setting.program.results("s.sqlite") == setting.undisturbed())
    // Nothing is left of them.
    #expect(!setting.program.folder.names().contains("s.sqlite.checkpoints"))
    #expect(setting.files(below: "two") { $0.count > 64 }.isEmpty)
  }

  @Test("a killed worker that is started again on its host goes on from its own checkpoint")
  func killed() throws {
    let setting = try Setting(
      // Whoever takes a dead worker's place need not wait for its lease to end.
      seeds: "0", epochs: 300, "--checkpoint-every", "1s", "--lease", "1h")
    let coordinator = try setting.coordinator()
    let first = try setting.worker()
    try StateWait.until("two checkpoints on its disk") {
      Set(
        setting.files(below: "here") { $0.count > 64 && !$0.hasSuffix(".new") }.map {
          $0.split(separator: "/").last?.prefix(64)
        }
      ).count == 2
    }
    first.send(SIGKILL)
    try first.waitForEnd()
    let second = try setting.worker()
    #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
    #expect(try second.waitForEnd() == 0, "\(second.errors)")
    #expect(coordinator.errors.contains("has taken its place"), "\(coordinator.errors)")
    #expect(second.errors.contains("goes on from step"), "\(second.errors)")
    #expect(try setting.program.results("s.sqlite") == setting.undisturbed())
    // One attempt more for each point that the dead worker trained.
    #expect(try StoreProbe.count("attempts", in: setting.program.folder["s.sqlite"]) == 4)
  }

  @Test("a worker that is stopped past its lease comes back, and the results are the same")
  func stopped() throws {
    let setting = try Setting(seeds: "0..5", epochs: 100, "--lease", "8s")
    let coordinator = try setting.coordinator()
    let sleeper = try setting.worker(host: "one", slots: 1)
    try coordinator.waitForFirstResult()
    let other = try setting.worker(host: "two", slots: 1)
    sleeper.send(SIGSTOP)
    try coordinator.waitForError(containing: "has been silent for")
    sleeper.send(SIGCONT)
    #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
    #expect(try sleeper.waitForEnd() == 0, "\(sleeper.errors)")
    #expect(try other.waitForEnd() == 0, "\(other.errors)")
    #expect(try setting.program.results("s.sqlite") == setting.undisturbed())
  }

  @Test("a second coordinator is kept off a store, and the first one does not notice")
  func twoCoordinators() throws {
    let setting = try Setting(seeds: "0..1", epochs: 2)
    let first = try setting.coordinator()
    try first.waitForError(containing: "waiting for workers")
    let second = try setting.program.run(
      "coordinator", setting.sweep, "--store", "s.sqlite", "--bind", "tcp://127.0.0.1:*")
    #expect(second.status == 2 || second.status == 1, "\(second.errors)")
    #expect(
      second.errors.contains("another coordinator (process \(first.process)) holds it"),
      "\(second.errors)")
    let worker = try setting.worker()
    #expect(try first.waitForEnd() == 0, "\(first.errors)")
    #expect(try worker.waitForEnd() == 0, "\(worker.errors)")
    #expect(try setting.program.results("s.sqlite") == setting.undisturbed())
  }

  @Test("a trainer that hangs is killed after the time, and its point tried again")
  func hung() throws {
    let setting = try Setting(seeds: "0..2", epochs: 100, "--hang", "8s")
    let coordinator = try setting.coordinator()
    let worker = try setting.worker(slots: 1)
    try coordinator.waitForFirstResult()
    let trainer = try #require(try setting.program.children(of: worker).first)
    kill(trainer, SIGSTOP)
    #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
    #expect(try worker.waitForEnd() == 0, "\(worker.errors)")
    let told = coordinator.errors.firstMatch(of: /made no progress for (\d+) seconds/)
    #expect(told.flatMap { Int($0.1) }.map { $0 >= 8 } == true, "\(coordinator.errors)")
    #expect(try setting.program.results("s.sqlite") == setting.undisturbed())
  }
}
