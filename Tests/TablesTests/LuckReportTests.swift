import Foundation
import Study
import Sweep
import Tables
import TestSupport
import Testing
import VAE

@Suite("The report of architecture and luck")
struct LuckReportTests {
  /// Six runs each of three nets, one of which is far off and one close to the best.
  private func report(
    _ nets: [String] = ["784-16-2", "784-32-2", "784-64-2"]
  ) throws -> LuckReport {
    let grid = try RunFixture.grid(nets, seeds: 6)
    var runs = RunCollection(planned: [] as [Grid.PlannedConfiguration])
    for (_, point) in grid.points {
      let width = point.configuration.architecture.hidden[0]
      let bases: [Int: Double] = [16: 150, 32: 150.2, 64: 170]
      let base = bases[width] ?? 0
      let seed = Int(point.seeds.shared ?? 0)
      runs.add(
        RunFixture.outcome(point, total: base + Double(seed * 5 % 7) / 4, collapsed: seed % 2))
    }
    let found = try LuckAnswer(runs.all, resampling: Resampling(replicates: 999, seed: 1))
    return LuckReport(found, names: .telling(runs.all.map(\.configuration)))
  }

  @Test("is an object per set, with the members that programs read first")
  func json() throws {
    let text = try report().render(.json)
    let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
    let set = try #require(parsed?.first)
    #expect(parsed?.count == 1)
    #expect(set["metric"] as? String == "test_total_last5")
    #expect(set["configurations"] as? [String] == ["784-16-2", "784-32-2", "784-64-2"])
    let share = try #require(set["share_explained"] as? [String: Any])
    #expect(Set(share.keys) == ["value", "ci95"])
    #expect((share["value"] as? Double ?? 0) > 0.99)
    #expect((share["ci95"] as? [Double])?.count == 2)
    #expect(set["share_explained_without_outermost"] is [String: Any])
    let risk = try #require(set["risk"] as? [[String: Any]])
    #expect(risk.prefix(3).map { $0["k"] as? Int } == [1, 2, 3])
    #expect(risk[0].keys.contains("wrong_choice") && risk[0].keys.contains("cost"))
    #expect(set["seeds_until_right"] is Int)
    let beats = try #require(set["beats"] as? [[String: Any]])
    #expect(
      beats.map { "\($0["a"] ?? "") \($0["b"] ?? "")" } == [
        "784-16-2 784-32-2", "784-16-2 784-64-2", "784-32-2 784-64-2",
      ])
    #expect(beats[1]["probability"] as? Double == 1)
    let best = try #require(set["best_of"] as? [[String: Any]])
    #expect(best.count == 18)
    #expect(best[0]["configuration"] as? String == "784-16-2")
    #expect(best[5]["expected"] as? Double == 150)
  }

  @Test("names a few of many that are not told apart, and counts the others")
  func manyTied() throws {
    let nets = ["784-16-2"] + (3...12).map { "784-32-\($0)" }
    let words = try report(nets).render(.table)
    #expect(
      words.contains(
        "holds 0): \((3...10).map { "784-32-\($0)" }.joined(separator: "; ")); and 2 more. The best"
      ),
      "\(words)")
    let text = try report(nets).render(.json)
    let sets = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
    #expect((sets?.first?["not_told_apart"] as? [String])?.count == 10)
  }

  @Test("says once why several configurations are left out")
  func leftOut() throws {
    let grid = try RunFixture.grid(
      ["784-16-2", "784-32-2"], seeds: 3,
      axes: [.perturb: [.null] + (0..<5).map { ParameterValue.string("\($0)@0") }])
    var runs = RunCollection(planned: [] as [Grid.PlannedConfiguration])
    for (index, point) in grid.points {
      runs.add(RunFixture.outcome(point, total: 100 + Double(index % 7)))
    }
    let found = try LuckAnswer(runs.all, resampling: Resampling(replicates: 199, seed: 1))
    let report = LuckReport(found, names: .telling(runs.all.map(\.configuration)))
    #expect(report.leftOut.count == 1)
    #expect(report.leftOut[0].hasPrefix("left out: 784-16-2,perturb=0@0; 784-16-2,perturb=1@0; "))
    #expect(report.leftOut[0].contains("; 784-32-2,perturb=4@0: runs of other points"))
  }

  @Test("answers in words a person reads once")
  func words() throws {
    let text = try report().render(.table)
    #expect(text.hasPrefix("3 configurations with sampling, 6 runs each; test_total_last5"))
    #expect(text.contains("The configuration explains 9"))
    #expect(text.contains("Who trains each once and takes the best misses 784-16-2"))
    #expect(
      text.contains("Not told apart from 784-16-2 (Welch's 95 % interval holds 0): 784-32-2."))
    #expect(text.contains("percentiles over 999 resamples"))
    #expect(text.contains("P(A beats B)"))
    #expect(try report().render(.markdown).contains("\n- The configuration explains "))
    let csv = try report().render(.csv).split(separator: "\n")
    #expect(csv[0] == "set,metric,figure,a,b,k,value,ci95_low,ci95_high,note")
    #expect(csv.contains { $0.hasPrefix("1,test_total_last5,beats,784-16-2,784-32-2,,") })
    // Six runs give three without replacement.
    let choices = csv.filter { $0.hasPrefix("1,test_total_last5,wrong_choice,") }
    #expect(!choices[2].contains("with replacement"))
    #expect(choices[3].contains("with replacement"))
  }

  /// A report of runs whose totals are given for each architecture, all with `train`.
  private func report(
    _ totals: KeyValuePairs<String, [Double]>, train: [TrainKey: ParameterValue] = [:],
    seeds: (UInt32) -> Seeds = { Seeds($0) }
  ) throws -> LuckReport {
    var runs = RunCollection(planned: [] as [Grid.PlannedConfiguration])
    for (architecture, own) in totals {
      let configuration = try Configuration(
        architecture: Architecture(parsing: architecture), train)
      for (seed, total) in own.enumerated() {
        let point = Point(configuration: configuration, seeds: seeds(UInt32(seed)))
        runs.add(RunFixture.outcome(point, total: total))
      }
    }
    let found = try LuckAnswer(runs.all, resampling: Resampling(replicates: 199, seed: 1))
    return LuckReport(found, names: .telling(runs.all.map(\.configuration)))
  }

  @Test("says what risk few runs leave open where none is seen, and what of it is flattery")
  func unseenRisk() throws {
    let text = try report(["784-16-2": [1, 2, 3], "784-32-2": [7, 8, 9]]).render(.table)
    #expect(
      text.contains(
        "Of these runs one of each always shows 784-16-2, the best; the 95 % intervals of who beats "
          + "whom still allow that it loses to another in 70.8 % of cases."))
    #expect(text.contains("The best is judged by the same runs, so that the risk is too low"))
    #expect(
      text.contains("simulations of 2 configurations with 3 runs each, the nearest that"))
  }

  @Test("tells of one configuration by itself that all is luck, and what that goes with")
  func alone() throws {
    let totals = [1, 1.2, 0.9, 5, 5.1, 4.8, 9, 9.2, 9.1]
    let own = try report(["784-16-2": totals]) {
      Seeds(initialization: $0 / 3, order: $0, noise: $0)
    }
    #expect(own.leftOut.isEmpty)
    let text = own.render(.table)
    #expect(text.hasPrefix("784-16-2 by itself, 9 runs; test_total_last5 in nats per image\n"))
    #expect(
      text.contains(
        "784-16-2 has nothing to be compared with: what differs between its runs is luck, an sd of "
          + "4.04 nats over 9 runs of 3 levels of init_seed, from 0.90 to 9.20."))
    #expect(text.contains("Of this luck 99."))
    #expect(
      text.contains(" goes with init_seed, the rest with order_seed and noise_seed, by themse"))
    #expect(text.contains("\nFewer than 30 levels or 5 redraws: the intervals hold too rarely."))
    #expect(own.render(.markdown).contains("\n\n- 784-16-2 has nothing"))
    let sets =
      try JSONSerialization.jsonObject(with: Data(own.render(.json).utf8)) as? [[String: Any]]
    let set = try #require(sets?.first)
    #expect(sets?.count == 1)
    #expect(set["configurations"] as? [String] == ["784-16-2"])
    let seeds = try #require((set["luck_by_seed"] as? [[String: Any]])?.first)
    #expect(seeds["seeds"] as? [String] == ["init_seed"])
    #expect((seeds["share"] as? Double ?? 0) > 0.99)
    // As of a set.
    let other = try report().render(.json)
    let usual = try JSONSerialization.jsonObject(with: Data(other.utf8)) as? [[String: Any]]
    #expect(Set(set.keys) == Set((usual?.first ?? [:]).keys))
    let lines = own.render(.csv).split(separator: "\n")
    #expect(
      lines.contains { $0.hasPrefix("1,test_total_last5,luck_by_seed,784-16-2,init_seed,,0.99") })
  }

  @Test("tells of three crossed seeds what goes with each, and then what goes with several")
  func threeCrossedSeeds() throws {
    // Two levels each, which move a run by 4, 2 and 1, and a last digit that needs all three.
    let totals: [Double] = [0, 4, 2, 6, 1, 5, 3, 7.1]
    let text = try report(["784-16-2": totals]) {
      Seeds(initialization: $0 & 1, order: $0 >> 1 & 1, noise: $0 >> 2 & 1)
    }.render(.table)
    let lines = text.split(separator: "\n")
    let answer = try #require(lines.first { line in line.hasPrefix("Of this luck ") })
    #expect(answer.hasSuffix(" goes with noise_seed, the rest with several of them together."))
    #expect(!answer.contains("×"))
    #expect(answer.contains(" goes with init_seed, ") && answer.contains(" goes with order_seed, "))
    let together = try #require(lines.first { $0.hasPrefix("With several seeds together: ") })
    #expect(together.split(separator: ",").count == 4)
    #expect(together.hasSuffix(" goes with init_seed × order_seed × noise_seed."))
  }

  @Test("says that more runs mislead more, for a while, where one in many lies far off")
  func rareRun() throws {
    let rare = [Double](repeating: 0, count: 38) + [70]
    let found = try report(["784-16-2": rare, "784-32-2": [Double](repeating: 10.5, count: 39)])
    #expect(
      found.render(.table).contains(
        "By the mean of more it is wrong again, in 15.4 % of cases at 6, since a run that lies far off "
          + "weighs on a mean, and from 7 on it is right in at least 95 %."))
    let json = found.render(.json)
    #expect(json.contains("\"seeds_until_right\": 1,"))
    #expect(json.contains("\"seeds_until_settled\": 7,"))
    #expect(found.render(.csv).contains("seeds_until_settled"))
    // Right by ten of twenty without replacement and wrong by eleven with it: no run lies far off.
    let values = (0..<20).map { StandardNormal.quantile((Double($0) + 0.5) / 20) }
    let plain = try report(["784-16-2": values, "784-32-2": values.map { $0 + 0.55 }])
    #expect(
      plain.render(.table).contains(
        "With 10 runs of each it is right in at least 95 %, if the means lie as those of these runs, which "
          + "do not tell the other apart from the best."))
    #expect(plain.render(.json).contains("\"seeds_until_settled\": 10,"))
  }

  @Test("says what a wrong choice loses, and what that is over all choices")
  func losses() throws {
    // A run of the second is chosen where the first shows its 3: by one draw in three, 0.6 worse.
    let text = try report(["784-16-2": [1, 2, 3], "784-32-2": [2.5, 2.6, 2.7]]).render(.table)
    #expect(
      text.contains(
        "misses 784-16-2, the best on average, in 33.3 % of cases, and then loses 0.60 nats on average "
          + "(0.20 over all choices)."))
  }

  @Test("names the configuration that nearly all of the luck is of")
  func loudest() throws {
    let calm = [1, 1.1, 1.2, 1.05]
    let text = try report(["784-16-2": calm, "784-32-2": [2, 900, 50, 3]]).render(.table)
    #expect(text.contains(", of which nearly all is that of 784-32-2 alone; such an interval"))
    let even = try report(["784-16-2": calm, "784-32-2": calm.map { $0 + 1 }]).render(.table)
    #expect(!even.contains("alone; such"))
  }

  @Test("quotes the simulations with a rare mode where there is one, in words and under a summary")
  func rareMode() throws {
    func told(collapsed: Int) throws -> (report: String, line: String) {
      let grid = try RunFixture.grid(["784-16-2", "784-32-2"], seeds: 20)
      var runs = RunCollection(planned: [] as [Grid.PlannedConfiguration])
      for (_, point) in grid.points {
        let seed = Int(point.seeds.shared ?? 0)
        let isFar = seed == 7
        runs.add(
          RunFixture.outcome(
            point, total: 150 + Double(seed * 5 % 7) / 4 + (isFar ? 60 : 0),
            collapsed: isFar ? collapsed : 0))
      }
      let resampling = Resampling(replicates: 199, seed: 1)
      let found = try LuckAnswer(runs.all, resampling: resampling)
      let report = LuckReport(found, names: .telling(runs.all.map(\.configuration)))
      let brief = LuckInBrief.all(runs.all, resampling: resampling).compactMap(\.line)
      return (report.render(.table), brief.joined())
    }
    let held = SimulatedCoverage.ofShare(configurations: 2, runs: 20)
    #expect(held.rareMode == 0.4 && held.plain == 0.85)
    let rare = try told(collapsed: 2)
    #expect(rare.report.contains("held in as little as 40 % of simulations, not 95 %."))
    #expect(rare.report.contains("without a rare mode, and in 40 % with one, as some of these"))
    #expect(rare.line.contains("held in as little as 40 %, not 95 %: there is a rare mode"))
    // The same figures, of which nothing says that they are a mode.
    let plain = try told(collapsed: 0)
    // Twenty runs may well have missed one.
    #expect(
      plain.report.contains(
        "held in as little as 85 % of simulations, 40 % with a rare mode, not 95 %."))
    #expect(plain.line.hasSuffix("held in as little as 85 %, 40 % with a rare mode, not 95 %)"))
  }

  @Test("names all of those that are equally the best")
  func ties() throws {
    let text = try report([
      "784-16-2": [1, 2, 6], "784-32-2": [1, 2, 6], "784-64-2": [3, 4, 5],
    ]).render(.table)
    #expect(
      text.contains(
        "takes the best misses one of 784-16-2 and 784-32-2, which are equally the best on average")
    )
    #expect(
      try report(["784-16-2": [1, 2, 3], "784-32-2": [1, 2, 3]]).render(.table)
        .contains("784-16-2 and 784-32-2 do equally well: no choice between them is wrong."))
  }

  @Test("calls levels levels, in words, captions and JSON")
  func levels() throws {
    let nested = try report(
      [
        "784-16-2": [1, 3, 2, 4, 3, 5], "784-32-2": [5, 9, 6, 8, 9, 9],
      ],
      seeds: { Seeds(initialization: $0 / 2, order: $0, noise: $0) })
    let text = nested.render(.table)
    #expect(
      text.hasPrefix(
        "2 configurations with sampling, 3 levels each (a level is the mean over the runs that share "
          + "its seed); test_total_last5"))
    #expect(text.contains("of the variance of levels, the luck of the seeds"))
    #expect(text.contains("Of these levels one of each always shows 784-16-2, the best"))
    #expect(text.contains("how likely a level of A beats a level of B"))
    #expect(text.contains("784-16-2: runs share seeds: "))
    #expect(text.contains("which varies less than a single run does."))
    #expect(!text.contains("variance of single runs"))
    #expect(text.contains("of the luck of single runs goes with init_seed."))
    #expect(nested.render(.json).contains("\"unit\": \"level\""))
    #expect(try report().render(.json).contains("\"unit\": \"run\""))
  }

  @Test("tells sets apart by what their members share")
  func kinds() throws {
    let totals: KeyValuePairs = ["784-16-2": [1.0, 2, 3], "784-32-2": [3, 5, 7]]
    func head(_ train: [TrainKey: ParameterValue]) throws -> String {
      String(try report(totals, train: train).render(.table).prefix { $0 != ";" })
    }
    #expect(try head([:]) == "2 configurations with sampling, 3 runs each")
    #expect(
      try head([.sampling: .bool(false), .loss: .string("mse")])
        == "2 configurations without sampling, loss mse, 3 runs each")
    #expect(
      try head([.binarize: .string("dynamic"), .klWeight: .double(0.5)])
        == "2 configurations with sampling, binarize dynamic, kl_weight 0.5, 3 runs each")
  }
}
