import Study
import Sweep
import Testing
import VAE

@Suite("A claim whose runs are not all there is judged")
struct ClaimRunsTests {
  @Test("not at all where more than 5 % of a side diverged or failed")
  func broken() throws {
    var bench = try ClaimBench()
    bench.add(bench.deep, 19, mean: 103)
    bench.add(bench.flat, 20, mean: 100)
    bench.evidence.add(OutcomeFixture.diverged(bench.deep, seed: 19))
    let sides = [bench.side(bench.deep, 20), bench.side(bench.flat, 20)]
    let bounds = ClaimBounds(above: 0)
    #expect(try bench.verdict(.meanDifference, sides, bounds) == .borneOut)
    var worse = try ClaimBench()
    worse.add(bench.deep, 18, mean: 103)
    worse.add(bench.flat, 20, mean: 100)
    worse.evidence.add(OutcomeFixture.diverged(bench.deep, seed: 18))
    worse.evidence.add(OutcomeFixture.diverged(bench.deep, seed: 19))
    let verdict = try worse.verdict(.meanDifference, sides, bounds)
    #expect(
      verdict
        == .none(
          "2 of 20 runs of 784-256-32-8-4 diverged, more than 5 %: those left may not stand for all"
        ))
    // A failed point counts like a diverged one, and seeds that the claim does not name do not.
    let failed = [18, 19, 30, 31].map { Point(configuration: bench.deep, seeds: Seeds($0)) }
    var other = try ClaimBench()
    other.evidence = ClaimEvidence(failed: failed)
    other.add(bench.deep, 18, mean: 103)
    other.add(bench.flat, 20, mean: 100)
    let part = ClaimPart(test: .meanDifference, sides: sides, bounds: bounds)
    let judged = other.judged([part]).claims[0].parts[0]
    #expect(judged.sides[0].counts == PointCounts(planned: 20, ok: 18, failed: 2))
    #expect(
      judged.verdict
        == .none(
          "2 of 20 runs of 784-256-32-8-4 failed, more than 5 %: those left may not stand for all"))
    #expect(judged.adjusted == nil)
  }

  @Test(
    "by the same rule as a comparison: more than 5 % of the points of a row",
    arguments: [
      (PointCounts(planned: 20, ok: 19, diverged: 1), false),
      (PointCounts(planned: 20, ok: 18, diverged: 1, failed: 1), true),
      // Two of the first five, of a hundred that are planned: the row is not over.
      (PointCounts(planned: 100, ok: 3, diverged: 2), false),
      // A store whose sweeps name none of these points.
      (PointCounts(ok: 18, diverged: 1), true),
    ])
  func brokenRow(counts: PointCounts, isBroken: Bool) {
    #expect(counts.isBroken == isBroken)
  }

  @Test("with its missing runs told, and without those of other seeds")
  func missing() throws {
    var bench = try ClaimBench()
    bench.add(bench.deep, 14, mean: 103)
    bench.add(bench.flat, 20, mean: 100)
    bench.add(bench.deep, 30, mean: 0, from: 100)
    let part = ClaimPart(
      test: .meanDifference, sides: [bench.side(bench.deep, 20), bench.side(bench.flat, 20)],
      bounds: ClaimBounds(above: 0))
    let claim = bench.judged([part]).claims[0]
    #expect(claim.isInterim)
    #expect(claim.parts[0].missing == 6)
    #expect(claim.parts[0].sides[0].counts == PointCounts(planned: 20, ok: 14))
    #expect(abs((claim.parts[0].finding?.figure ?? 0) - 3) < 1e-9)
  }

  @Test("not where an sd was stopped on, whose side is named by what tells it from the other")
  func stopped() throws {
    let warm = try OutcomeFixture.configuration("784-256-32-8-4", [.klWarmup: .int(5)])
    let plain = try OutcomeFixture.configuration("784-256-32-8-4", [.sampling: .bool(false)])
    for (side, name) in [
      (warm, "784-256-32-8-4,kl_warmup=5"), (plain, "784-256-32-8-4 without sampling"),
    ] {
      var bench = try ClaimBench()
      bench.evidence = ClaimEvidence(failed: [] as [Point], stopped: [side])
      bench.add(bench.deep, 20, mean: 103)
      bench.add(side, 20, mean: 100)
      let sides = [bench.side(bench.deep, 20), bench.side(side, 20)]
      let verdict = try bench.verdict(.sdRatio, sides, ClaimBounds(above: 1))
      #expect(verdict == .none("the sd of \(name) was stopped on, which biases it"))
    }
  }

  @Test("without waiting for seeds that looks decided without")
  func unneeded() throws {
    var bench = try ClaimBench()
    bench.evidence = ClaimEvidence(failed: [] as [Point], unneeded: [bench.deep: [4, 5, 6, 7, 90]])
    bench.add(bench.deep, 4, mean: 103)
    bench.add(bench.flat, 8, mean: 100)
    let part = ClaimPart(
      test: .meanDifference, sides: [bench.side(bench.deep, 8), bench.side(bench.flat, 8)],
      bounds: ClaimBounds(above: 0))
    let claim = bench.judged([part]).claims[0]
    #expect(!claim.isInterim)
    #expect(claim.parts[0].sides.map(\.counts.planned) == [4, 8])
  }
}
