import Foundation
import Sweep
import TestSupport
import Testing

@Suite("What someone new to it is told")
struct GuidanceTests {
  @Test(
    "An error names the help of the command that was given",
    arguments: [
      (["summary"], "vaesweep summary --help"), (["run", "--nope"], "vaesweep run --help"),
      (["keys", "approve"], "vaesweep keys approve --help"), (["nope"], "vaesweep --help"),
      (["bench", "trainer", "--seconds", "x"], "vaesweep bench trainer --help"),
    ])
  func help(arguments: [String], named: String) throws {
    let program = try Program()
    let answer = try program.run(arguments)
    #expect(answer.status == 2)
    #expect(answer.errors.hasSuffix("(see '\(named)')\n"), "\(answer.errors)")
  }

  @Test("compare does not guess which runs are meant after the epochs of a sweep were edited")
  func edited() throws {
    let program = try Program()
    #expect(try program.run("run", try program.writeSweep(seeds: "0..2", epochs: 1)).status == 0)
    // Registered by a coordinator that nobody works for; 50 epochs are the default.
    let coordinator = try program.start(
      "coordinator", try program.writeSweep(seeds: "0..2", epochs: 50), "--store", "small.sqlite",
      "--bind", "tcp://127.0.0.1:*")
    _ = try program.endpoint(of: coordinator)
    coordinator.send(SIGINT)
    #expect(try coordinator.waitForEnd() == 130)
    let refused = try program.run("compare", "small.sqlite", "784-16-2", "784-16-8-3")
    #expect(refused.status == 2)
    #expect(
      refused.errors.contains("784-16-2,epochs=50 has none")
        && refused.errors.contains("784-16-2,epochs=1 (3 runs)"), "\(refused.errors)")
    let told = try program.run(
      "compare", "small.sqlite", "784-16-2,epochs=1", "784-16-8-3,epochs=1")
    #expect(told.status == 0)
    #expect(told.output.contains("3/3"))
  }

  @Test("plan gives a range of time, a guess at first and later by what this host has trained")
  func plan() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..4", epochs: 1)
    let guess = try program.run("plan", sweep)
    #expect(guess.output.contains("(guessed from the arithmetic of a step; "))
    #expect(try program.run("run", sweep).status == 0)
    // Of another store: the cache has kept it.
    let measured = try program.run("plan", sweep, "--store", "other.sqlite")
    #expect(measured.output.contains("(by 10 points that this host has trained)"))
    // A cache that is no cache is none.
    try program.folder.write(Array("{".utf8), to: "cache/vaesweep/speeds.json")
    let again = try program.run("plan", sweep, "--store", "other.sqlite")
    #expect(again.status == 0)
    #expect(again.output.contains("(guessed from"))
  }

  @Test("plan does not learn from what a trainer's first point took to prepare its dataset")
  func preparation() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..4", epochs: 1)
    #expect(try program.run("run", sweep).status == 0)
    // As a slow disk has it: of each net one point took a quarter of a minute, the others 20 ms.
    var seen: Set<String> = []
    try ForgedStore.make(
      program.folder["slow.sqlite"], from: program.folder["small.sqlite"]
    ) { outcome, receipt in
      let isFirst = seen.insert("\(outcome.point.configuration)").inserted
      receipt.seconds = isFirst ? 16.7 : 0.02
      receipt.imagesPerSecond = 200_000
      return outcome
    }
    // What an earlier version learnt is passed over, and replaced.
    let speeds = "cache/vaesweep/speeds.json"
    try program.folder.write(
      Array(
        #"{"speeds": {"a CPU": [{"shape": "x", "size": 1, "slowest": 1, "fastest": 2, "points": 3}]}}"#
          .utf8), to: speeds)
    let more = try program.writeSweep("more", seeds: "0..1004", epochs: 1)
    let plan = try program.run("plan", more, "--store", "slow.sqlite", "--format", "json")
    #expect(plan.status == 0, "\(plan.errors)")
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(plan.output.utf8)) as? [[String: Any]])
    #expect(rows.count == 2)
    for row in rows {
      // A thousand points of 20 ms.
      let minutes = try #require(row["core_minutes"] as? Double)
      #expect((0.2...0.5).contains(minutes), "\(minutes)")
    }
    let text = try program.run("plan", more, "--store", "slow.sqlite").output
    #expect(text.contains("about 40 s on one core"), "\(text)")
    let kept = try String(contentsOfFile: program.folder[speeds], encoding: .utf8)
    #expect(!kept.contains("\"speeds\""), "\(kept)")
  }

  @Test("bench trainer rounds its figures for a person, beside their goals, and not for a program")
  func bench() throws {
    let program = try Program()
    let arguments = ["bench", "trainer", "--dataset", "digits:500:100", "--seconds", "0.7"]
    let table = try program.run(arguments).output
    #expect(table.contains("steps in the time of OpenBLAS's dense products"))
    #expect(table.contains("≥ 1"))
    #expect(!table.contains("{") && table.firstMatch(of: /\d\.\d{4}/) == nil)
    let json = try JSONSerialization.jsonObject(
      with: Data(try program.run(arguments + ["--format", "json"]).output.utf8))
    let figures = try #require(json as? [String: Any])
    #expect((figures["images_per_second"] as? Double ?? 0) > 0)
    #expect(figures["breakdown"] is [String: Any])
    // Kept for plan.
    let plan = try program.run("plan", try program.writeSweep())
    #expect(plan.output.contains("(by what bench trainer has measured on this host)"))
  }

  @Test("A store without runs is told in lines, not in bare headings")
  func empty() throws {
    let program = try Program()
    let coordinator = try program.start(
      "coordinator", try program.writeSweep(), "--store", "small.sqlite", "--bind",
      "tcp://127.0.0.1:*")
    _ = try program.endpoint(of: coordinator)
    coordinator.send(SIGINT)
    #expect(try coordinator.waitForEnd() == 130)
    for (arguments, line) in [
      (["claims", "small.sqlite"], "this store has no claims\n"),
      (["summary", "small.sqlite", "--looks"], "no look was planned\n"),
      (["summary", "small.sqlite", "--variance"], "no configuration has seeds that were varied"),
      (["keys", "list"], "no key is approved yet\n"),
    ] {
      let answer = try program.run(arguments)
      #expect(answer.status == 0)
      #expect(answer.output.contains(line), "\(arguments): \(answer.output)")
      #expect(!answer.output.contains("configuration  "), "\(arguments)")
    }
  }
}
