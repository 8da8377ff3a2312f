import Foundation
import Study
import Sweep
import Tables
import TestSupport
import Testing
import VAE

@Suite("The report of a comparison")
struct ComparisonReportTests {
  /// Twelve runs of a deep and a flat net; one of the deep ones diverged, and one is missing.
  private func comparison(seeds: UInt32 = 12) throws -> ConfigurationComparison {
    let grid = try RunFixture.grid(["784-256-32-8-4", "784-256-32-4"], seeds: seeds)
    var planned: [Grid.PlannedConfiguration] = []
    grid.forEachConfiguration {
      planned.append($0)
      return true
    }
    var runs = RunCollection(planned: planned)
    for (index, point) in grid.points where index != 0 {
      let isDeep = point.configuration.architecture.hidden.count == 3
      let total = 150 + Double(index * 7 % 11) / (isDeep ? 5 : 10) + (isDeep ? 0.3 : 0)
      runs.add(
        RunFixture.outcome(
          point, total: index == 2 ? nil : total, collapsed: isDeep && index % 9 == 4 ? 1 : 0))
    }
    let all = runs.all
    return try ConfigurationComparison(
      all[0], all[1], resampling: Resampling(replicates: 9_999, seed: 1))
  }

  @Test("is a table of figures and a list of sentences for a person")
  func plain() throws {
    let text = ComparisonReport(try comparison()).render(.table)
    #expect(text.contains("exploratory: intervals (95 %) and Benjamini–Hochberg q over the tests"))
    #expect(text.contains("inference is over seeds, given this split"))
    #expect(text.contains("784-256-32-8-4  10/12         1       0        1  "))
    #expect(text.contains("n too small: fewer than 20 runs on a side"))
    #expect(text.contains("784-256-32-8-4: sd interval optimistic: modes differ"))
    #expect(
      text.contains(
        "At least one latent collapsed (Var(μ) < 0.01) in 2 of 10 runs of 784-256-32-8-4 and in 0 "
          + "of 12 of 784-256-32-4; 95 % interval of the difference "))
    #expect(text.contains("Over seeds 784-256-32-8-4 varies "))
    #expect(
      text.hasSuffix(
        "1 of 12 runs of 784-256-32-8-4 diverged, more than 5 %: those left may not stand for all.\n"
      ))
    let markdown = ComparisonReport(try comparison()).render(.markdown)
    #expect(markdown.contains("\n- The mean test_total_last5 of 784-256-32-8-4 is "))
  }

  @Test("has one line per comparison in CSV, with the counts of both sides beside each")
  func csv() throws {
    let lines = ComparisonReport(try comparison()).render(.csv).split(separator: "\n")
    #expect(
      lines[0]
        == "comparison,metric,effect,estimate,ci95_low,ci95_high,test,p,q,notes,sentence,a,a_planned,"
        + "a_ok,a_diverged,a_failed,a_missing,b,b_planned,b_ok,b_diverged,b_failed,b_missing")
    #expect(lines.count == 6)
    for line in lines.dropFirst() {
      #expect(line.hasSuffix(",784-256-32-8-4,12,10,1,0,1,784-256-32-4,12,12,0,0,0"))
    }
  }

  @Test("is one object in JSON, without NaN even where nothing can be said")
  func json() throws {
    let full = ComparisonReport(try comparison()).render(.json)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(full.utf8)) as? [String: Any])
    #expect((object["comparisons"] as? [[String: Any]])?.count == 5)
    let side = try #require(object["a"] as? [String: Any])
    #expect(side["missing"] as? Int == 1)
    #expect((side["collapsed_at"] as? [Any])?.count == 5)
    #expect((side["variance"] as? [String: Any])?["share_explained"] != nil)
    // One run a side: no spread, no interval, no test of the means.
    let bare = ComparisonReport(try comparison(seeds: 1))
    let text = bare.render(.json)
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(text.utf8)) }
    #expect(!text.lowercased().contains("nan") && !text.contains("inf\""))
    #expect(bare.render(.table).contains("can't be compared: that takes two runs of each"))
  }
}
