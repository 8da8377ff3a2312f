import Study
import Sweep
import Testing
import VAE

/// Outcomes with a known truth, and claims about them.
struct ClaimBench {
  let deep: Configuration
  let flat: Configuration
  var evidence = ClaimEvidence(failed: [] as [Point])

  init() throws {
    deep = try OutcomeFixture.configuration("784-256-32-8-4")
    flat = try OutcomeFixture.configuration("784-256-32-4")
  }

  /// `n` runs about `mean` with a spread of `scale`; the first `collapsed` have a collapsed latent.
  mutating func add(
    _ configuration: Configuration, _ n: Int, mean: Double, scale: Double = 1, collapsed: Int = 0,
    from seed: Int = 0
  ) {
    for index in 0..<n {
      // Quantiles of the normal distribution: a sample without luck.
      let z = StandardNormal.quantile((Double(index) + 0.5) / Double(n))
      evidence.add(
        OutcomeFixture.ok(
          configuration, seed: UInt32(seed + index), total: mean + scale * z,
          varMu: [1, 1, 1, index < collapsed ? 0.001 : 1]))
    }
  }

  func side(_ configuration: Configuration, _ n: Int, _ metric: Metric? = .testTotal)
    -> ClaimPart.Side
  {
    ClaimPart.Side(
      configuration: configuration, metric: metric, seeds: SeedRanges([0...UInt32(n - 1)]))
  }

  func judged(_ parts: [ClaimPart], current: ClaimFamily? = nil) -> ClaimJudgement {
    let family = ClaimFamily([Claim(id: "1", words: "it is so", parts: parts)])
    return ClaimJudgement(
      registered: family, current: current ?? family, evidence: evidence,
      resampling: Resampling(replicates: 999, seed: 1))
  }

  func verdict(_ test: ClaimTest, _ sides: [ClaimPart.Side], _ bounds: ClaimBounds?) throws
    -> ClaimVerdict
  {
    let part = ClaimPart(test: test, sides: sides, bounds: try #require(bounds))
    return judged([part]).claims[0].verdict
  }
}
