import Foundation
import Sweep
import TestSupport
import Testing
import VAE

@Suite("A sweep in separate processes", .serialized)
struct SweepTests {
  /// What an undisturbed run on one slot gives.
  private func undisturbed(_ sweep: String, _ program: Program) throws -> [String: String] {
    let run = try program.run("run", sweep, "--workers", "1", "--store", "reference.sqlite")
    #expect(run.status == 0, "\(run.errors)")
    return try program.results("reference.sqlite")
  }

  @Test("is completed by workers started in any order, with the results of an undisturbed run")
  func anyOrder() throws {
    let program = try Program()
    let sweep = try program.writeSweep()
    let port = try FreePort.find()
    let first = try program.start(
      "worker", "--connect", "tcp://127.0.0.1:\(port)", "--slots", "1")
    try first.waitForError(containing: "waiting up to 10m for a coordinator")
    let coordinator = try program.start(
      "coordinator", sweep, "--store", "s.sqlite", "--bind", "tcp://127.0.0.1:\(port)")
    try coordinator.waitForError(containing: "joined with 1 slot")
    let late = try program.start(
      "worker", "--connect", "tcp://127.0.0.1:\(port)", "--slots", "2")
    #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
    #expect(try first.waitForEnd() == 0, "\(first.errors)")
    #expect(try late.waitForEnd() == 0, "\(late.errors)")
    #expect(try program.results("s.sqlite") == undisturbed(sweep, program))
  }

  @Test("survives the SIGKILL of a worker and of a trainer", arguments: ["worker", "trainer"])
  func killed(victim: String) throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..3", epochs: 80)
    let coordinator = try program.start(
      "coordinator", sweep, "--store", "s.sqlite", "--bind", "tcp://127.0.0.1:*", "--lease", "10s")
    let endpoint = try program.endpoint(of: coordinator)
    let worker = try program.start("worker", "--connect", endpoint, "--slots", "2")
    // A point is done, so others are under way.
    try coordinator.waitForFirstResult()
    if victim == "worker" {
      worker.send(SIGKILL)
      let second = try program.start("worker", "--connect", endpoint, "--slots", "2")
      #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
      #expect(try second.waitForEnd() == 0)
    } else {
      let store = program.folder["s.sqlite"]
      // Between two points it has nothing to lose: then another outcome comes, and it is tried again.
      while !coordinator.errors.contains("killed (signal 9"), !coordinator.hasEnded {
        let before = try StoreProbe.count("outcomes", in: store)
        let trainer = try #require(try program.children(of: worker).first)
        kill(trainer, SIGKILL)
        try StateWait.until("its loss, or an outcome") {
          try coordinator.errors.contains("killed (signal 9") || coordinator.hasEnded
            || StoreProbe.count("outcomes", in: store) > before
        }
      }
      #expect(coordinator.errors.contains("killed (signal 9"), "\(coordinator.errors)")
      #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
      #expect(try worker.waitForEnd() == 0)
    }
    #expect(try program.results("s.sqlite") == undisturbed(sweep, program))
  }

  @Test(
    "goes on after its coordinator was stopped, and runs nothing again",
    arguments: [SIGINT, SIGKILL]
  )
  func restarted(signal: Int32) throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..5", epochs: 60)
    let port = try FreePort.find()
    let arguments = [
      "coordinator", sweep, "--store", "s.sqlite", "--bind", "tcp://127.0.0.1:\(port)", "--lease",
      "30s",
    ]
    func start() throws -> RunningProgram {
      try RunningProgram(
        Program.path, arguments, in: program.folder, environment: program.environment)
    }
    let coordinator = try start()
    let worker = try program.start("worker", "--connect", "tcp://127.0.0.1:\(port)", "--slots", "2")
    try coordinator.waitForFirstResult()
    coordinator.send(signal)
    #expect(try coordinator.waitForEnd() == (signal == SIGINT ? 130 : 128 + SIGKILL))
    let before = try program.results("s.sqlite")
    let second = try start()
    #expect(try second.waitForEnd() == 0, "\(second.errors)")
    #expect(try worker.waitForEnd() == 0, "\(worker.errors)")
    let after = try program.results("s.sqlite")
    #expect(before.allSatisfy { after[$0.key] == $0.value })
    #expect(after == (try undisturbed(sweep, program)))
    // One attempt for each point: the live worker went on with what it held. What was granted as the
    // coordinator stopped may not have reached it; that alone is given back.
    let store = program.folder["s.sqlite"]
    let released = try StoreProbe.count("releases", in: store)
    #expect(try StoreProbe.count("attempts", in: store) == 12 + released)
    let early = """
      releases JOIN attempts ON epoch = attempt_epoch AND counter = attempt_counter
      WHERE granted_at < (SELECT min(finished_at) FROM outcomes)
      """
    #expect(try StoreProbe.count(early, in: store) == 0)
  }

  @Test("run is resumed after SIGINT, and a second run has nothing to do")
  func resumedRun() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..5", epochs: 60)
    let first = try program.start("run", sweep)
    try first.waitForFirstResult()
    first.send(SIGINT)
    #expect(try first.waitForEnd() == 130, "\(first.errors)")
    let second = try program.run("run", sweep)
    #expect(second.status == 0, "\(second.errors)")
    #expect(second.output.contains("784-16-8-3"))
    let results = try program.results("small.sqlite")
    #expect(results.count == 12)
    let third = try program.run("run", sweep)
    #expect(third.status == 0)
    #expect(try program.results("small.sqlite") == results)
    #expect(results == (try undisturbed(sweep, program)))
  }

  @Test("run starts its worker again when somebody else ends it", arguments: [SIGKILL, SIGTERM])
  func endedWorkerOfRun(signal: Int32) throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..3", epochs: 80)
    let run = try program.start("run", sweep)
    try run.waitForFirstResult()
    let worker = try #require(try program.children(of: run).first)
    kill(worker, signal)
    #expect(try run.waitForEnd() == 0, "\(run.errors)")
    #expect(run.errors.contains("the worker ended before the sweep did"))
    #expect(try program.results("small.sqlite") == undisturbed(sweep, program))
  }

  @Test("leaves no process behind when run is killed")
  func orphans() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..5", epochs: 200)
    let run = try program.start("run", sweep, "--workers", "2")
    try run.waitForError(containing: "joined with 2 slots")
    let worker = try #require(try program.children(of: run).first)
    run.send(SIGKILL)
    try run.waitForEnd()
    // Its standard error is shared with the worker and the trainers, so its end is theirs too.
    #expect(ProcessTree.isGone(worker))
  }

  @Test("hands a worker without the dataset what it needs")
  func transfer() throws {
    var program = try Program()
    let sweep = try program.writeSweep(seeds: "0..1")
    let coordinator = try program.start(
      "coordinator", sweep, "--store", "s.sqlite", "--bind", "tcp://127.0.0.1:*")
    let endpoint = try program.endpoint(of: coordinator)
    // What the coordinator was started with stays what it hands out.
    try FileManager.default.removeItem(atPath: program.folder["cache"])
    program.environment["XDG_CACHE_HOME"] = program.folder["elsewhere"]
    let worker = try program.start("worker", "--connect", endpoint)
    #expect(try coordinator.waitForEnd() == 0)
    #expect(try worker.waitForEnd() == 0)
    #expect(worker.errors.contains("fetching dataset"))
    #expect(program.folder.names(in: "elsewhere/vaesweep").contains { $0.hasSuffix(".idx4") })
    // The second time it is there.
    let again = try program.start(
      "coordinator", sweep, "--store", "t.sqlite", "--bind", "tcp://127.0.0.1:*")
    let second = try program.start("worker", "--connect", try program.endpoint(of: again))
    #expect(try again.waitForEnd() == 0)
    #expect(try second.waitForEnd() == 0)
    #expect(!second.errors.contains("fetching dataset"))
  }

  @Test("keeps a diverged point as a result and goes on")
  func diverged() throws {
    let program = try Program()
    let sweep = try program.writeSweep(
      seeds: "0..1", extra: "  learning_rate: [0.001, 1.0e+6]\n  optimizer: sgd")
    let run = try program.run("run", sweep, "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("\"diverged\": 2"))
    let export = try program.run("export", "small.sqlite", "--format", "jsonl")
    #expect(export.output.contains("\"status\":\"diverged\",\"diverged_epoch\":1"))
  }

  @Test("ends with 3 where a point fails by its own fault, and says why")
  func failed() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..1", extra: "  limit: [100, 9999]")
    let run = try program.run("run", sweep)
    #expect(run.status == 3, "\(run.errors)")
    #expect(run.errors.contains("limit: 9999 is not accepted: it must be at most 2000"))
    #expect(run.errors.contains("but 4 points failed"))
    let summary = try program.run("summary", "small.sqlite", "--format", "json")
    #expect(summary.output.contains("\"failed\": 2"))
    for format in ["table", "json", "csv", "markdown"] {
      let status = try program.run("status", "--store", "small.sqlite", "--format", format)
      #expect(status.output.contains("limit: 9999 is not accepted"), "\(status.output)")
      #expect(status.output.contains("784-16-8-3"))
    }
  }

  @Test("ends with 3 where every point fails, also where a report is asked for")
  func allFailed() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0", epochs: 2)
    #expect(try program.run("run", sweep).status == 0)
    for net in ["784-16-2", "784-16-8-3"] {
      let configuration = try Configuration(
        architecture: Architecture(parsing: net), [.epochs: .int(2)])
      _ = try ForgedStore.fail(
        Point(configuration: configuration, seeds: Seeds(0)), in: program.folder["failed.sqlite"],
        like: program.folder["small.sqlite"], reason: "a fault")
    }
    let run = try program.run(
      "run", sweep, "--store", "failed.sqlite", "--report", "page", "--mixed")
    #expect(run.status == 3, "\(run.errors)")
    #expect(run.errors.contains("no report: no point of failed.sqlite has an outcome"))
    #expect(!program.folder.names().contains("page"))
    let report = try program.run("report", "failed.sqlite", "--out", "page")
    #expect(report.status == 2)
    #expect(report.errors.contains("has no outcome yet"), "\(report.errors)")
  }

  @Test("tries failed points again when it is told to, and only then")
  func retried() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..1", extra: "  limit: [100, 9999]")
    #expect(try program.run("run", sweep).status == 3)
    let store = program.folder["small.sqlite"]
    #expect(try StoreProbe.count("attempts", in: store) == 8)
    #expect(try program.run("run", sweep).status == 3)
    #expect(try StoreProbe.count("attempts", in: store) == 8)
    let again = try program.run("run", sweep, "--retry-failed")
    #expect(again.status == 3)
    #expect(again.errors.contains("4 failed points are tried again"), "\(again.errors)")
    #expect(try StoreProbe.count("attempts", in: store) == 12)
  }

  @Test("gives a point the same digests from train, run, one slot and two")
  func sameBits() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "3..5")
    let reference = try undisturbed(sweep, program)
    let two = try program.run("run", sweep, "--workers", "2", "--store", "two.sqlite")
    #expect(two.status == 0)
    #expect(try program.results("two.sqlite") == reference)
    let train = try program.run(
      "train", "--architecture", "784-16-2", "--seed", "4", "--epochs", "2", "--dataset",
      "digits:2000:500", "--format", "json")
    #expect(train.status == 0, "\(train.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(train.output.utf8)) as? [String: Any]
    let key = try #require(object?["key"] as? String)
    #expect(object?["result_digest"] as? String == reference[key])
  }

  @Test("stops a worker on SIGTERM with 0 and hands its points to another")
  func stopped() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..3", epochs: 80)
    let coordinator = try program.start(
      "coordinator", sweep, "--store", "s.sqlite", "--bind", "tcp://127.0.0.1:*")
    let endpoint = try program.endpoint(of: coordinator)
    let first = try program.start("worker", "--connect", endpoint, "--slots", "2")
    try coordinator.waitForFirstResult()
    first.send(SIGTERM)
    #expect(try first.waitForEnd() == 0, "\(first.errors)")
    try coordinator.waitForError(containing: " left")
    let second = try program.start("worker", "--connect", endpoint, "--slots", "2")
    #expect(try coordinator.waitForEnd() == 0)
    #expect(try second.waitForEnd() == 0)
    #expect(try program.results("s.sqlite") == undisturbed(sweep, program))
  }
}
