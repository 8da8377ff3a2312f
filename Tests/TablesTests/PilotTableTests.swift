import Foundation
import Study
import Sweep
import Tables
import TestSupport
import Testing
import VAE

@Suite("Tables over the runs of a store")
struct PilotTableTests {
  /// Twenty runs each of a deep net, a quarter of which lost a latent and with it two nats, and of a
  /// flat one without sampling.
  private func configurations(seeds: UInt32 = 20) throws -> [ConfigurationRuns] {
    let grid = try RunFixture.grid(
      ["784-256-32-8-4"], seeds: seeds, axes: [.sampling: [.bool(true), .bool(false)]])
    var planned: [Grid.PlannedConfiguration] = []
    grid.forEachConfiguration {
      planned.append($0)
      return true
    }
    var runs = RunCollection(planned: planned)
    for (index, point) in grid.points {
      let seed = Int(point.seeds.shared ?? 0)
      let isSampled = point.configuration.sampling
      let collapsed = isSampled && seed % 4 == 0 ? 1 : 0
      runs.add(
        RunFixture.outcome(
          point,
          total: 150 + 2 * Double(collapsed) + Double(seed * 7 % 11) / 10
            + (isSampled ? 0.5 + Double(index % 3) / 10 : 0), collapsed: collapsed))
    }
    return runs.all
  }

  @Test("collapse stands at five thresholds, beside the variance that goes with it")
  func collapse() throws {
    let table = CollapseTable(try configurations())
    let text = table.render(.csv)
    let lines = text.split(separator: "\n")
    #expect(
      lines[0]
        == "configuration,ok,diverged,failed,missing,collapsed_at_0.001,collapsed_at_0.003,"
        + "collapsed_at_0.01,collapsed_at_0.03,collapsed_at_0.1,collapsed_by_kl,modes,variance_between,"
        + "variance_within,share_explained,note,dead_units")
    // Without sampling there is nothing to count.
    #expect(lines.count == 2)
    #expect(lines[1].hasPrefix("784-256-32-8-4,20,0,0,0,0,0.25,0.25,0.25,0.25,"))
    let json = try JSONSerialization.jsonObject(with: Data(table.render(.json).utf8))
    let object = try #require((json as? [[String: Any]])?.first)
    let variance = try #require(object["variance"] as? [String: Any])
    // Every run of the fixture has three dead units: nothing to go with collapse.
    let dead = try #require((object["dead_units"] as? [[String: Any]])?.first)
    #expect(dead["layer"] as? String == "encoder_1")
    #expect(dead["units"] as? Int == 256)
    #expect(dead["mean"] as? Double == 3)
    #expect(dead["spearman_rho"] is NSNull)
    #expect((dead["whole_layer_dead"] as? [Any])?.isEmpty == true)
    let plain = table.render(.table)
    #expect(plain.contains("784-256-32-8-4  encoder_1    256  20  "))
    let share = try #require(variance["share_explained"] as? Double)
    #expect(share > 0.7 && share < 1)
    #expect((variance["modes"] as? [Any])?.count == 2)
    #expect(CollapseTable([]).render(.json) == "[]\n")
  }

  @Test("a small share of the variance is shown with the digits of its interval")
  func share() throws {
    // The weight makes three parts in ten thousand of the variance.
    let configurations = try (1...5).map { weight in
      let configuration = try Configuration(
        architecture: Architecture(parsing: "784-256-2"), [.perturb: .string("\(weight)@5")])
      let runs = (0..<30).map { seed in
        Run(
          RunFixture.outcome(
            Point(configuration: configuration, seeds: Seeds(UInt32(seed))),
            total: 100 + Double(seed * 7 % 30) + Double((seed + weight) * 11 % 13) / 25))
      }
      return ConfigurationRuns(
        configuration: configuration, counts: PointCounts(planned: 30, ok: 30), runs: runs)
    }
    let text = PerturbationTable(configurations).render(.table)
    let found = try #require(text.firstMatch(of: /(0\.\d+)\s+(0\.\d+) to (0\.\d+)/), "\(text)")
    let shown = try [found.1, found.2, found.3].map { try #require(Double($0)) }
    #expect(0 < shown[1] && shown[1] < shown[0] && shown[0] < shown[2] && shown[2] < 0.001)
    let json = try JSONSerialization.jsonObject(
      with: Data(PerturbationTable(configurations).render(.json).utf8))
    let share = try #require((json as? [[String: Any]])?.first?["share"] as? Double)
    #expect(abs(share - shown[0]) < 0.000_01)
  }

  @Test("a crossed design that lacks a cell has a line with its counts")
  func gap() throws {
    let configuration = try Configuration(
      architecture: Architecture(parsing: "784-256-2"), [:])
    let runs = (0..<8).map { place in
      Run(
        RunFixture.outcome(
          Point(
            configuration: configuration,
            seeds: Seeds(initialization: UInt32(place / 3), order: UInt32(place % 3), noise: 0)),
          total: 100 + Double(place)))
    }
    let table = VarianceTable([
      ConfigurationRuns(
        configuration: configuration, counts: PointCounts(planned: 9, ok: 8, diverged: 1),
        runs: runs)
    ])
    #expect(!table.isEmpty)
    let line = try #require(table.render(.csv).split(separator: "\n").last)
    #expect(
      line
        == "784-256-2,,\"crossed, 3 × 3\",8,1,0,0,,,,,,1 diverged and 0 failed runs left out; "
        + "8 of 9 cells: no decomposition")
  }

  @Test("seeds are counted for the interval of the mean and of the spread")
  func seeds() throws {
    let aim = SeedTable.Aim(meanWidth: 0.5, deviationWidth: 0.5)
    let table = SeedTable(try configurations(), aim: aim).table
    #expect(table.rows.count == 2)
    let lines = table.render(.csv).split(separator: "\n")
    #expect(
      lines[0]
        == "configuration,pilot_runs,diverged,failed,missing,sd,seeds_for_mean,"
        + "seeds_for_mean_cautious,seeds_for_sd,note")
    for (line, row) in zip(lines.dropFirst(), try configurations()) {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let sd = try #require(row.sample(.testTotalLast5).standardDeviation)
      #expect(
        cells.dropFirst(2).contains("\(try #require(SeedPlan.forMean(width: 0.5, deviation: sd)))"))
    }
    #expect(table.caption.contains { $0.contains("a 95 % interval 0.5 nats wide") })
    let share = SeedTable(
      try configurations(), metric: .generationCoverage, aim: SeedTable.Aim(meanWidth: 0.05)
    ).table
    #expect(share.caption.contains { $0.contains("a 95 % interval 0.05 wide") })
    let few = SeedTable(
      try configurations(seeds: 1), aim: SeedTable.Aim(meanWidth: 1)
    ).table.render(.table)
    #expect(few.contains("a pilot takes two runs at least"))
  }

  @Test("seeds are counted from a pilot that lost too many runs with the words of a comparison")
  func lost() throws {
    var all = try configurations()
    all[1].counts = PointCounts(planned: 20, ok: 18, diverged: 2)
    let notes = SeedTable(all, aim: SeedTable.Aim(meanWidth: 0.5)).table.rows.map {
      $0.last?.shown() ?? ""
    }
    let words = "diverged, more than 5 %: those left may not stand for all"
    #expect(!notes[0].contains(words))
    #expect(notes[1].contains("2 of 20 runs \(words)"))
    let comparison = try ConfigurationComparison(
      all[0], all[1], metric: .testReconstructionAtMean)
    let name = all[1].configuration.told(apartFrom: all.map(\.configuration))
    let caution = "2 of 20 runs of \(name) \(words)"
    let tell = TellApartTable(comparison, power: 0.9).table
    // Once for a person, on a line of its own; in every row for a program.
    let lines = tell.render(.table).split(separator: "\n").map(String.init)
    #expect(lines.filter { $0.contains(words) } == [caution])
    for row in tell.rows { #expect(row.last?.json.compact.contains(caution) == true) }
    #expect(
      ComparisonReport(comparison).render(.table).hasSuffix(
        "\n\(caution).\n"))
  }

  @Test("seeds to tell two configurations apart are counted alone and in pairs")
  func tell() throws {
    let all = try configurations()
    let comparison = try ConfigurationComparison(
      all[0], all[1], metric: .testReconstructionAtMean)
    let table = TellApartTable(comparison, power: 0.9).table
    #expect(
      table.rows.map { $0[0].shown() } == [
        "independent seeds (Welch)", "shared seeds (paired t)",
      ])
    for row in table.rows {
      guard case .integer(let seeds) = row[5], case .integer(let cautious) = row[6] else {
        Issue.record("no number of seeds: \(row)")
        continue
      }
      #expect(seeds >= 2 && seeds < cautious)
    }
    let modes = "784-256-32-8-4,sampling=true: sd interval optimistic: modes differ"
    #expect(table.caption.contains(modes), "\(table.caption)")
    let report = try JSONSerialization.jsonObject(
      with: Data(ComparisonReport(comparison).render(.json).utf8))
    let rows = (report as? [String: Any])?["comparisons"] as? [[String: Any]]
    let paired = rows?.first { $0["comparison"] as? String == "paired_mean" }
    #expect((paired?["notes"] as? [String])?.contains(modes) == true, "\(rows ?? [])")
    let none = try configurations(seeds: 1)
    let nothing = try ConfigurationComparison(
      none[0], none[1], metric: .testReconstructionAtMean)
    #expect(
      TellApartTable(nothing, power: 0.9).table.render(.table)
        .contains("a pilot takes two runs of each, not all equal"))
  }
}
