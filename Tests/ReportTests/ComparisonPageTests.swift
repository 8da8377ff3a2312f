import Foundation
import Report
import Study
import Sweep
import TestSupport
import Testing
import VAE

@Suite("The comparisons of a page")
struct ComparisonPageTests {
  private func page(
    _ contents: ReportContents, reference: ReportReference? = nil
  ) throws -> String {
    let files = try StudyReport(contents, kinds: [:], reference: reference, version: "0").files()
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

  @Test("are with the reference that was asked for, and say where it is not comparable")
  func reference() throws {
    let architectures = ["784-256-2", "784-32-2"]
    func total(_ point: Point, _ seed: Int) -> Double {
      (point.configuration.architecture.hidden == [256] ? 100 : 200) + sin(Double(seed * seed))
    }
    let contents = try contents(architectures, seeds: 5, total: total)
    let grid = try RunFixture.grid(
      architectures, seeds: 5, axes: [.sampling: [.bool(true), .bool(false)]])
    var runs = RunCollection(planned: Grid.plannedOnce([grid]))
    for (_, point) in grid.points {
      runs.add(RunFixture.outcome(point, total: total(point, Int(point.seeds.shared ?? 0))))
    }
    let all = runs.all
    let worse = try #require(
      all.first {
        $0.configuration.sampling && $0.configuration.architecture.hidden == [32]
      })
    let chosen = try page(contents, reference: ReportReference(worse, among: all))
    #expect(chosen.contains("Less the final error of <b>784-32-2 with sampling</b>. <a"))
    #expect(
      chosen.contains(
        "Less the final error of <b>784-256-2 without sampling</b>. It has the smallest mean of "
          + "these; <b>784-32-2 with sampling</b>, the reference that was asked for, is not "
          + "comparable with them."))
    let usual = try page(contents)
    #expect(usual.contains("Less the final error of <b>784-256-2 with sampling</b>. <a"))
    #expect(!usual.contains("the reference that was asked for"))
  }

  @Test("take no reference of too few runs, and say which configurations can be one")
  func noReference() throws {
    let grid = try RunFixture.grid(["784-256-2", "784-32-2", "784-8-2"], seeds: 3)
    var runs = RunCollection(planned: Grid.plannedOnce([grid]))
    for (index, point) in grid.points
    where point.configuration.architecture.hidden != [8] || point.seeds.shared == 0 {
      runs.add(RunFixture.outcome(point, total: 100 + Double(index)))
    }
    let all = runs.all
    for other in all.prefix(2) {
      #expect(try ReportReference(other, among: all).configuration == other.configuration)
    }
    let error = #expect(throws: ReportError.self) { try ReportReference(all[2], among: all) }
    let words = try #require(error).description
    #expect(words.hasPrefix("784-8-2 can't be the reference: "))
    #expect(
      words.hasSuffix(
        "(its runs: 1/3 ok, 2 missing; 3 independent ones are needed); give one that can, or leave "
          + "--reference out: 784-256-2; 784-32-2"))
    // Nothing is left to compare it with.
    let alone = #expect(throws: ReportError.self) { try ReportReference(all[0], among: [all[0]]) }
    #expect(try #require(alone).description.hasSuffix("so leave --reference out"))
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
    #expect(page.contains("<b>less of it is better</b>"))
    for sentence in [
      "Lower is better.", "Higher is better.", "Nearer to 0 is closer to the prior.",
      "Neither way is better.",
    ] { #expect(page.contains(sentence), "\(sentence)") }
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
