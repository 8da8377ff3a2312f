import Foundation
import Report
import Study
import Sweep
import Testing
import VAE

@Suite("The sentences of a comparison")
struct ComparisonSentenceTests {
  private let resampling = Resampling(replicates: 999, seed: 1)

  private func runs(
    _ architecture: String, _ totals: [Double], collapsed: (Int) -> Int = { _ in 0 },
    coverage: Double? = nil
  ) throws -> ConfigurationRuns {
    let configuration = try Configuration(architecture: Architecture(parsing: architecture), [:])
    let all = totals.enumerated().map { seed, total in
      var study = StudyMeasures()
      study[.coverage] = coverage.map { $0 + Double(seed) / 10_000 }
      return Run(
        RunFixture.outcome(
          Point(configuration: configuration, seeds: Seeds(UInt32(seed))), total: total,
          collapsed: collapsed(seed), study: study))
    }
    return ConfigurationRuns(
      configuration: configuration, counts: PointCounts(planned: all.count, ok: all.count),
      runs: all)
  }

  private func text(
    _ first: ConfigurationRuns, _ second: ConfigurationRuns, _ metric: Metric = .testTotalLast5,
    _ format: OutputFormat = .table
  ) throws -> String {
    ComparisonReport(
      try ConfigurationComparison(first, second, metric: metric, resampling: resampling)
    ).render(format)
  }

  private func losses(_ n: Int, about mean: Double) -> [Double] {
    (0..<n).map { mean + sin(Double($0 * $0)) }
  }

  @Test("tell no variation from too few runs")
  func constant() throws {
    let text = try text(
      runs("784-256-8-2", losses(20, about: 100)), runs("784-256-2", losses(50, about: 100)))
    #expect(
      text.contains(
        "On average 0.00 latents of 784-256-8-2 and 0.00 of 784-256-2 collapsed (the same number in "
          + "all 20 and in all 50 runs: no interval)."))
    #expect(!text.contains("too few runs for an interval"))
    let still = try self.text(
      runs("784-256-8-2", [Double](repeating: 3, count: 20)), runs("784-256-2", [5, 5, 5]))
    #expect(
      still.contains(
        "can't be compared: 784-256-8-2 does not vary, 3.00 in all 20 runs; 784-256-2 does not vary, "
          + "5.00 in all 3 runs."))
    let few = try self.text(runs("784-256-8-2", losses(5, about: 1)), runs("784-256-2", [1, 1.5]))
    #expect(few.contains("(too few runs for an interval)"))
    let none = try self.text(runs("784-256-8-2", [1]), runs("784-256-2", [1, 1.5]))
    #expect(
      none.contains("that takes two runs of each with test_total_last5, and they have 1 and 2"))
  }

  @Test("print intervals in the direction of their words, and both where it is open")
  func direction() throws {
    let (low, high) = (losses(20, about: 100), losses(20, about: 101.5))
    let below = try text(runs("784-256-8-2", low), runs("784-256-2", high))
    #expect(
      below.firstMatch(
        of: /is 1\.50 nats below that of 784-256-2 \(95 % interval 1\.0\d to 1\.9\d nats below\)/)
        != nil)
    let above = try text(runs("784-256-8-2", high), runs("784-256-2", low))
    #expect(
      above.firstMatch(
        of: /is 1\.50 nats above that of 784-256-2 \(95 % interval 1\.0\d to 1\.9\d nats above\)/)
        != nil)
    let open = try text(runs("784-256-8-2", low), runs("784-256-2", losses(20, about: 100.1)))
    #expect(
      open.firstMatch(
        of:
          /is 0\.10+ nats below that of 784-256-2 \(95 % interval from 0\.\d+ nats below to 0\.\d+ nats above, which includes no difference\)/
      ) != nil)
    #expect(!(below + above + open).contains("includes none"))
  }

  @Test("print the interval where no run lies beside one of the other")
  func separated() throws {
    let text = try text(
      runs("784-256-8-2", losses(20, about: 200)), runs("784-256-2", losses(20, about: 100)))
    #expect(
      text.contains(
        "Every run of 784-256-8-2 lies above every run of 784-256-2 in test_total_last5: the "
          + "probability that a run lies below is 0.00 (95 % interval 0.00 to 0.17)."))
  }

  @Test("show a metric with its own decimals, and name no worst run where more is better")
  func decimals() throws {
    let first = try runs("784-256-8-2", losses(20, about: 100), coverage: 0.01)
    let second = try runs("784-256-2", losses(20, about: 100), coverage: 0.02)
    let table = try text(first, second, .coverage)
    #expect(table.contains("0.0109 ± 0.0003"))
    #expect(table.contains("0.0100  0.0119"))
    #expect(first.worst(.coverage) == nil)
    #expect(first.worst(.testTotal) != nil)
    let json = try JSONSerialization.jsonObject(
      with: Data(try text(first, second, .coverage, .json).utf8))
    let side = (json as? [String: Any])?["a"] as? [String: Any]
    #expect(side?["worst"] is NSNull)
  }

  @Test("tell what is left of a spread where few runs make most of it")
  func caution() throws {
    let first = try runs("784-256-32-8-4", [170] + losses(19, about: 100)) { $0 == 0 ? 4 : 0 }
    let second = try runs("784-256-32-4", losses(20, about: 100))
    let json = try JSONSerialization.jsonObject(
      with: Data(try text(first, second, .testTotalLast5, .json).utf8))
    let rows = (json as? [String: Any])?["comparisons"] as? [[String: Any]]
    let row = try #require(rows?.first { $0["comparison"] as? String == "spread" })
    let beside = try #require(row["beside"] as? [String: Any])
    #expect((row["p"] as? Double ?? 1) < 0.05)
    #expect((beside["median_centred_p"] as? Double ?? 0) > 0.05)
    #expect(abs((beside["ratio_without_outermost"] as? Double ?? 0) - 1) < 0.1)
    let sentence = row["sentence"] as? String ?? ""
    #expect(sentence.contains(" times without the outermost run of each): standard deviations "))
    let notes = (row["notes"] as? [String] ?? []).joined()
    #expect(notes.contains("the same permutation centred on the medians has p = "))
  }
}

@Suite("The comparisons of a page")
struct ComparisonPageTests {
  private func page(_ contents: ReportContents) throws -> String {
    let files = try StudyReport(contents, kinds: [:], version: "0").files()
    return String(decoding: try #require(files.first).bytes, as: UTF8.self)
  }

  private func contents(
    _ architectures: [String], seeds: UInt32, total: (Point, Int) -> Double?,
    collapsed: (Point, Int) -> Int = { _, _ in 0 }
  ) throws -> ReportContents {
    let grid = try RunFixture.grid(
      architectures, seeds: seeds, axes: [.sampling: [.bool(true), .bool(false)]])
    var contents = ReportContents(
      sweeps: [], datasetDigest: "", trainerVersion: 1, planned: Grid.plannedOnce([grid]),
      resampling: Resampling(replicates: 999, seed: 1))
    for (_, point) in grid.points {
      let seed = Int(point.seeds.shared ?? 0)
      contents.add(
        RunFixture.outcome(
          point, total: total(point, seed), collapsed: collapsed(point, seed)),
        receipt: RunFixture.receipt)
    }
    return contents
  }

  @Test("call configurations in sentences as in headings, and say what bold type means")
  func names() throws {
    let page = try page(
      try contents(["784-256-2", "784-32-2"], seeds: 20) { point, seed in
        (point.configuration.architecture.hidden == [256] ? 100 : 200) + sin(Double(seed * seed))
      })
    #expect(page.contains("<h3>784-256-2 with sampling against 784-32-2 with sampling</h3>"))
    #expect(
      page.contains("<b>The mean test_total_last5 of 784-256-2 with sampling is 100.00 nats below"))
    #expect(!page.contains("784-256-2,sampling=true"))
    #expect(page.contains("A sentence is bold where q &lt; 0.05"))
    #expect(page.contains(" q &lt; 0.0001."))
    #expect(!page.contains("q = &lt;"))
  }

  @Test("that stand on a rare mode are not bold")
  func rareMode() throws {
    func isLost(_ point: Point, _ seed: Int) -> Bool {
      seed == 3 && point.configuration.sampling && point.configuration.architecture.hidden == [256]
    }
    let page = try page(
      try contents(
        ["784-256-4", "784-32-4"], seeds: 20,
        total: { 100 + sin(Double($1 * $1)) + (isLost($0, $1) ? 70 : 0) },
        collapsed: { isLost($0, $1) ? 4 : 0 }))
    #expect(page.contains("<li>Over seeds 784-256-4 with sampling varies "))
    #expect(!page.contains("<b>Over seeds 784-256-4 with sampling varies "))
  }

  @Test("name the pairs that are left out for want of runs")
  func scarce() throws {
    let all = try contents(["784-256-2", "784-32-2"], seeds: 3) { point, seed in
      point.configuration.architecture.hidden == [32] && !point.configuration.sampling && seed > 0
        ? nil : 100 + Double(seed)
    }
    let page = try page(all)
    #expect(
      page.contains(
        "2 pairs are left out for want of runs, as a side has fewer than two: 784-256-2 without "
          + "sampling against 784-32-2 without sampling; 784-32-2 with sampling against 784-32-2 "
          + "without sampling."))
  }

  @Test("stand beside a glossary of every measure, with its direction")
  func glossary() throws {
    let page = try page(
      try contents(["784-256-2"], seeds: 2) { _, seed in 100 + Double(seed) })
    for metric in Metric.allCases {
      #expect(page.contains("<code>\(metric.rawValue)</code>"), "\(metric)")
    }
    #expect(page.contains("<b>lower is better</b>"))
  }

  @Test("and figures of collapse name the runs of which a whole layer is dead")
  func deadLayers() throws {
    let grid = try RunFixture.grid(["784-256-8-4"], seeds: 20)
    var contents = ReportContents(
      sweeps: [], datasetDigest: "", trainerVersion: 1, planned: Grid.plannedOnce([grid]))
    for (index, point) in grid.points {
      contents.add(
        RunFixture.outcome(
          point, total: 100 + Double(index), collapsed: index == 7 ? 4 : 0,
          dead: [
            DeadUnits(layer: "encoder_1", count: 40 + index % 5),
            DeadUnits(layer: "encoder_2", count: index == 7 ? 8 : 1),
          ]), receipt: RunFixture.receipt)
    }
    let page = try page(contents)
    #expect(page.contains("784-256-8-4: all 8 units of encoder_2 are dead in seed 7."))
    #expect(page.contains("<td>encoder_2</td><td class=\"number\">8</td>"))
  }
}
