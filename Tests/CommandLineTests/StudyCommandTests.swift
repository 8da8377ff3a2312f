import Foundation
import Sweep
import TestSupport
import Testing
import VAE

@Suite("What the study commands print")
struct StudyCommandTests {
  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private func cells(_ line: Substring) -> [String] {
    line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  /// A store with six runs of each of two nets, with and without sampling.
  private func program() throws -> Program {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..5", extra: "  sampling: [true, false]")
    #expect(try program.run("run", sweep).status == 0)
    return program
  }

  @Test("compare gives figures and a sentence for each, in four formats")
  func compare() throws {
    let program = try program()
    let arguments = ["compare", "small.sqlite", "784-16-8-3", "784-16-2"]
    let json = try object(
      try program.run(arguments[0], arguments[1], arguments[2], arguments[3], "--format", "json")
        .output)
    let rows = try #require(json["comparisons"] as? [[String: Any]])
    #expect(
      rows.map { $0["comparison"] as? String } == [
        "mean", "order", "spread", "any_collapse", "collapsed_count",
      ])
    for row in rows {
      #expect(
        Set(row.keys) == [
          "comparison", "metric", "effect", "estimate", "ci95", "test", "p", "q", "beside",
          "notes", "sentence",
        ])
    }
    for format in ["table", "csv", "markdown"] {
      let text = try program.run(
        arguments[0], arguments[1], arguments[2], arguments[3], "--format", format
      ).output
      #expect(text.contains("The mean test_total_last5 of 784-16-8-3 is "), "\(format)")
    }
  }

  @Test("--where takes a part of the runs, with what is planned of it")
  func part() throws {
    let program = try program()
    let part = ["--where", "architecture=784-16-2", "--where", "seed=0..2"]
    func run(_ arguments: String...) throws -> String {
      let answer = try program.run(arguments + part)
      #expect(answer.status == 0, "\(answer.errors)")
      #expect(
        answer.errors.contains(
          "only architecture=784-16-2, seed=0..2: 6 "
            + (arguments[0] == "export" ? "outcomes" : "of 24 outcomes")), "\(answer.errors)")
      return answer.output
    }
    let summary = try run("summary", "small.sqlite", "--format", "csv").split(separator: "\n")
    let planned = try #require(cells(summary[0]).firstIndex(of: "planned"))
    #expect(summary.count == 3)
    for line in summary.dropFirst() { #expect(cells(line)[planned] == "3") }
    #expect(try run("luck", "small.sqlite").contains("784-16-2"))
    #expect(try run("seeds", "small.sqlite", "--mean-width", "1").contains("784-16-2"))
    #expect(try run("export", "small.sqlite").split(separator: "\n").count == 7)
    let pair = ["784-16-2", "784-16-2,sampling=false"]
    let metric = "test_reconstruction_at_mean"
    #expect(
      try run("compare", "small.sqlite", pair[0], pair[1], "--metric", metric)
        .contains("On the same 3 seeds"))
    _ = try run("report", "small.sqlite", "--out", "part")
    let page = try String(
      contentsOfFile: program.folder["part/index.html"], encoding: .utf8)
    #expect(page.contains("Only points with architecture=784-16-2, seed=0..2, without claims"))
    #expect(page.contains("2 configurations, 6 runs planned: 6 ended well"))
    for (filter, words) in [
      ("latent_dim=77", "small.sqlite needs no point that has latent_dim=77 (sweep small)"),
      ("seed", "must be KEY=VALUE"), ("color=red", "color"),
    ] {
      let wrong = try program.run("summary", "small.sqlite", "--where", filter)
      #expect(wrong.status == 2, "\(wrong.errors)")
      #expect(wrong.errors.contains(words), "\(wrong.errors)")
    }
    let nothing = try program.run("export", "small.sqlite", "--where", "latent_dim=77")
    #expect(nothing.status == 2 && nothing.output.isEmpty)
    #expect(nothing.errors.contains("small.sqlite needs no point that has latent_dim=77"))
    let slip = try program.run("summary", "small.sqlite", "--where", "epochs=[2,77]")
    #expect(slip.status == 0)
    #expect(slip.errors.contains("no point of small.sqlite has epochs=77"), "\(slip.errors)")
    let gone = try program.run(
      ["compare", "small.sqlite", "784-16-2", "784-16-8-3"] + part.prefix(2))
    #expect(gone.status == 2)
    #expect(gone.errors.contains("and has architecture=784-16-2"), "\(gone.errors)")
  }

  @Test("--where counts what is failed and missing of its part alone")
  func missingPart() throws {
    let program = try program()
    let failed = Point(
      configuration: try Configuration(
        architecture: Architecture(parsing: "784-16-2"), [.epochs: .int(2)]),
      seeds: Seeds(1))
    _ = try ForgedStore.fail(
      failed, in: program.folder["begun.sqlite"], like: program.folder["small.sqlite"],
      reason: "a fault")
    for (seeds, counts) in [("0..2", ["0", "0", "1", "2"]), ("2..5", ["0", "0", "0", "4"])] {
      let summary = try program.run(
        "summary", "begun.sqlite", "--where", "sampling=true", "--where", "latent_dim=2", "--where",
        "seed=\(seeds)", "--format", "csv")
      let lines = summary.output.split(separator: "\n").map(cells)
      #expect(lines.count == 2, "\(summary.errors)")
      let first = try #require(lines[0].firstIndex(of: "ok"))
      #expect(lines[0][first...(first + 3)] == ["ok", "diverged", "failed", "missing"])
      #expect(lines[1][first...(first + 3)] == counts[...])
    }
  }

  @Test("a metric that no run has is said so, with what gives it")
  func lack() throws {
    let program = try program()
    for arguments in [
      ["summary", "small.sqlite"], ["luck", "small.sqlite"],
      ["compare", "small.sqlite", "784-16-8-3", "784-16-2"],
    ] {
      // Of grey pixels there is none, whatever a sweep asks for.
      let none = try program.run(arguments + ["--metric", "nll"])
      #expect(
        none.errors.contains("importance_bound is measured in its place"), "\(none.errors)")
      #expect(none.status == (arguments[0] == "compare" ? 2 : 0))
      let run = try program.run(arguments + ["--metric", "importance_bound"])
      let hint =
        "no run has importance_bound: a sweep file that says 'measures: [likelihood]' has it measured"
      #expect(run.errors.contains(hint), "\(run.errors)")
      let known = try program.run(arguments)
      #expect(known.status == 0 && known.errors.isEmpty, "\(known.errors)")
    }
    // Grey pixels have no likelihood, but the bound.
    let grey = try program.folder.write(
      Array(
        """
        name: grey
        dataset: digits:200:50
        grid: {architecture: 784-16-2, seed: 0}
        train: {epochs: 1}
        measures: {likelihood: {draws: 5, images: 7}}

        """.utf8), to: "grey.yaml")
    #expect(try program.run("run", grey).status == 0)
    let summary = try program.run("summary", "grey.sqlite", "--metric", "nll")
    let hint = "no run has nll; of what was asked for, runs have importance_bound"
    #expect(summary.status == 0 && summary.errors.contains(hint), "\(summary.errors)")
    let bound = try program.run("summary", "grey.sqlite", "--metric", "importance_bound")
    #expect(bound.errors.contains("importance_bound is no likelihood"), "\(bound.errors)")
    func minutes(_ arguments: String...) throws -> Double? {
      let plan = try program.run(["plan", grey, "--format", "json"] + arguments).output
      let rows = try JSONSerialization.jsonObject(with: Data(plan.utf8)) as? [[String: Any]]
      return rows?.first?["core_minutes"] as? Double
    }
    // A million draws take far longer than one epoch.
    let long = try minutes("--set", "measures.likelihood.draws=1000000", "--set", "train.epochs=2")
    let short = try minutes("--set", "train.epochs=2")
    #expect(try #require(long) > #require(short))
  }

  @Test("luck answers for each set of comparable configurations, and summary in a line")
  func luck() throws {
    let program = try program()
    let text = try program.run("luck", "small.sqlite", "--format", "json").output
    let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
    let sets = try #require(parsed)
    #expect(
      sets.map { $0["configurations"] as? [String] } == [
        ["784-16-2,sampling=true", "784-16-8-3,sampling=true"],
        ["784-16-2,sampling=false", "784-16-8-3,sampling=false"],
      ])
    for set in sets {
      for member in [
        "metric", "share_explained", "share_explained_without_outermost", "risk",
        "seeds_until_right", "seeds_until_settled", "beats", "best_of",
      ] {
        #expect(set[member] != nil, "\(member)")
      }
    }
    let table = try program.run("luck", "small.sqlite")
    #expect(table.output.contains("of the variance of single runs"))
    #expect(try program.run("luck", "small.sqlite", "--format", "csv").output.hasPrefix("set,"))
    #expect(
      try program.run("summary", "small.sqlite").output
        .contains(
          "\narchitecture or luck, 2 configurations with sampling: the configuration explains "))
    let refused = try program.run("luck", "small.sqlite", "--metric", "generation_density")
    #expect(refused.status == 2)
    #expect(refused.errors.contains("generation_coverage tells which generates better"))
  }

  @Test("compare refuses totals with and without sampling, and pairs runs where it may compare")
  func sampling() throws {
    let program = try program()
    let refused = try program.run(
      "compare", "small.sqlite", "784-16-2", "784-16-2,sampling=false")
    #expect(refused.status == 2)
    #expect(refused.errors.contains("--metric test_reconstruction_at_mean"))
    let compared = try program.run(
      "compare", "small.sqlite", "784-16-2", "784-16-2,sampling=false", "--metric",
      "test_reconstruction_at_mean")
    #expect(compared.status == 0)
    #expect(compared.output.contains("On the same 6 seeds"))
    let unknown = try program.run("compare", "small.sqlite", "784-16-2", "784-16-9")
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("784-16-8-3"))
  }

  @Test("summary counts collapse under any threshold, and at five side by side")
  func collapse() throws {
    let program = try program()
    func summaries(_ threshold: String) throws -> [[String: Any]] {
      let text = try program.run(
        "summary", "small.sqlite", "--format", "json", "--threshold", threshold
      ).output
      return try #require(
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    }
    let all = try summaries("1e9")
    let collapsed = try #require(all.first?["collapsed"] as? [String: Any])
    #expect(collapsed["mean"] as? Double == 2)
    #expect(
      Set(all.first?.keys.map { $0 } ?? [])
        == Set(try summaries("0.01").first?.keys.map { $0 } ?? []))
    let table = try program.run("summary", "small.sqlite", "--collapse").output
    #expect(table.contains("< 0.001  < 0.003  < 0.01  < 0.03  < 0.1"))
    #expect(try program.run("summary", "small.sqlite", "--threshold", "0").status == 2)
  }

  @Test("seeds counts them for a width or for two configurations")
  func seeds() throws {
    let program = try program()
    let widths = try program.run(
      "seeds", "small.sqlite", "--mean-width", "1", "--sd-width", "0.5", "--format", "csv")
    #expect(widths.output.split(separator: "\n").count == 5)
    let tell = try program.run(
      "seeds", "small.sqlite", "--tell", "784-16-2", "784-16-8-3", "--power", "0.8")
    #expect(tell.output.contains("apart with power 0.8"))
    for (wrong, words) in [
      (["--power", "0.8"], "needs --mean-width or --sd-width"),
      (["--tell", "784-16-2"], "takes two configurations"), (["--mean-width", "0"], "above 0"),
      (["--mean-width", "1", "--power", "0.8"], "--power is for --tell"),
      (["--mean-width", "1", "--tell", "784-16-2", "784-16-8-3"], "one or the other"),
    ] {
      let answer = try program.run(["seeds", "small.sqlite"] + wrong)
      #expect(answer.status == 2, "\(wrong)")
      #expect(answer.errors.contains(words), "\(answer.errors)")
    }
  }

  @Test("export refuses an option that its table does not follow")
  func options() throws {
    let program = try program()
    for option in [["--threshold", "0.001"], ["--metric", "coverage"]] {
      for table in ["outcomes", "epochs", "latents"] {
        let answer = try program.run(["export", "small.sqlite", "--table", table] + option)
        #expect(answer.status == 2, "\(table) \(option)")
        #expect(answer.errors.contains("\(option[0]) is for --table comparisons"))
      }
      let taken = try program.run(
        ["export", "small.sqlite", "--table", "comparisons"] + option)
      #expect(taken.status == 0, "\(taken.errors)")
    }
  }
}
