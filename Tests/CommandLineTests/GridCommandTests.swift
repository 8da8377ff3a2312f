import Foundation
import TestSupport
import Testing

@Suite("Sweeps that grow")
struct GridCommandTests {
  private func write(_ program: Program, _ name: String, _ text: String) throws -> String {
    try program.folder.write(Array(text.utf8), to: name)
  }

  /// The whole numbers of one column of a plan.
  private func plan(_ program: Program, _ sweep: String, _ column: String) throws -> [Int] {
    let plan = try program.run("plan", sweep, "--store", "grown.sqlite", "--format", "json")
    #expect(plan.status == 0, "\(plan.errors)")
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(plan.output.utf8)) as? [[String: Any]])
    return rows.compactMap { $0[column] as? Int }
  }

  @Test("a store takes a changed sweep file, and trains only what it lacks")
  func extend() throws {
    let program = try Program()
    let base = try program.writeSweep("base", seeds: "0..1")
    #expect(try program.run("run", base, "--store", "grown.sqlite").status == 0)
    let before = try program.results("grown.sqlite")
    #expect(before.count == 4)
    // More seeds, another net, and the same nets trained longer, which are new configurations.
    let more = try write(
      program, "more.yaml",
      """
      extends: base.yaml
      name: more
      grid: {architecture: [784-16-2, 784-16-8-3, 784-16-4], seed: 0..2}
      include: [{architecture: 784-16-2, epochs: 3, seed: 0}]
      """)
    #expect(try plan(program, more, "done") == [2, 2, 0, 0])
    #expect(try plan(program, more, "to_run") == [1, 1, 3, 1])
    let run = try program.run("run", more, "--store", "grown.sqlite")
    #expect(run.status == 0, "\(run.errors)")
    let after = try program.results("grown.sqlite")
    #expect(after.count == 10)
    for (key, digest) in before { #expect(after[key] == digest) }
    // The store needs neither file any more.
    for name in ["base.yaml", "more.yaml"] {
      try FileManager.default.removeItem(atPath: program.folder[name])
    }
    let summary = try program.run("summary", "grown.sqlite", "--format", "csv")
    #expect(summary.status == 0, "\(summary.errors)")
    #expect(summary.errors.isEmpty, "\(summary.errors)")
    #expect(summary.output.split(separator: "\n").count == 1 + 4)
    // Each sweep by itself, and one that is not there.
    let one = try program.run("summary", "grown.sqlite", "--sweep", "base", "--format", "json")
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(one.output.utf8)) as? [[String: Any]])
    #expect(rows.map { $0["planned"] as? Int } == [2, 2])
    for table in ["outcomes", "epochs"] {
      let export = try program.run(
        "export", "grown.sqlite", "--sweep", "base", "--table", table, "--format", "jsonl")
      let lines = export.output.split(separator: "\n")
      let keys = Set(lines.compactMap { $0.firstMatch(of: /"key":"([0-9a-f]{64})"/)?.1 })
      #expect(keys.count == 4, "\(export.errors)")
    }
    let page = try program.run("report", "grown.sqlite", "--sweep", "base", "--out", "page")
    #expect(page.status == 0, "\(page.errors)")
    for command in [["summary"], ["luck"], ["export"], ["report", "--out", "none"]] {
      let none = try program.run(command + ["grown.sqlite", "--sweep", "bsae"])
      #expect(none.status == 2)
      #expect(
        none.errors.contains(
          "--sweep bsae: grown.sqlite has no sweep of this name (it has: base, more)"),
        "\(none.errors)")
    }
    #expect(!program.folder.names().contains("none"))
  }

  @Test("plan says what each rule leaves, and --set what it is asked to change")
  func rules() throws {
    let program = try Program()
    let sweep = try write(
      program, "rules.yaml",
      """
      name: rules
      dataset: digits:2000:500
      grids:
        - name: page
          grid: {optimizer: [adam, sgd], seed: 0..9}
          zip:
            net:
              - {hidden: [16], latent_dim: 2}
              - {hidden: [16, 8], latent_dim: 3}
          when: [{if: {optimizer: sgd}, grid: {momentum: [0, 0.9]}}]
          exclude: [{momentum: 0, latent_dim: 3}]
          include: [{architecture: 784-16-2, seed: 8..11}]
      """)
    let text = try program.run("plan", sweep).output
    #expect(
      text.contains(
        "grid page: optimizer 2 × seed 10 × zip net 2; when optimizer sgd: momentum 2"),
      "\(text)")
    #expect(
      text.contains(
        "positions: grid 20, zip 40, when 60, exclude −10 = 50, include +4 = 54, duplicates −2; "
          + "52 different points"), "\(text)")
    let less = try program.run(
      "plan", sweep, "--set", "grids.page.grid.seed=0..1", "--counts", "--format", "csv")
    #expect(less.status == 0, "\(less.errors)")
    #expect(
      less.output.split(whereSeparator: \.isNewline).dropFirst() == [
        "grid,4,4", "zip,4,8", "when,4,12", "exclude,-2,10", "include,4,14", "duplicates,0,14",
      ])
    let wrong = try program.run("run", sweep, "--set", "grids.page.grid.sead=0")
    #expect(wrong.status == 2)
    #expect(
      wrong.errors.contains(
        "--set grids.page.grid.sead=0: sead: unknown key under grid: (did you mean seed?)"),
      "\(wrong.errors)")
  }

  @Test("a reduced file whose exclusion names seeds that are no longer there is told so, and runs")
  func reduced() throws {
    let program = try Program()
    let sweep = try program.writeSweep(
      seeds: "0..2", extra: "exclude:\n  - {architecture: 784-16-2, seed: 2..9}")
    let plan = try program.run("plan", sweep, "--format", "json")
    #expect(plan.status == 0)
    #expect(
      plan.errors.contains(
        "small.yaml:7: warning: seed: 3..9: no point of the grid has it"), "\(plan.errors)")
    #expect(plan.output.contains("\"points\": 2"))
  }

  @Test("ten million points are planned at once, however they are made")
  func many() throws {
    let program = try Program()
    let sweep = try write(
      program, "many.yaml",
      """
      name: many
      dataset: digits:2000:500
      grid:
        architecture: [784-16-2, 784-16-4]
        optimizer: [adam, sgd]
        learning_rate: {logspace: [1e-4, 1e-1, 1000]}
        kl_weight: {linspace: [0.5, 2, 1000]}
        seed: 0..1
      zip: {how: [{sampling: true}, {sampling: false, epochs: 3}]}
      when: [{if: {optimizer: sgd}, grid: {momentum: [0, 0.9]}}]
      exclude: [{sampling: false, kl_weight: 0.5}]
      """)
    let plan = try program.run("plan", sweep, "--format", "json")
    #expect(plan.status == 0, "\(plan.errors)")
    #expect(plan.output.contains("\"points\": 23988000"), "\(plan.output.prefix(500))")
    #expect(plan.errors.contains("only their totals are shown"), "\(plan.errors)")
  }

  @Test("the time of a plan too long to list does not hang on the order of its axes")
  func time() throws {
    let program = try Program()
    func time(_ epochs: String, _ rest: String = "") throws -> String {
      let sweep = try write(
        program, "long.yaml",
        """
        name: long
        dataset: digits:2000:500
        grid:
          architecture: 784-16-2
          learning_rate: {logspace: [1e-4, 1e-1, 10000]}
          epochs: \(epochs)
          seed: 0..9
        \(rest)
        """)
      let plan = try program.run("plan", sweep)
      #expect(plan.status == 0, "\(plan.errors)")
      #expect(plan.errors.contains("10000 points drawn at random"), "\(plan.errors)")
      return String(try #require(plan.output.firstMatch(of: /about (.*) on one core/)?.1))
    }
    // 200,000 points of 500.5 epochs on average, each with 2,000 × 3 and 500 × 1.5 forward passes of 25,184
    // multiply-adds: 1.7e16 at 25 to 150 billion a second are 31.5 to 189 h, and three standard errors of
    // the draws, which are 1 % each, more on either side.
    for epochs in ["[1, 1000]", "[1000, 1]"] {
      let told = try time(epochs)
      let hours = try #require(told.firstMatch(of: /^(\d+) h.* to (\d+) h/))
      let (least, most) = (try #require(Double(hours.1)), try #require(Double(hours.2)))
      #expect((28...32).contains(least) && (188...201).contains(most), "\(told)")
    }
    let excluded = try time("[1, 1000]", "exclude: [{epochs: 1}]")
    #expect(excluded.contains("h"), "\(excluded)")
  }
}
