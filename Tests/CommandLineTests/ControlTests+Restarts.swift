import Foundation
import TestSupport
import Testing

// What orders mean after a restart, and for other sweeps of the same store.
extension ControlTests {
  /// A file of the sweep `small` with its seeds, under another file's name.
  private func sweep(_ setting: Setting, _ file: String, seeds: String) throws -> String {
    let path = try setting.program.writeSweep(seeds: seeds)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return try setting.program.folder.write(Array(text.utf8), to: "\(file).yaml")
  }

  @Test(
    "an extension holds after a restart with the file of before, until it is replaced",
    arguments: [false, true])
  func extensionHolds(isRenamed: Bool) throws {
    let setting = try Setting()
    let old = try sweep(setting, "old", seeds: "0")
    let new = try sweep(setting, "new", seeds: "1..2")
    let large =
      isRenamed
      ? try setting.program.writeSweep("large", seeds: "0..3")
      : try setting.program.writeSweep(seeds: "0..3")
    let first = try setting.coordinator(old)
    let extended = try setting.control("extend", large)
    #expect(extended.status == 0, "\(extended.errors)")
    first.send(SIGKILL)
    _ = try first.waitForEnd()
    for _ in 0..<2 {
      let again = try setting.coordinator(old)
      #expect(
        again.errors.contains("goes on as it was extended, with 8 points where "),
        "\(again.errors)")
      #expect(counts(try setting.status(setting.live).values)["points"] == 8)
      #expect(counts(try setting.status(["--store", "small.sqlite"]).values)["points"] == 8)
      again.send(SIGKILL)
      _ = try again.waitForEnd()
    }
    let refused = try setting.program.run("run", new, "--store", "small.sqlite")
    #expect(refused.status == 2)
    let name = isRenamed ? "large" : "small"
    #expect(
      refused.errors.contains("4 points of sweep \(name), as small.sqlite"), "\(refused.errors)")
    #expect(refused.errors.contains("say --replace"))
    let back = try setting.program.run("run", old, "--store", "small.sqlite", "--replace")
    #expect(back.status == 0, "\(back.errors)")
    let stored = try setting.status(["--store", "small.sqlite"])
    #expect(stored.status == 0)
    #expect(
      counts(stored.values) == ["points": 2, "ok": 2, "failed": 0, "cancelled": 0, "missing": 0])
  }

  @Test("what an extension replaces is asked for no more, in both statuses and the summary")
  func replaced() throws {
    let setting = try Setting()
    let old = try sweep(setting, "old", seeds: "0..1")
    let run = try setting.program.run("run", old, "--store", "small.sqlite")
    #expect(run.status == 0, "\(run.errors)")
    let wide = try sweep(setting, "wide", seeds: "0..4")
    let other = try sweep(setting, "other", seeds: "1..2")
    let coordinator = try setting.coordinator(wide)
    let extended = try setting.control("extend", other, "--replace")
    #expect(
      extended.output == "sweep small: 4 points, 2 with their outcome, 2 to be trained\n",
      "\(extended.errors)")
    let live = counts(try setting.status(setting.live).values)
    #expect(live == ["points": 4, "ok": 2, "failed": 0, "cancelled": 0, "missing": 2])
    #expect(counts(try setting.status(["--store", "small.sqlite"]).values) == live)
    let offline = try setting.program.run("status", "--store", "small.sqlite")
    #expect(offline.output.contains("2 outcomes beside these"), "\(offline.output)")
    let worker = try setting.worker()
    #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
    #expect(try worker.waitForEnd() == 0)
    let summary = try setting.program.run("summary", "small.sqlite", "--format", "json")
    let rows =
      try JSONSerialization.jsonObject(with: Data(summary.output.utf8)) as? [[String: Any]] ?? []
    #expect(rows.map { $0["missing"] as? Int } == [0, 0])
    // What was trained before still counts.
    #expect(rows.map { $0["ok"] as? Int } == [3, 3])
  }

  @Test("a cancel is about its own sweep, and is told wherever it holds")
  func cancelScope() throws {
    let setting = try Setting()
    let sweep = try sweep(setting, "old", seeds: "0..1")
    let wide = try self.sweep(setting, "wide", seeds: "0..3")
    let later = try setting.program.writeSweep("later", seeds: "7", epochs: 1)
    let coordinator = try setting.coordinator(sweep)
    let absent = try setting.control("cancel", "--where", "seed=2")
    #expect(absent.output.contains("0 points cancelled; no point of the sweep has seed=2; "))
    let extended = try setting.control("extend", wide)
    #expect(
      extended.output == "sweep small: 8 points, 0 with their outcome, 2 cancelled by "
        + "'cancel --where seed=2', 6 to be trained\n", "\(extended.errors)")
    let told = "'vaesweep control retry --where seed=2' takes it back"
    let live = try setting.status(setting.live).values["alerts"] as? [String]
    #expect(live?.first?.contains(told) == true)
    #expect(try setting.program.run("status", "--connect", setting.endpoint).output.contains(told))
    _ = try setting.control("cancel")
    #expect(try coordinator.waitForEnd() == 3)
    #expect(
      coordinator.errors.contains(
        "8 points cancelled (by 'cancel'): --retry-failed tries them again"),
      "\(coordinator.errors)")
    for more in [[], ["--retry-failed"]] {
      let run = try setting.program.run(["run", later, "--store", "small.sqlite"] + more)
      #expect(run.status == 0, "\(run.errors)")
      #expect(!run.errors.contains("cancelled"), "\(run.errors)")
    }
    let stored = try setting.status(["--store", "small.sqlite"])
    #expect(stored.status == 3)
    #expect(
      counts(stored.values) == ["points": 10, "ok": 2, "failed": 0, "cancelled": 8, "missing": 0])
    let alerts = stored.values["alerts"] as? [String] ?? []
    #expect(
      alerts == [
        "sweep small: an operator has cancelled every point without an outcome, also what is asked "
          + "for later: 'vaesweep control retry' takes it back"
      ])
    let summary = try setting.program.run("summary", "small.sqlite")
    #expect(
      summary.output.contains("8 runs of those that are missing are cancelled by an operator"))
    let again = try setting.program.run("run", wide, "--store", "small.sqlite", "--retry-failed")
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.errors.contains("points that were cancelled are wanted again: 8"))
  }

  @Test("an audit that an order holds up says which")
  func heldAudit() throws {
    let setting = try Setting()
    let sweep = try setting.program.writeSweep(seeds: "0")
    let run = try setting.program.run("run", sweep)
    #expect(run.status == 0, "\(run.errors)")
    let coordinator = try setting.program.start(
      "coordinator", sweep, "--store", "small.sqlite", "--bind", setting.endpoint, "--linger", "10m"
    )
    try coordinator.waitForError(containing: "waiting for workers at")
    _ = try setting.control("pause")
    let worker = try setting.worker()
    let audit = try setting.program.start(
      "audit", "small.sqlite", "--sample", "100%", "--connect", setting.endpoint)
    try audit.waitForError(containing: "'vaesweep control resume' goes on")
    _ = try setting.control("resume")
    #expect(try audit.waitForEnd() == 0, "\(audit.errors)")
    _ = try setting.control("stop")
    _ = try coordinator.waitForEnd()
    worker.send(SIGTERM)
    _ = try worker.waitForEnd()
  }

  @Test("a host that nobody has drained is not given points again")
  func wrongHost() throws {
    let setting = try Setting()
    let coordinator = try setting.coordinator(try setting.program.writeSweep(seeds: "0"))
    _ = try setting.control("drain", "node-1")
    let wrong = try setting.control("undrain", "node1")
    #expect(wrong.status == 1)
    #expect(wrong.errors.contains("host node1 is not drained; these are: node-1"))
    #expect(try setting.control("undrain", "node-1").status == 0)
    coordinator.send(SIGTERM)
    _ = try coordinator.waitForEnd()
  }
}
