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
  private func report() throws -> LuckReport {
    let grid = try RunFixture.grid(["784-16-2", "784-32-2", "784-64-2"], seeds: 6)
    var runs = RunCollection(planned: [] as [Grid.PlannedConfiguration])
    for (_, point) in grid.points {
      let width = point.configuration.architecture.hidden[0]
      let bases: [Int: Double] = [16: 150, 32: 150.2, 64: 170]
      let base = bases[width] ?? 0
      let seed = Int(point.seeds.shared ?? 0)
      runs.add(
        RunFixture.outcome(point, total: base + Double(seed * 5 % 7) / 4, collapsed: seed % 2))
    }
    let found = try Luck.all(runs.all, resampling: Resampling(replicates: 999, seed: 1))
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

  @Test("answers in words a person reads once")
  func words() throws {
    let text = try report().render(.table)
    #expect(text.hasPrefix("3 configurations with sampling, 6 runs each; test_total_last5"))
    #expect(text.contains("The configuration explains 9"))
    #expect(text.contains("Who trains each once and takes the best misses 784-16-2"))
    #expect(
      text.contains("Not told apart from 784-16-2 (Welch's 95 % interval holds 0): 784-32-2."))
    #expect(text.contains("percentiles of 999 resamples"))
    #expect(text.contains("P(A beats B)"))
    #expect(try report().render(.markdown).contains("\n- The configuration explains "))
    let csv = try report().render(.csv).split(separator: "\n")
    #expect(csv[0] == "set,metric,figure,a,b,k,value,ci95_low,ci95_high")
    #expect(csv.contains { $0.hasPrefix("1,test_total_last5,beats,784-16-2,784-32-2,,") })
  }
}
