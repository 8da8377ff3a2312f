import Foundation
import TestSupport
import Testing

@Suite("Tables below the outcomes, and designs of seeds, from the command line")
struct DesignCommandTests {
  private func lines(_ text: String) -> [String] {
    text.split(separator: "\n").map(String.init)
  }

  @Test("export prints outcomes, epochs, latents and comparisons in both formats")
  func export() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..2", epochs: 2)
    #expect(try program.run("run", sweep).status == 0)
    // Six points of two epochs, three of two latents and three of three.
    for (table, count) in [("outcomes", 6), ("epochs", 12), ("latents", 15)] {
      let csv = try program.run("export", "small.sqlite", "--table", table)
      #expect(csv.status == 0)
      #expect(lines(csv.output).count == count + 1, "\(table)")
      let json = try program.run("export", "small.sqlite", "--table", table, "--format", "jsonl")
      #expect(lines(json.output).count == count, "\(table)")
      for line in lines(json.output) {
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        #expect(object?["key"] is String)
      }
    }
    let comparisons = try program.run("export", "small.sqlite", "--table", "comparisons")
    #expect(lines(comparisons.output).count == 6)
    #expect(lines(comparisons.output)[0].hasPrefix("comparison,metric,effect,estimate,"))
    let wrong = try program.run("export", "small.sqlite", "--table", "latents", "--history")
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("--history"))
  }

  @Test("export names the pairs that it leaves out for want of runs")
  func scarce() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0", epochs: 1)
    #expect(try program.run("run", sweep).status == 0)
    let export = try program.run("export", "small.sqlite", "--table", "comparisons")
    #expect(export.status == 0)
    #expect(
      export.errors.contains(
        "left out: pairs of which a side has fewer than two runs: 1: 784-16-2 against 784-16-8-3"))
  }

  @Test("a nested design is run, and summary tells the share of its seed")
  func nested() throws {
    let program = try Program()
    let text = """
      name: nested
      dataset: digits:2000:500
      grid:
        architecture: 784-16-2
      variance: {factor: init_seed, levels: 6, redraws: 3}
      train: {epochs: 1}
      """
    let file = try program.folder.write(Array(text.utf8), to: "nested.yaml")
    let run = try program.run("run", file)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("nested, 6 levels × 3 redraws"))
    let json = try program.run("summary", "nested.sqlite", "--variance", "--format", "json")
    let rows = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
    #expect(rows?.map { $0["source"] as? String } == ["init_seed"])
    #expect(rows?.first?["ok"] as? Int == 18)
    #expect(
      rows?.first?["note"] as? String
        == "fewer than 30 levels or 5 redraws: the intervals hold too rarely")
    #expect(try program.run("summary", "nested.sqlite", "--variance", "--collapse").status == 2)
  }

  @Test("looks end a configuration's seeds, and leave out what came after the one that decided")
  func looks() throws {
    let program = try Program()
    let sweep = try program.writeSweep(
      seeds: "0..63", epochs: 1, train: "looks: {half_width: 500, at: [3, 6]}")
    let run = try program.run("run", sweep, "--workers", "1")
    #expect(run.status == 0, "\(run.errors)")
    // Both nets are decided by their first three seeds.
    #expect(run.output.contains("narrow enough at 3 seeds"))
    #expect(run.output.contains("3/3"))
    #expect(run.errors.contains("points not trained: looks are decided without them"))
    let looks = try program.run("summary", "small.sqlite", "--looks", "--format", "csv")
    #expect(lines(looks.output).count == 3)
    // What was under way is kept: the points that a worker holds ahead.
    let surplus = lines(looks.output).dropFirst().compactMap {
      $0.split(separator: ",").last.flatMap { Int($0) }
    }
    let outcomes = lines(try program.run("export", "small.sqlite").output).count - 1
    #expect(outcomes == 6 + surplus.reduce(0, +))
    #expect(outcomes < 100)
    // Nothing is left to do, for plan and for another run.
    let plan = try program.run("plan", sweep, "--format", "json")
    #expect(plan.output.contains("\"to_run\": 0"), "\(plan.output)")
    #expect(try program.run("run", sweep).status == 0)
    #expect(lines(try program.run("export", "small.sqlite").output).count - 1 == outcomes)
  }
}
