import Foundation
import Sweep
import TestSupport
import Testing

@Suite("Stores that are merged")
struct MergeTests {
  private static let goldens = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "ResultStoreTests/Goldens")

  /// Two sweeps that share points, each on a store of its own and both on one.
  private func program() throws -> Program {
    let program = try Program()
    let extra = """
      pictures: [reconstructions]
      claims:
        - {id: 1, claim: deeper is worse, test: mean_difference, metric: test_total, a: 784-16-8-3, \
      b: 784-16-2, expect: {above: 0}}
      """
    let first = try program.writeSweep("first", seeds: "0..1", epochs: 1, extra: extra)
    let second = try program.writeSweep("second", seeds: "1..2", epochs: 1)
    for (sweep, store) in [
      (first, "a.sqlite"), (second, "b.sqlite"), (first, "one.sqlite"), (second, "one.sqlite"),
    ] {
      let run = try program.run("run", sweep, "--store", store)
      #expect(run.status == 0, "\(run.errors)")
    }
    return program
  }

  private func text(_ program: Program, _ arguments: String...) throws -> String {
    let run = try program.run(arguments)
    #expect(run.status == 0, "\(arguments): \(run.errors)")
    return run.output
  }

  @Test("say what one store says that has seen all, and go on")
  func merge() throws {
    let program = try program()
    let before = try ["a.sqlite", "b.sqlite"].map {
      try Data(contentsOf: URL(filePath: program.folder[$0]))
    }
    // As an interrupted merge leaves it; no process has such a number.
    try program.folder.write([1], to: "c.sqlite.merging-2000000000/first")
    let counts = try text(
      program, "merge", "a.sqlite", "b.sqlite", "--into", "c.sqlite", "--format", "csv")
    #expect(!program.folder.names().contains { $0.contains(".merging-") })
    #expect(
      counts.split(whereSeparator: \.isNewline) == [
        "store,outcomes,in_both", "a.sqlite,4,2", "b.sqlite,4,2", "c.sqlite,6,",
      ])
    #expect(
      try ["a.sqlite", "b.sqlite"].map {
        try Data(contentsOf: URL(filePath: program.folder[$0]))
      } == before)
    #expect(
      program.folder.names().filter { $0.contains("c.sqlite") } == ["c.sqlite"],
      "\(program.folder.names())")
    #expect(try program.results("c.sqlite") == program.results("one.sqlite"))
    for arguments in [["summary"], ["luck"], ["claims"], ["summary", "--sweep", "second"]] {
      let own = arguments.dropFirst() + ["--format", "json"]
      #expect(
        try program.run([arguments[0], "c.sqlite"] + own).output
          == program.run([arguments[0], "one.sqlite"] + own).output, "\(arguments)")
    }
    for name in ["a.sqlite", "c.sqlite"] {
      #expect(try text(program, "claims", name, "--format", "json").contains("deeper is worse"))
    }
    // The other way round the results are the same.
    _ = try text(program, "merge", "b.sqlite", "a.sqlite", "--into", "d.sqlite")
    let roots = try ["c.sqlite", "d.sqlite", "one.sqlite"].map {
      let audit = try text(program, "audit", $0, "--sample", "0", "--format", "json")
      let report = try JSONSerialization.jsonObject(with: Data(audit.utf8)) as? [String: Any]
      return report?["root_hash"] as? String
    }
    #expect(Set(roots).count == 1 && roots[0] != nil)
    // A report of one sweep names no other.
    _ = try text(program, "report", "c.sqlite", "--sweep", "second", "--out", "part")
    let page = try String(contentsOfFile: program.folder["part/index.html"], encoding: .utf8)
    #expect(page.contains("sweep <code>second</code>") && !page.contains("<code>first</code>"))
    // Pictures are there, and a coordinator goes on from it.
    let plan = try text(
      program, "plan", program.folder["first.yaml"], "--store", "c.sqlite", "--format", "json")
    #expect(plan.contains("\"replays\": 0") && plan.contains("\"to_run\": 0"), "\(plan)")
    let more = try program.writeSweep("more", seeds: "0..3", epochs: 1)
    #expect(try program.run("run", more, "--store", "c.sqlite").status == 0)
    #expect(try program.results("c.sqlite").count == 8)
    #expect(try text(program, "status", "--store", "c.sqlite").contains("8"))
  }

  @Test("of which a result differs are told, and nothing is written")
  func conflict() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..1", epochs: 1)
    #expect(try program.run("run", sweep).status == 0)
    let results = try program.results("small.sqlite")
    let victim = try #require(results.keys.min())
    try ForgedStore.make(
      program.folder["forged.sqlite"], from: program.folder["small.sqlite"]
    ) { outcome, receipt in
      receipt.host = "node-9"
      return outcome.key.description == victim
        ? ForgedStore.shifted(outcome, by: 1e-9) : outcome
    }
    let merge = try program.run("merge", "small.sqlite", "forged.sqlite", "--into", "c.sqlite")
    #expect(merge.status == 1)
    let kept = try #require(results[victim]).prefix(12)
    #expect(
      merge.errors.contains("point \(victim): small.sqlite has \(kept) (made on "),
      "\(merge.errors)")
    #expect(merge.errors.contains("forged.sqlite has "), "\(merge.errors)")
    #expect(merge.errors.contains("(made on node-9)"), "\(merge.errors)")
    #expect(merge.errors.contains("1 result of small.sqlite and forged.sqlite differ"))
    #expect(!program.folder.names().contains { $0.hasPrefix("c.sqlite") })
  }

  @Test("of unlike terms or into a name that is taken are refused")
  func refusals() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0", epochs: 1)
    #expect(try program.run("run", sweep).status == 0)
    #expect(
      try program.run(
        "run", sweep, "--dataset", "digits:400:100", "--store", "other.sqlite"
      ).status == 0)
    try FileManager.default.createSymbolicLink(
      atPath: program.folder["link"], withDestinationPath: "small.sqlite")
    for (arguments, words) in [
      (["small.sqlite", "other.sqlite", "--into", "c.sqlite"], "of the dataset"),
      (["small.sqlite", "other.sqlite", "--into", "small.sqlite"], "is there already"),
      (["small.sqlite", "none.sqlite", "--into", "c.sqlite"], "there is no such file"),
      (["small.sqlite", "small.yaml", "--into", "c.sqlite"], "not an SQLite file"),
      (["small.sqlite", "small.sqlite", "--into", "no/c.sqlite"], "does not exist"),
      (["small.sqlite", "./small.sqlite", "--into", "c.sqlite"], "the same file as small.sqlite"),
      (["small.sqlite", "link", "--into", "c.sqlite"], "the same file as small.sqlite"),
    ] {
      let wrong = try program.run(["merge"] + arguments)
      #expect(wrong.status == 2, "\(arguments): \(wrong.errors)")
      #expect(wrong.errors.contains(words), "\(arguments): \(wrong.errors)")
    }
    #expect(!program.folder.names().contains { $0.hasPrefix("c.sqlite") })
  }

  @Test("may be of earlier versions: they are brought up to date on the copy")
  func earlier() throws {
    let program = try Program()
    var stores: [String: Data] = [:]
    for name in ["v2.sqlite", "v3.sqlite"] {
      let golden = Self.goldens.appending(path: name)
      try FileManager.default.copyItem(atPath: golden.path, toPath: program.folder[name])
      stores[name] = try Data(contentsOf: golden)
    }
    let merge = try program.run("merge", "v2.sqlite", "v3.sqlite", "--into", "c.sqlite")
    #expect(merge.status == 0, "\(merge.errors)")
    for (name, bytes) in stores {
      #expect(try Data(contentsOf: URL(filePath: program.folder[name])) == bytes)
    }
    #expect(try program.results("c.sqlite") == program.results("v3.sqlite"))
    #expect(
      try text(program, "summary", "c.sqlite", "--format", "json")
        == text(program, "summary", "v3.sqlite", "--format", "json"))
  }
}
