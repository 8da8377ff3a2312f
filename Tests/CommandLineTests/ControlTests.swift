import Foundation
import TestSupport
import Testing

/// Orders to a coordinator while it runs, in real processes.
@Suite("An operator who steers", .serialized)
struct ControlTests {
  struct Setting {
    let program: Program
    let endpoint: String

    init() throws {
      program = try Program()
      endpoint = "tcp://127.0.0.1:\(try FreePort.find())"
    }

    func coordinator(_ sweep: String) throws -> RunningProgram {
      let coordinator = try program.start(
        "coordinator", sweep, "--store", "small.sqlite", "--bind", endpoint)
      try coordinator.waitForError(containing: "waiting for workers at")
      return coordinator
    }

    func worker() throws -> RunningProgram {
      try program.start("worker", "--connect", endpoint, "--slots", "1")
    }

    func control(_ arguments: String...) throws -> (status: Int32, output: String, errors: String) {
      try program.run(["control"] + arguments + ["--connect", endpoint])
    }

    func status(_ place: [String]) throws -> (status: Int32, values: [String: Any]) {
      let run = try program.run(["status"] + place + ["--format", "json"])
      let rows = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]]
      return (run.status, rows?.first ?? [:])
    }

    var live: [String] { ["--connect", endpoint] }
  }

  func counts(_ values: [String: Any]) -> [String: Int] {
    let names = ["points", "ok", "failed", "cancelled", "missing"]
    return Dictionary(uniqueKeysWithValues: names.map { ($0, values[$0] as? Int ?? -1) })
  }

  @Test("pauses and resumes a sweep, also across the death of its coordinator")
  func pause() throws {
    let setting = try Setting()
    let sweep = try setting.program.writeSweep(seeds: "0..1")
    let first = try setting.coordinator(sweep)
    let pause = try setting.control("pause")
    #expect(pause.status == 0, "\(pause.errors)")
    #expect(pause.output.hasPrefix("paused: nothing more is begun; 0 running points"))
    first.send(SIGKILL)
    _ = try first.waitForEnd()
    let second = try setting.coordinator(sweep)
    let worker = try setting.worker()
    try second.waitForError(containing: "joined with 1 slot")
    let standing = try setting.status(setting.live)
    #expect(standing.status == 0)
    #expect(standing.values["paused"] as? Bool == true)
    #expect(standing.values["running"] as? Int == 0)
    #expect(standing.values["waiting"] as? Int == 4)
    let offline = try setting.program.run("status", "--store", "small.sqlite")
    #expect(offline.output.contains("ATTENTION: paused by an operator"))
    let resume = try setting.control("resume")
    #expect(resume.status == 0 && resume.output == "the sweep goes on\n")
    #expect(try second.waitForEnd() == 0, "\(second.errors)")
    #expect(try worker.waitForEnd() == 0, "\(worker.errors)")
    #expect(try setting.program.results("small.sqlite").count == 4)
  }

  @Test("cancels points by their values, which store and exit status tell, and wants them again")
  func cancel() throws {
    let setting = try Setting()
    let sweep = try setting.program.writeSweep(seeds: "0..3")
    let coordinator = try setting.coordinator(sweep)
    let cancel = try setting.control("cancel", "--where", "seed=1..3", "--where", "latent_dim=3")
    #expect(cancel.output.hasPrefix("3 points cancelled; "), "\(cancel.errors)")
    _ = try setting.control("cancel", "--where", "seed=[2, 3]")
    let retry = try setting.control("retry", "--where", "seed=3")
    #expect(retry.output.hasPrefix("0 failed and 2 cancelled points are to be trained again"))
    let live = try setting.status(setting.live)
    #expect(live.status == 3)
    #expect(
      counts(live.values) == ["points": 8, "ok": 0, "failed": 0, "cancelled": 3, "missing": 5])
    let plan = try setting.program.run("plan", sweep, "--store", "small.sqlite")
    #expect(plan.output.contains("8 points, 0 done, 5 to run; 3 cancelled; "), "\(plan.output)")
    let worker = try setting.worker()
    #expect(try coordinator.waitForEnd() == 3, "\(coordinator.errors)")
    #expect(coordinator.errors.contains("the sweep is complete, but 3 points cancelled"))
    #expect(try worker.waitForEnd() == 0)
    let stored = try setting.status(["--store", "small.sqlite"])
    #expect(stored.status == 3)
    #expect(
      counts(stored.values) == ["points": 8, "ok": 5, "failed": 0, "cancelled": 3, "missing": 0])
    let again = try setting.program.run(
      "run", sweep, "--store", "small.sqlite", "--retry-failed")
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.errors.contains("points that were cancelled are wanted again: 3"))
    #expect(try setting.status(["--store", "small.sqlite"]).status == 0)
    #expect(try setting.program.results("small.sqlite").count == 8)
  }

  @Test("extends the sweep while workers go on, and no point falls away unseen")
  func extend() throws {
    let setting = try Setting()
    let small = try setting.program.writeSweep(seeds: "0..1")
    let large = try setting.program.writeSweep("large", seeds: "0..3")
    let other = try setting.program.writeSweep("other", seeds: "2..3")
    let foreign = try setting.program.folder.write(
      Array(
        """
        name: foreign
        dataset: digits:100:50
        grid: {architecture: 784-16-2, seed: 0}
        """.utf8), to: "foreign.yaml")
    let coordinator = try setting.coordinator(small)
    let refused = try setting.control("extend", other)
    #expect(refused.status == 1)
    #expect(
      refused.errors.contains(
        "4 points of the running sweep have no outcome and are not in this file"))
    let unfit = try setting.control("extend", foreign)
    #expect(unfit.status == 1)
    #expect(unfit.errors.contains("dataset: digits:100:50 is not digits:2000:500"))
    // Nothing of it has changed what runs.
    #expect(counts(try setting.status(setting.live).values)["points"] == 4)
    _ = try setting.control("pause")
    let worker = try setting.worker()
    try coordinator.waitForError(containing: "joined with 1 slot")
    let extended = try setting.control("extend", large)
    #expect(extended.status == 0, "\(extended.errors)")
    #expect(
      extended.output == "sweep large: 8 points, 0 with their outcome, 8 to be trained\n")
    // The store is free each time, whoever had it a moment ago.
    for _ in 0..<5 {
      let again = try setting.control("extend", large)
      #expect(again.output == extended.output, "\(again.errors)")
    }
    // What was ordered before still holds.
    #expect(try setting.status(setting.live).values["paused"] as? Bool == true)
    _ = try setting.control("resume")
    #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
    #expect(try worker.waitForEnd() == 0, "\(worker.errors)")
    #expect(!coordinator.errors.contains("lost"), "\(coordinator.errors)")
    let run = try setting.program.run("run", large, "--store", "reference.sqlite")
    #expect(run.status == 0)
    #expect(
      try setting.program.results("small.sqlite")
        == setting.program.results("reference.sqlite"))
  }

  @Test("drains a host, and stops the coordinator, which keeps its state")
  func drainAndStop() throws {
    let setting = try Setting()
    let sweep = try setting.program.writeSweep(seeds: "0..1")
    let coordinator = try setting.coordinator(sweep)
    let host = ProcessInfo.processInfo.hostName.isEmpty ? "localhost" : try hostName()
    let drain = try setting.control("drain", host)
    #expect(drain.output.hasPrefix("host \(host) is given nothing"), "\(drain.errors)")
    let worker = try setting.worker()
    try coordinator.waitForError(containing: "joined with 1 slot")
    let status = try setting.status(setting.live).values
    let workers = status["workers"] as? [[String: Any]] ?? []
    #expect(workers.first?["drained"] as? String == "drained by an operator")
    #expect(status["running"] as? Int == 0)
    let stop = try setting.control("stop")
    #expect(stop.status == 0, "\(stop.errors)")
    #expect(stop.output.hasPrefix("stopped; sweep small: 4 points"))
    #expect(try coordinator.waitForEnd() == 130)
    worker.send(SIGTERM)
    #expect(try worker.waitForEnd() == 0)
    // Nobody could undrain this host of a sweep that runs here alone.
    let run = try setting.program.run("run", sweep)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("an operator's order of before is taken back: undrain"))
  }

  func hostName() throws -> String {
    try String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @Test("is told in one line what is wrong with an order")
  func badInput() throws {
    let setting = try Setting()
    for (arguments, text) in [
      (["cancel", "--where", "latnt_dim=4"], "did you mean latent_dim?"),
      (["retry", "--where", "seed"], "must be KEY=VALUE"),
      (["cancel", "--where", "seed=1", "--where", "seed=2"], "given twice"),
      (["cancel", "--where", "optimizer=adma"], "optimizer"),
      (["drain", ""], "is no host's name"),
      (["extend", "nowhere.yaml"], "nowhere.yaml"),
    ] {
      let run = try setting.program.run(["control"] + arguments + setting.live)
      #expect(run.status == 2, "\(arguments): \(run.errors)")
      #expect(run.errors.contains(text), "\(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
      #expect(run.output.isEmpty)
    }
  }
}
