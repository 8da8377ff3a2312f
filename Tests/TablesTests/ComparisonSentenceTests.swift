import Foundation
import Study
import Sweep
import Tables
import TestSupport
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

  @Test("are of levels where runs share seeds, and say so")
  func levels() throws {
    func nested(_ architecture: String, _ totals: [Double]) throws -> ConfigurationRuns {
      let configuration = try Configuration(architecture: Architecture(parsing: architecture), [:])
      let all = totals.enumerated().map { run, total in
        let number = UInt32(run)
        let seeds = Seeds(initialization: number / 3, order: number, noise: number)
        return Run(
          RunFixture.outcome(Point(configuration: configuration, seeds: seeds), total: total))
      }
      return ConfigurationRuns(
        configuration: configuration, counts: PointCounts(planned: all.count, ok: all.count),
        runs: all)
    }
    // Means 12, 13, 14, 15 and 9, 10, 9, 10: apart, though single runs are not.
    let comparison = try ConfigurationComparison(
      nested("784-8-2", [4, 12, 20, 13, 5, 21, 14, 6, 22, 15, 7, 23]),
      nested("784-16-2", [1, 9, 17, 10, 2, 18, 9, 1, 17, 10, 2, 18]), resampling: resampling)
    let text = ComparisonReport(comparison).render(.table)
    #expect(text.contains("Every level of 784-8-2 lies above every level of 784-16-2"))
    #expect(!text.contains("Every run of"))
    #expect(text.contains("standard deviations 1.29 and 0.58"), "\(text)")
    #expect(!text.contains("are equal)"))
    let plan = TellApartTable(comparison, power: 0.9).table.render(.csv)
    #expect(plan.contains("runs share seeds"), "\(plan)")
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

  @Test("name the side whose runs differ by no seed that matters")
  func alike() throws {
    func unsampled(_ architecture: String, _ seeds: (UInt32) -> Seeds) throws -> ConfigurationRuns {
      let configuration = try Configuration(
        architecture: Architecture(parsing: architecture), [.sampling: .bool(false)])
      let all = (0..<UInt32(5)).map { place in
        let point = Point(configuration: configuration, seeds: seeds(place))
        return Run(RunFixture.outcome(point, total: 100 + Double(point.seeds.order)))
      }
      return ConfigurationRuns(
        configuration: configuration, counts: PointCounts(planned: 5, ok: 5), runs: all)
    }
    let alike = try unsampled("784-256-2") { Seeds(initialization: 0, order: 0, noise: $0) }
    let text = try text(alike, try unsampled("784-16-2") { Seeds($0) })
    #expect(
      text.contains(
        "The means of 784-256-2 and 784-16-2 can't be compared: 784-256-2: its runs differ by no "
          + "seed that matters (without sampling the noise seed changes nothing)."))
    #expect(!text.contains("crossed"))
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
          /is 0\.10+ nats below that of 784-256-2 \(95 % interval from 0\.\d+ nats below to 0\.\d+ nats above, which includes 0\)/
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
    #expect((beside["mean_centred_p"] as? Double ?? 1) < 0.05)
    #expect(row["p"] as? Double == beside["median_centred_p"] as? Double)
    #expect((beside["median_centred_p"] as? Double ?? 0) > 0.05)
    #expect(abs((beside["ratio_without_outermost"] as? Double ?? 0) - 1) < 0.1)
    let sentence = row["sentence"] as? String ?? ""
    #expect(sentence.contains(" times without the outermost run of each): standard deviations "))
    let notes = (row["notes"] as? [String] ?? []).joined()
    #expect(notes.contains("few runs make the spread: centred on the means the permutation has p "))
    #expect(notes.contains("784-256-32-8-4: rare mode: sd unstable, the mean's t interval is not"))
  }
}
