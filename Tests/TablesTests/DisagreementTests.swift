import Foundation
import Study
import Sweep
import Tables
import TestSupport
import Testing
import VAE

@Suite("An interval and a test that disagree")
struct DisagreementTests {
  private func runs(_ architecture: String, _ totals: [Double], sampling: Bool = true) throws
    -> ConfigurationRuns
  {
    let configuration = try Configuration(
      architecture: Architecture(parsing: architecture), [.sampling: .bool(sampling)])
    return ConfigurationRuns(
      configuration: configuration,
      counts: PointCounts(planned: totals.count, ok: totals.count),
      runs: totals.enumerated().map { seed, total in
        Run(
          RunFixture.outcome(
            Point(configuration: configuration, seeds: Seeds(UInt32(seed))), total: total))
      })
  }

  private func sentences(
    _ first: ConfigurationRuns, _ second: ConfigurationRuns,
    _ metric: Metric = .testTotalLast5
  ) throws -> [String] {
    let comparison = try ConfigurationComparison(
      first, second, metric: metric, resampling: Resampling(replicates: 999, seed: 1))
    return ComparisonRows(comparison).all.map(\.sentence)
  }

  @Test("are told with which of them to read: p of five runs a side that do not overlap")
  func separated() throws {
    let all = try sentences(
      runs("784-256-2", [100, 101, 102, 103, 104]), runs("784-32-2", [110, 111, 112, 113, 114]))
    let order = try #require(all.first { $0.contains("lies below every run") })
    #expect(order.contains("which includes 0.5, that of no difference)"))
    #expect(
      order.hasSuffix(
        "The interval includes 0.5 and p = 0.0079: read p, which is exact where the runs "
          + "of the two do not overlap; the interval is wider than it need be."))
  }

  @Test("say nothing where so few pairs can give no small p: the interval stands alone")
  func pairs() throws {
    let all = try sentences(
      runs("784-256-2", [100, 101, 102]), runs("784-256-2", [110, 111.1, 112], sampling: false),
      .testReconstructionAtMean)
    let paired = try #require(all.first { $0.hasPrefix("On the same 3 seeds") })
    #expect(paired.hasSuffix("A sign flip of so few pairs cannot go below p = 0.25."))
  }

  @Test("are not told where they agree")
  func agreement() throws {
    let near = (0..<20).map { 100 + sin(Double($0 * $0)) }
    let far = near.map { $0 + 50 }
    for (first, second) in [(near, near.map { $0 + 0.01 }), (near, far)] {
      let all = try sentences(runs("784-256-2", first), runs("784-32-2", second))
      #expect(!all.contains { $0.contains("read p") })
    }
  }
}
