import Study
import Sweep
import Tables
import TestSupport
import Testing
import VAE

@Suite("The table of a summary")
struct SummaryTableTests {
  private func summary(by keys: String? = nil) throws -> SummaryTable {
    let grid = try RunFixture.grid(
      ["784-256-2", "784-256-32-8-4"], seeds: 12,
      axes: [.sampling: [.bool(true), .bool(false)]], train: [.epochs: .int(5)])
    var outcomes: [Outcome] = []
    for (index, point) in grid.points where index != 5 {
      let total = 150 + Double(index * 7 % 11) / 10
      if index == 9 {
        outcomes.append(RunFixture.outcome(point, total: nil))
      } else {
        outcomes.append(RunFixture.outcome(point, total: total, collapsed: index % 8 == 2 ? 1 : 0))
      }
    }
    var planned: [Grid.PlannedConfiguration] = []
    grid.forEachConfiguration {
      planned.append($0)
      return true
    }
    return SummaryTable(
      summarise(
        outcomes, planned: planned,
        by: try keys.map { text throws in try ConfigurationKey.list(parsing: text) }))
  }

  @Test("is compact for a person")
  func plain() throws {
    #expect(
      try summary().render(.table) == """
        test_total_last5 in nats per image over seeds, mean ± 95 % interval
        epochs 5, batch_size 128, optimizer adam, learning_rate 0.001, others at their defaults
        totals with and without sampling are not comparable: compare reconstruction_at_mean
        architecture    sampling     ok  diverged  missing  error          reconstruction_at_mean  sd                    min  median     max  worst run  collapsed  histogram  note
        784-256-2       true      12/12         0        0  150.46 ± 0.22  144.46 ± 0.22           0.35 [0.26, 0.49]  150.00  150.45  151.00  seed 9          0.00  0:12
        784-256-2       false     10/12         1        1  150.52 ± 0.23  144.52 ± 0.23           0.33 [0.22, 0.53]  150.00  150.55  151.00  seed 6             –  –
        784-256-32-8-4  true      12/12         0        0  150.48 ± 0.20  144.48 ± 0.20           0.32 [0.23, 0.47]  150.00  150.45  151.00  seed 3          0.50  0:6 1:6    sd interval optimistic: modes differ
        784-256-32-8-4  false     12/12         0        0  150.54 ± 0.22  144.54 ± 0.22           0.35 [0.26, 0.49]  150.00  150.55  151.00  seed 0             –  –

        """)
  }

  @Test("says what a group pools over, of which the seeds are what is independent")
  func groups() throws {
    #expect(
      try summary(by: "architecture").render(.table) == """
        test_total_last5 in nats per image over seeds, mean ± 95 % interval
        pooled over sampling (true, false)
        these rows pool totals that are not comparable: name sampling, loss, kl_weight and binarize in --by
        architecture       ok  diverged  missing  error          sd                    min  median     max  worst run  collapsed  histogram  note
        784-256-2       22/24         1        1  150.47 ± 0.14  0.21 [0.15, 0.33]  150.00  150.50  151.00  seed 6          0.00  0:12       runs of one architecture share seeds: the unit is the mean over those that share one, 12 in all
        784-256-32-8-4  24/24         0        0  150.51 ± 0.11  0.18 [0.12, 0.28]  150.00  150.50  151.00  seed 0          0.50  0:6 1:6    runs of one architecture share seeds: the unit is the mean over those that share one, 12 in all

        """)
  }

  @Test("is the documented array in JSON")
  func json() throws {
    let text = try summary().render(.json)
    #expect(
      text.hasPrefix("[\n  {\n    \"architecture\": \"784-256-2\",\n    \"hidden\": [256],\n"))
    #expect(text.contains("\"planned\": 12,\n    \"ok\": 12,\n    \"diverged\": 0,"))
    #expect(text.hasSuffix("\"collapsed\": null\n  }\n]\n"))
  }

  @Test("has one column per figure in CSV")
  func csv() throws {
    let lines = try summary().render(.csv).split(separator: "\n")
    #expect(lines.count == 5)
    #expect(lines[0].hasPrefix("architecture,hidden,latent_dim,sampling,epochs,"))
    #expect(lines[0].contains(",test_total_last5_sd_ci95_low,test_total_last5_sd_ci95_high,"))
    #expect(lines[1].hasPrefix("784-256-2,[256],2,true,5,128,adam,0.001,0.9,0.999,1e-8,"))
    #expect(lines[3].contains(#""{""0"":6,""1"":6}",0.5,"#))
  }
}

@Suite("The table of one configuration")
struct SingleSummaryTests {
  @Test("names the train keys that are not at their defaults, and is sound in Markdown")
  func constants() throws {
    let grid = try RunFixture.grid(
      ["784-256-2"], seeds: 1,
      train: [
        .optimizer: .string("rmsprop"), .batchSize: .int(100), .klWeight: .double(0.5),
        .limit: .int(1000),
      ])
    var planned: [Grid.PlannedConfiguration] = []
    grid.forEachConfiguration {
      planned.append($0)
      return true
    }
    let text = SummaryTable(summarise([], planned: planned)).render(.markdown)
    #expect(
      text == """
        test_total_last5 in nats per image over seeds, mean ± 95 % interval\\
        epochs 50, batch_size 100, optimizer rmsprop, learning_rate 0.001, kl_weight 0.5, limit 1000, others at their defaults

        | architecture | sampling | ok | missing | error | sd | min | median | max | worst run | collapsed | histogram |
        | --- | --- | ---: | ---: | --- | --- | ---: | ---: | ---: | --- | ---: | --- |
        | 784-256-2 | true | 0/1 | 1 | – | – | – | – | – | – | – | – |

        """)
  }
}

@Suite("Collapse in the table of a summary")
struct SummaryCollapseTests {
  /// Twenty runs, of which `collapsed` lost a latent.
  private func summaries(_ collapsed: Int, threshold: Double = 0.01) throws
    -> [ConfigurationSummary]
  {
    let grid = try RunFixture.grid(["784-256-2"], seeds: 20)
    let outcomes = grid.points.map { index, point in
      RunFixture.outcome(
        point, total: (index < collapsed ? 250 : 150) + Double(index),
        collapsed: index < collapsed ? 1 : 0)
    }
    var planned: [Grid.PlannedConfiguration] = []
    grid.forEachConfiguration {
      planned.append($0)
      return true
    }
    return summarise(outcomes, planned: planned, collapseThreshold: threshold)
  }

  @Test(
    "marks a spread that rests on a rare mode, or on few runs of several",
    arguments: [
      (0, nil), (1, "rare mode: sd unstable"), (5, "sd interval optimistic: modes differ"),
    ] as [(Int, String?)])
  func caveat(collapsed: Int, note: String?) throws {
    let text = SummaryTable(try summaries(collapsed)).render(.table)
    #expect(text.contains("note") == (note != nil))
    if let note { #expect(text.contains(note)) }
    // Where there is no standard deviation there is nothing to warn of.
    let bare = SummaryTable(try summaries(collapsed), metric: .generationDensity).render(.table)
    #expect(!bare.contains("note"))
  }

  @Test("is counted anew under another threshold, which changes nothing else")
  func threshold() throws {
    let usual = try summaries(3)[0].json
    let strict = try summaries(3, threshold: 0.0005)[0].json
    #expect(usual["collapsed"]?["mean"] == .number(0.15))
    #expect(strict["collapsed"]?["mean"] == .number(0))
    guard case .object(let members) = usual, case .object(let others) = strict else {
      Issue.record("a summary is an object")
      return
    }
    #expect(members.map(\.name) == others.map(\.name))
    for (member, other) in zip(members, others) where member.name != "collapsed" {
      #expect(member == other)
    }
  }
}

@Suite("The table of a measure of the study")
struct MeasureSummaryTests {
  @Test("has no unit, four digits, and no warning about sampling")
  func coverage() throws {
    let grid = try RunFixture.grid(
      ["784-256-2"], seeds: 3, axes: [.sampling: [.bool(true), .bool(false)]])
    var planned: [Grid.PlannedConfiguration] = []
    grid.forEachConfiguration {
      planned.append($0)
      return true
    }
    let outcomes = (0..<6).compactMap { grid.point(at: $0) }.map { point in
      let outcome = RunFixture.outcome(point, total: 150)
      guard case .completed(var final) = outcome.result.ending else { return outcome }
      final.study[.coverage] = 0.01 + Double(point.seeds.order) / 1_000
      return Outcome(
        key: outcome.key, point: point,
        result: TrainingResult(history: outcome.result.history, ending: .completed(final)))
    }
    let text = SummaryTable(summarise(outcomes, planned: planned), metric: .coverage)
      .render(.table)
    #expect(text.hasPrefix("coverage over seeds, mean ± 95 % interval\n"))
    #expect(text.contains("0.0110 ± 0.0025  0.0010  0.0100  0.0110  0.0120"), "\(text)")
    #expect(!text.contains("not comparable"))
  }
}
