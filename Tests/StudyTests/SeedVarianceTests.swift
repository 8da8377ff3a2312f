import Study
import Sweep
import Testing
import VAE

@Suite("Where the variance over seeds comes from")
struct SeedVarianceTests {
  private func runs(
    _ seeds: [Seeds], sampling: Bool = true, fingerprints: [String] = ["f"],
    total: (Seeds) -> Double, collapsed: (Seeds) -> Bool = { _ in false }
  ) throws -> ConfigurationRuns {
    let configuration = try OutcomeFixture.configuration(
      "784-256-2", [.sampling: .bool(sampling)])
    let runs = seeds.map { seeds in
      let outcome = OutcomeFixture.ok(
        configuration, seed: 0, total: total(seeds), varMu: [collapsed(seeds) ? 0.001 : 1, 1])
      return Run(
        Outcome(
          key: outcome.key, point: Point(configuration: configuration, seeds: seeds),
          result: outcome.result))
    }
    return ConfigurationRuns(
      configuration: configuration, counts: PointCounts(planned: seeds.count, ok: seeds.count),
      runs: runs, fingerprints: Set(fingerprints))
  }

  /// A little luck that depends on a number alone.
  private func luck(_ number: Int) -> Double {
    StandardNormal.quantile((Double(number * 37 % 101) + 0.5) / 101)
  }

  private let crossed: [Seeds] = (0..<6).flatMap { first in
    (0..<5).flatMap { second in
      (0..<2).map { third in
        Seeds(initialization: UInt32(first), order: UInt32(second), noise: UInt32(third))
      }
    }
  }

  @Test("a nested design gives the share of its one factor, with an interval")
  func nested() throws {
    let design = try #require(NestedSeeds(factor: .order, levels: 30, redraws: 5))
    let grid = try Grid(
      axes: [
        GridAxis(
          key: .architecture,
          values: .list([.architecture(try Architecture(parsing: "784-256-2"))]))
      ], train: [:], nested: design)
    let seeds = grid.points.map(\.point.seeds)
    let variance = try #require(
      SeedVariance(
        try runs(
          seeds,
          total: { 100 + 3 * luck(Int($0.order)) + luck(Int($0.noise) + 50) },
          collapsed: { $0.order < 10 }), metric: .testTotal,
        resampling: Resampling(replicates: 1_999, seed: 1)))
    #expect(variance.design == .nested(.order, levels: 30, redraws: 5))
    #expect(variance.sources.map(\.factors) == [[.order]])
    let share = try #require(variance.sources[0].metric)
    #expect(abs(share.value - 0.9) < 0.06)
    #expect((share.interval?.lower ?? 0) > 0.75)
    // Whether a latent collapses is decided by the order alone.
    #expect(variance.sources[0].anyCollapse?.value == 1)
    #expect(variance.notes.isEmpty)
  }

  @Test("a crossed design gives every interaction")
  func interactions() throws {
    let variance = try #require(
      SeedVariance(
        try runs(crossed) {
          100 + 2 * luck(Int($0.initialization)) + 0.5 * luck(Int($0.order) + 40)
        },
        metric: .testTotal))
    #expect(variance.sources.map(\.factors.count) == [1, 1, 1, 2, 2, 2, 3])
    let shares = variance.sources.map { $0.metric?.value ?? .nan }
    #expect(shares[0] > 0.8)
    // Nothing depends on the noise, and nothing interacts.
    for share in shares[2...] { #expect(abs(share) < 1e-9) }
    #expect(variance.sources.allSatisfy { $0.anyCollapse == nil })
  }

  @Test("without sampling there is no noise component")
  func plain() throws {
    let variance = try #require(
      SeedVariance(
        try runs(crossed, sampling: false) { 100 + luck(Int($0.initialization + 7 * $0.order)) },
        metric: .testTotal))
    #expect(
      variance.sources.map(\.factors) == [[.initialization], [.order], [.initialization, .order]])
  }

  @Test("several fingerprints are marked, and seeds that move together tell nothing")
  func marks() throws {
    let mixed = try #require(
      SeedVariance(
        try runs(crossed, fingerprints: ["f", "g"]) { 100 + luck(Int($0.initialization)) },
        metric: .testTotal))
    #expect(mixed.notes.contains("2 fingerprints: not to be trusted"))
    let shared = (0..<20).map { Seeds(UInt32($0)) }
    #expect(SeedVariance(try runs(shared) { Double($0.order) }, metric: .testTotal) == nil)
  }

  @Test("a crossed design that lacks a cell keeps its place, and says so", arguments: [0, 4, 8])
  func gap(missing: Int) throws {
    var seeds = (0..<9).map {
      Seeds(initialization: UInt32($0 / 3), order: UInt32($0 % 3), noise: 0)
    }
    seeds.remove(at: missing)
    let variance = try #require(
      SeedVariance(
        try runs(seeds) { 100 + luck(Int($0.initialization + $0.order)) }, metric: .testTotal))
    #expect(variance.design == .crossed([.initialization, .order], levels: [3, 3]))
    #expect(variance.sources.isEmpty)
    #expect(variance.notes == ["8 of 9 cells: no decomposition"])
    // A measure that no run has is told in the same way.
    let other = SeedVariance(
      try runs(seeds) { Double($0.order) }, metric: .generationDensity)
    #expect(other?.notes == ["0 of 9 cells: no decomposition"])
  }
}
