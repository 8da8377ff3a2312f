import Study
import Sweep
import Testing
import VAE

@Suite("What a perturbation gives by itself")
struct PerturbationShareTests {
  private static let weights = [103, 359, 615, 871, 1_127]

  /// A little luck that depends on two numbers alone.
  private func luck(_ first: Int, _ second: Int = 0) -> Double {
    StandardNormal.quantile((Double((first * 37 + second * 59) % 101) + 0.5) / 101)
  }

  private func runs(
    _ perturb: String, seeds: Int = 30, sampling: Bool = true, fingerprint: String = "f",
    total: (Int) -> Double, collapsed: (Int) -> Bool = { _ in false }
  ) throws -> ConfigurationRuns {
    let configuration = try OutcomeFixture.configuration(
      "784-256-2", [.perturb: .string(perturb), .sampling: .bool(sampling)])
    return ConfigurationRuns(
      configuration: configuration, counts: PointCounts(planned: seeds, ok: seeds),
      runs: (0..<seeds).map { seed in
        Run(
          OutcomeFixture.ok(
            configuration, seed: UInt32(seed), total: total(seed),
            varMu: [collapsed(seed) ? 0.001 : 1, 1]))
      }, fingerprints: [fingerprint])
  }

  private let quick = Resampling(replicates: 1_999, seed: 1)

  @Test("is what the seeds leave of the variance, for each epoch apart")
  func share() throws {
    var configurations: [ConfigurationRuns] = []
    for (place, weight) in Self.weights.enumerated() {
      // At epoch 0 it makes a tenth of the variance, at epoch 5 nothing.
      configurations.append(
        try runs("\(weight)@0", total: { 100 + 3 * luck($0) + luck($0, place + 1) }))
      configurations.append(
        try runs("\(weight)@5", total: { 100 + 3 * luck($0) }, collapsed: { $0 < 4 }))
    }
    // The unperturbed runs are none of either.
    configurations.append(try runs("none", total: { Double($0) }))
    let shares = PerturbationShare.all(configurations, metric: .testTotal, resampling: quick)
    #expect(shares.map(\.epoch) == [0, 5])
    #expect(shares.allSatisfy { $0.seeds == 30 && $0.perturbations == 5 && $0.notes.isEmpty })
    #expect(shares.allSatisfy { $0.configuration.perturbation == nil })
    let first = shares[0]
    #expect(abs(first.metric.value - 0.1) < 0.04)
    let interval = try #require(first.metric.interval)
    let exact = try #require(first.metric.exact)
    for own in [interval, exact] {
      #expect(own.lower < first.metric.value && first.metric.value < own.upper)
      #expect(own.lower > 0.03 && own.upper < 0.25)
    }
    #expect(abs(first.sdWithinSeeds - 1) < 0.15)
    #expect(first.anyCollapse == nil)
    #expect(abs(shares[1].metric.value) < 1e-12)
    #expect(shares[1].sdWithinSeeds < 1e-12)
    #expect(try #require(shares[1].anyCollapse).value == 0)
  }

  @Test("is about one where the seeds matter for nothing, not cut off there")
  func everything() throws {
    let configurations = try Self.weights.enumerated().map { place, weight in
      try runs("\(weight)@1", total: { 100 + luck($0, place + 1) })
    }
    let share = try #require(
      PerturbationShare.all(configurations, metric: .testTotal, resampling: quick).first)
    #expect(abs(share.metric.value - 1) < 0.25)
    #expect((share.metric.exact?.upper ?? 0) > 1)
  }

  @Test("says what keeps it from being trusted, and is nothing without redraws")
  func notes() throws {
    let few = [
      try runs("1@0", seeds: 4, total: luck(_:)),
      try runs("2@0", seeds: 3, fingerprint: "g", total: { luck($0, 1) }),
    ]
    let share = try #require(
      PerturbationShare.all(few, metric: .testTotal, resampling: quick).first)
    #expect(
      share.notes == [
        "2 fingerprints: not to be trusted", "fewer than 30 seeds or 5 perturbations",
      ])
    #expect(share.perturbations == 1)
    #expect(share.metric.exact == nil)
    #expect(PerturbationShare.all([few[0]], metric: .testTotal).isEmpty)
  }

  private func luck(_ seed: Int) -> Double { luck(seed, 0) }
}
