import Foundation
import TestSupport
import Testing

/// Workers that are told when they will be ended.
@Suite("The time limit of a worker", .serialized)
struct TimeLimitCommandTests {
  private let program: Program

  init() throws { program = try Program() }

  private func worker(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> (status: Int32, errors: String) {
    let run = try RunningProgram(
      Program.path,
      ["worker", "--connect", "tcp://127.0.0.1:1", "--slots", "1", "--wait", "1s"] + arguments,
      in: program.folder, environment: program.environment.merging(environment) { $1 })
    return (try run.waitForEnd(), run.errors)
  }

  @Test(
    "that is over, or no time at all, is one clear line",
    arguments: [
      ("2001-02-03T04:05", "that time is past"), ("2001-02-03T04:05:06Z", "that time is past"),
      ("0s", "that time is past"), ("00:00", "that time is past"), ("soon", "a length of time"),
      ("2026-13-01T00:00", "a length of time"), ("5 minutes", "a length of time"),
      ("-5m", "a length of time"), ("2026-11-29T18:00+99:99", "a length of time"),
    ])
  func nonsense(text: String, saying: String) throws {
    let run = try worker(["--until=\(text)"])
    #expect(run.status == 2)
    #expect(run.errors.contains(saying), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
  }

  @Test("that Slurm's variable says is taken, unless another is given")
  func variable() throws {
    let past = ["SLURM_JOB_END_TIME": "1000000000"]
    let run = try worker([], environment: past)
    #expect(run.status == 2)
    #expect(run.errors.contains("$SLURM_JOB_END_TIME=1000000000: that time is past"))
    #expect(try worker([], environment: ["SLURM_JOB_END_TIME": "tomorrow"]).status == 2)
    // Nobody answers: the limit was no obstacle.
    for limit in ["1h", "1-00:00:00", "59:59", "UNLIMITED", "2999-01-01T00:00"] {
      let run = try worker(["--until", limit], environment: past)
      #expect(run.status == 1, "\(limit): \(run.errors)")
      #expect(run.errors.contains("no coordinator answered"), "\(run.errors)")
    }
  }

  @Test("has a worker hand back what it trains and end with 0 before it is over")
  func handsBack() throws {
    let sweep = try program.writeSweep(seeds: "0..1", epochs: 10_000)
    let coordinator = try program.start(
      "coordinator", sweep, "--store", "s.sqlite", "--bind", "tcp://127.0.0.1:*")
    let endpoint = try program.endpoint(of: coordinator)
    let worker = try program.start(
      "worker", "--connect", endpoint, "--slots", "1", "--until", "40s")
    try worker.waitForError(containing: "the time limit is in ")
    #expect(try worker.waitForEnd() == 0)
    #expect(worker.errors.contains("handing back what is held"), "\(worker.errors)")
    // Nothing is lost, and nothing counts against a point.
    let status = try program.run("status", "--connect", endpoint, "--format", "json")
    let list = try JSONSerialization.jsonObject(with: Data(status.output.utf8))
    let text = "\(list)"
    #expect(!text.contains("lost"), "\(text)")
    coordinator.send(SIGTERM)
    #expect(try coordinator.waitForEnd() == 130)
    let kept = try FileManager.default.contentsOfDirectory(
      atPath: program.folder["s.sqlite.checkpoints"])
    #expect(kept.count { $0.hasSuffix(".checkpoint") } == 1, "\(kept)")
  }

  @Test("ends a run in time as an interruption, from which it goes on")
  func run() throws {
    let sweep = try program.writeSweep(seeds: "0..1", epochs: 10_000)
    let run = try program.run("run", sweep, "--workers", "1", "--until", "40s")
    #expect(run.status == 130, "\(run.errors)")
    #expect(run.errors.contains("everything is handed back"), "\(run.errors)")
    #expect(!run.errors.contains("starting it again"), "\(run.errors)")
    let kept = try FileManager.default.contentsOfDirectory(
      atPath: program.folder["small.sqlite.checkpoints"])
    #expect(kept.count { $0.hasSuffix(".checkpoint") } == 1, "\(kept)")
  }
}
