import Foundation
import Study
import Sweep
import Testing
import VAE

@Suite("The share of a seed in the variance")
struct VarianceComponentTests {
  @Test("is statsmodels' intraclass correlation, with the interval of a cluster bootstrap")
  func golden() throws {
    let component = try #require(VarianceComponent(ComparisonGoldens.levels))
    let (share, low, high) = ComparisonGoldens.levelShare
    #expect(agree(component.share, share, within: 1e-10))
    #expect(abs((component.interval?.lower ?? .nan) - low) < 0.02)
    #expect(abs((component.interval?.upper ?? .nan) - high) < 0.02)
    #expect(component.levels == 30)
    #expect(component.redraws == 5)
    #expect(!component.isTooSmall)
  }

  @Test("goes below zero where levels differ less than chance would have them")
  func negative() throws {
    let component = try #require(VarianceComponent([[1, 3], [1, 3], [3, 1]]))
    #expect(component.share == -1)
    #expect(component.isTooSmall)
  }

  @Test("is unknown where no level was redrawn or nothing varies")
  func nothing() {
    #expect(VarianceComponent([]) == nil)
    #expect(VarianceComponent([[1, 2, 3]]) == nil)
    #expect(VarianceComponent([[1], [2], [3]]) == nil)
    #expect(VarianceComponent([[1, 1], [1, 1]]) == nil)
  }

  /// Ten levels of the initial weights, each with three redraws of the others.
  private func runs(
    nested: Bool, sampling: Bool = true, total: (Int, Int) -> Double
  ) throws -> ConfigurationRuns {
    let configuration = try OutcomeFixture.configuration(
      "784-256-2", [.sampling: .bool(sampling)])
    var runs: [Run] = []
    for level in 0..<10 {
      for redraw in 0..<3 {
        let other = UInt32(nested ? 3 * level + redraw : redraw)
        let outcome = OutcomeFixture.ok(
          configuration, seed: 0, total: total(level, redraw),
          varMu: [level < 3 ? 0.001 : 1, 1])
        let seeds = Seeds(initialization: UInt32(level), order: other, noise: other)
        runs.append(
          Run(
            Outcome(
              key: outcome.key, point: Point(configuration: configuration, seeds: seeds),
              result: outcome.result)))
      }
    }
    return ConfigurationRuns(
      configuration: configuration, counts: PointCounts(planned: 30, ok: 30), runs: runs)
  }

  @Test("is that of the initial weights where they decide, for the loss and for collapse")
  func factors() throws {
    let runs = try runs(nested: true) { level, redraw in Double(10 * level + redraw) }
    let loss = try #require(
      VarianceComponent(of: .initialization, in: runs) { $0.values[.testTotalLast5] })
    #expect(loss.share > 0.98)
    #expect((loss.interval?.lower ?? 0) > 0.9)
    let collapse = try #require(
      VarianceComponent(of: .initialization, in: runs) { run in
        run.collapsed(threshold: 0.01).map { $0 > 0 ? 1 : 0 }
      })
    #expect(collapse.share == 1)
  }

  @Test("is refused where factors are crossed, and for the noise without sampling")
  func refusals() throws {
    let crossed = try runs(nested: false) { level, redraw in Double(level * redraw) }
    let total: (Run) -> Double? = { $0.values[.testTotal] }
    #expect(VarianceComponent(of: .initialization, in: crossed, value: total) == nil)
    let plain = try runs(nested: true, sampling: false) { level, _ in Double(level) }
    #expect(VarianceComponent(of: .noise, in: plain, value: total) == nil)
  }
}
