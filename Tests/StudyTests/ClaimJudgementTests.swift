import Study
import Sweep
import Testing
import VAE

/// Outcomes with a known truth, and claims about them.
private struct Bench {
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

@Suite("A claim is judged")
struct ClaimJudgementTests {
  @Test("borne out, contradicted or not decided, as the interval lies")
  func differences() throws {
    var bench = try Bench()
    bench.add(bench.deep, 20, mean: 103)
    bench.add(bench.flat, 20, mean: 100)
    let sides = [bench.side(bench.deep, 20), bench.side(bench.flat, 20)]
    // The difference is 3 with a standard error of about 0.3.
    for test in [ClaimTest.meanDifference] {
      #expect(try bench.verdict(test, sides, ClaimBounds(above: 0)) == .borneOut)
      #expect(try bench.verdict(test, sides, ClaimBounds(below: 0)) == .contradicted)
      #expect(try bench.verdict(test, sides, ClaimBounds(above: 2.9)) == .notDecided)
      #expect(try bench.verdict(test, sides, ClaimBounds(within: 2, 4)) == .borneOut)
      #expect(try bench.verdict(test, sides, ClaimBounds(within: 2.6, 3.4)) == .notDecided)
      #expect(try bench.verdict(test, sides, ClaimBounds(within: -0.5, 0.5)) == .contradicted)
    }
    let one = [bench.side(bench.deep, 20)]
    for test in [ClaimTest.mean, .median] {
      #expect(try bench.verdict(test, one, ClaimBounds(above: 102)) == .borneOut)
      #expect(try bench.verdict(test, one, ClaimBounds(within: 102, 104)) == .borneOut)
      #expect(try bench.verdict(test, one, ClaimBounds(above: 104)) == .contradicted)
      #expect(try bench.verdict(test, one, ClaimBounds(above: 103)) == .notDecided)
    }
  }

  @Test("by its pairs where runs share their luck")
  func pairs() throws {
    var bench = try Bench()
    let plain = try OutcomeFixture.configuration("784-256-32-8-4", [.sampling: .bool(false)])
    bench.add(bench.deep, 20, mean: 100, scale: 10)
    bench.add(plain, 20, mean: 99, scale: 9.5)
    let metric = Metric.testReconstructionAtMean
    let sides = [bench.side(bench.deep, 20, metric), bench.side(plain, 20, metric)]
    #expect(try bench.verdict(.pairedDifference, sides, ClaimBounds(above: 0.5)) == .borneOut)
    #expect(try bench.verdict(.meanDifference, sides, ClaimBounds(above: 0.5)) == .notDecided)
    let judged = bench.judged([
      ClaimPart(test: .pairedDifference, sides: sides, bounds: ClaimBounds(above: 0))
    ])
    let beside = judged.claims[0].parts[0].finding?.beside.joined() ?? ""
    #expect(beside.contains("20 pairs"))
    #expect(beside.contains("correlation 1.00"))
    // The effect at one architecture against that at another.
    let shallow = try OutcomeFixture.configuration("784-256-32-4", [.sampling: .bool(false)])
    bench.add(bench.flat, 20, mean: 100, scale: 10)
    bench.add(shallow, 20, mean: 100, scale: 9.5)
    let four = sides + [bench.side(bench.flat, 20, metric), bench.side(shallow, 20, metric)]
    #expect(try bench.verdict(.pairedEffectDifference, four, ClaimBounds(above: 0)) == .borneOut)
    #expect(try bench.verdict(.effectDifference, four, ClaimBounds(above: 0)) == .notDecided)
    #expect(
      try bench.verdict(.pairedEffectDifference, four, ClaimBounds(below: 0)) == .contradicted)
  }

  @Test("by spreads and by collapse")
  func spreads() throws {
    var bench = try Bench()
    bench.add(bench.deep, 50, mean: 100, scale: 3, collapsed: 20)
    bench.add(bench.flat, 50, mean: 100, scale: 1)
    let totals = [bench.side(bench.deep, 50), bench.side(bench.flat, 50)]
    #expect(try bench.verdict(.sdRatio, totals, ClaimBounds(above: 1)) == .borneOut)
    #expect(try bench.verdict(.sdRatio, totals, ClaimBounds(above: 2.9)) == .notDecided)
    #expect(try bench.verdict(.sdRatio, totals.reversed(), ClaimBounds(above: 1)) == .contradicted)
    let both = [bench.side(bench.deep, 50, nil), bench.side(bench.flat, 50, nil)]
    #expect(try bench.verdict(.collapseShare, [both[0]], ClaimBounds(above: 0.05)) == .borneOut)
    #expect(try bench.verdict(.collapseShare, [both[1]], ClaimBounds(above: 0.1)) == .contradicted)
    #expect(try bench.verdict(.collapseShare, [both[0]], ClaimBounds(above: 0.4)) == .notDecided)
    #expect(try bench.verdict(.collapseShareDifference, both, ClaimBounds(above: 0)) == .borneOut)
    #expect(try bench.verdict(.collapseShareDifference, both, ClaimBounds(above: 0.1)) == .borneOut)
    #expect(
      try bench.verdict(.collapseShareDifference, both, ClaimBounds(below: 0.1)) == .contradicted)
    #expect(try bench.verdict(.collapseCountDifference, both, ClaimBounds(above: 0)) == .borneOut)
    #expect(try bench.verdict(.collapseCount, [both[0]], ClaimBounds(above: 2)) == .contradicted)
    // Not one run of the fifty collapsed: no spread, and no doubt either.
    #expect(try bench.verdict(.collapseCount, [both[1]], ClaimBounds(below: 1)) == .borneOut)
  }

  @Test("by spreads, with the ratio beside that is left without one run of each side")
  func outermost() throws {
    var bench = try Bench()
    bench.add(bench.deep, 19, mean: 100, scale: 1)
    bench.add(bench.deep, 1, mean: 170, collapsed: 1, from: 19)
    bench.add(bench.flat, 20, mean: 100, scale: 1)
    let part = ClaimPart(
      test: .sdRatio, sides: [bench.side(bench.deep, 20), bench.side(bench.flat, 20)],
      bounds: ClaimBounds(above: 1))
    let notes = bench.judged([part]).claims[0].parts[0].finding?.notes ?? []
    #expect(notes.contains { $0.hasPrefix("784-256-32-8-4: rare mode: sd unstable") })
    #expect(notes.contains { $0.hasPrefix("within numbers of collapsed latents the ratio is ") })
    #expect(
      notes.contains(
        "784-256-32-8-4 collapsed latents: 0 in 19 of 20, 95.0 % [76.4, 99.1]; "
          + "1 in 1 of 20, 5.0 % [0.9, 23.6]"))
    #expect(
      notes.contains { $0.hasPrefix("without the outermost run of each side the ratio is 1.") })
    #expect(notes.contains { $0.hasPrefix("p is the larger of two: centred on the means ") })
    // Where no run stands out the ratio without it stands beside all the same.
    var plain = try Bench()
    plain.add(plain.deep, 20, mean: 100, scale: 3)
    plain.add(plain.flat, 20, mean: 100, scale: 1)
    let quiet = plain.judged([part]).claims[0].parts[0].finding?.notes ?? []
    #expect(quiet.count == 2)
    #expect(quiet.first == "without the outermost run of each side the ratio is 3.00")
  }

  @Test(
    "by spreads, with a note of how p came about that tells the p that is shown",
    arguments: [
      (ClaimBounds(above: 1), nil), (ClaimBounds(below: 1), nil),
      (ClaimBounds(above: 0.4), "0.4"), (ClaimBounds(above: 2.5), "2.5"),
      (ClaimBounds(below: 5), "5"), (ClaimBounds(within: 0.4, 5), "0.4"),
    ] as [(ClaimBounds?, String?)])
  func ratioNote(bounds: ClaimBounds?, against: String?) throws {
    var bench = try Bench()
    bench.add(bench.deep, 20, mean: 100, scale: 1.3)
    bench.add(bench.flat, 20, mean: 100, scale: 1)
    let part = ClaimPart(
      test: .sdRatio, sides: [bench.side(bench.deep, 20), bench.side(bench.flat, 20)],
      bounds: try #require(bounds))
    let judged = bench.judged([part]).claims[0].parts[0]
    let notes = (judged.finding?.notes ?? []).filter { $0.hasPrefix("p is ") }
    #expect(notes.count == 1)
    let note = try #require(notes.first)
    let start = against.map { "p is against a ratio of \($0), the largest of three: " }
    #expect(note.hasPrefix(start ?? "p is the larger of two: centred on the means "))
    let found = note.matches(of: /(means|medians|jackknife) ([0-9]\.[0-9]+)/).compactMap {
      Double($0.2)
    }
    #expect(found.count == (against == nil ? 2 : 3))
    let p = try #require(judged.pValue)
    #expect(abs((found.max() ?? 0) - p) < 1e-5, "\(note): \(p)")
  }

  @Test("by spreads, without a note of a p that is not shown")
  func withheldNote() throws {
    var bench = try Bench()
    bench.evidence = ClaimEvidence(failed: [] as [Point], stopped: [bench.deep])
    bench.add(bench.deep, 20, mean: 100, scale: 1.3)
    bench.add(bench.flat, 20, mean: 100, scale: 1)
    let sides = [bench.side(bench.deep, 20), bench.side(bench.flat, 20)]
    // Of the last there is no test: every ratio is above 0.
    let cases: [(sides: [ClaimPart.Side], bound: Double, p: Double?)] = [
      (sides, 1, nil), (sides, 0.4, nil), (sides.reversed(), 1, nil), ([sides[1], sides[1]], 0, 0),
    ]
    for (sides, bound, p) in cases {
      let part = ClaimPart(test: .sdRatio, sides: sides, bounds: ClaimBounds(above: bound))
      let judged = bench.judged([part]).claims[0].parts[0]
      #expect(judged.pValue == p)
      #expect(judged.finding?.notes.contains { $0.hasPrefix("p is ") } == false)
    }
  }

  @Test("of no difference by Boschloo's test and a permutation, of any other not under their names")
  func testNames() throws {
    var bench = try Bench()
    bench.add(bench.deep, 50, mean: 100, collapsed: 20)
    bench.add(bench.flat, 50, mean: 100, collapsed: 5)
    let sides = [bench.side(bench.deep, 50, nil), bench.side(bench.flat, 50, nil)]
    func name(_ test: ClaimTest, _ bounds: ClaimBounds?) throws -> String? {
      let part = ClaimPart(test: test, sides: sides, bounds: try #require(bounds))
      return bench.judged([part]).claims[0].parts[0].finding?.test
    }
    for (test, none, other) in [
      (ClaimTest.collapseShareDifference, "Boschloo, Newcombe", "Newcombe"),
      (.collapseCountDifference, "permutation, Welch", "Welch t"),
    ] {
      #expect(try name(test, ClaimBounds(above: 0)) == none)
      #expect(try name(test, ClaimBounds(below: 0)) == none)
      #expect(try name(test, ClaimBounds(above: 0.1)) == other)
      #expect(try name(test, ClaimBounds(within: -0.1, 0.1)) == other)
    }
  }

  @Test("by the bounds that its figure can break: none at the end of a share's range")
  func rangeEnds() throws {
    for (collapsed, low, high) in [
      (0, ClaimVerdict.borneOut, ClaimVerdict.contradicted),
      (4, .borneOut, .contradicted), (25, .contradicted, .borneOut),
    ] {
      var bench = try Bench()
      bench.add(bench.deep, 25, mean: 100, collapsed: collapsed)
      let sides = [bench.side(bench.deep, 25, nil)]
      #expect(try bench.verdict(.collapseShare, sides, ClaimBounds(within: 0, 0.5)) == low)
      #expect(try bench.verdict(.collapseShare, sides, ClaimBounds(below: 0.5)) == low)
      #expect(try bench.verdict(.collapseShare, sides, ClaimBounds(within: 0.5, 1)) == high)
    }
  }

  @Test("not at all where the metric has no direction, and not run by run where seeds are shared")
  func refused() throws {
    var bench = try Bench()
    bench.add(bench.deep, 20, mean: 100, scale: 1)
    let side = ClaimPart.Side(
      configuration: bench.deep, metric: .generationDensity,
      seeds: bench.side(bench.deep, 20).seeds)
    let part = ClaimPart(test: .mean, sides: [side], bounds: ClaimBounds(above: 0))
    guard case .none(let reason) = bench.judged([part]).claims[0].parts[0].verdict else {
      Issue.record("a density decides nothing")
      return
    }
    #expect(reason.hasPrefix("exploratory: a density is no better when it is higher"))
  }

  @Test("holds where all its parts do, and falls with one")
  func parts() throws {
    var bench = try Bench()
    bench.add(bench.deep, 20, mean: 103)
    bench.add(bench.flat, 20, mean: 100)
    let sides = [bench.side(bench.deep, 20), bench.side(bench.flat, 20)]
    func part(_ bounds: ClaimBounds) -> ClaimPart {
      ClaimPart(test: .meanDifference, sides: sides, bounds: bounds)
    }
    #expect(
      bench.judged([part(ClaimBounds(above: 0)), part(ClaimBounds(below: 5))]).claims[0].verdict
        == .borneOut)
    #expect(
      bench.judged([part(ClaimBounds(above: 0)), part(ClaimBounds(above: 3))]).claims[0].verdict
        == .notDecided)
    #expect(
      bench.judged([part(ClaimBounds(above: 3)), part(ClaimBounds(above: 5))]).claims[0].verdict
        == .contradicted)
  }

  @Test("with p values adjusted for the whole family, tests that could not be made included")
  func family() throws {
    var bench = try Bench()
    bench.add(bench.deep, 20, mean: 100.75)
    bench.add(bench.flat, 20, mean: 100)
    let part = ClaimPart(
      test: .meanDifference, sides: [bench.side(bench.deep, 20), bench.side(bench.flat, 20)],
      bounds: ClaimBounds(above: 0))
    let alone = bench.judged([part]).claims[0].parts[0]
    let p = try #require(alone.pValue)
    #expect(p > 0.0125 && p < 0.05)
    #expect(alone.adjusted == p)
    #expect(alone.verdict == .borneOut)
    // Three tests of a configuration that has no runs.
    let none = ClaimPart(
      test: .mean,
      sides: [bench.side(try OutcomeFixture.configuration("784-256-2"), 20)],
      bounds: ClaimBounds(above: 0))
    let judgement = bench.judged([part, none, none, none])
    #expect(judgement.tests == 4)
    #expect(judgement.claims[0].parts[0].adjusted == 4 * p)
    #expect(judgement.claims[0].parts[0].verdict == .notDecided)
    #expect(judgement.claims[0].parts[1].verdict == .none("too few runs"))
    #expect(judgement.claims[0].parts[1].adjusted == nil)
  }

  @Test("not at all where more than 5 % of a side diverged or failed")
  func broken() throws {
    var bench = try Bench()
    bench.add(bench.deep, 19, mean: 103)
    bench.add(bench.flat, 20, mean: 100)
    bench.evidence.add(OutcomeFixture.diverged(bench.deep, seed: 19))
    let sides = [bench.side(bench.deep, 20), bench.side(bench.flat, 20)]
    let bounds = ClaimBounds(above: 0)
    #expect(try bench.verdict(.meanDifference, sides, bounds) == .borneOut)
    var worse = try Bench()
    worse.add(bench.deep, 18, mean: 103)
    worse.add(bench.flat, 20, mean: 100)
    worse.evidence.add(OutcomeFixture.diverged(bench.deep, seed: 18))
    worse.evidence.add(OutcomeFixture.diverged(bench.deep, seed: 19))
    let verdict = try worse.verdict(.meanDifference, sides, bounds)
    #expect(
      verdict
        == .none("2 of 20 runs of 784-256-32-8-4 diverged or failed, more than 5 %"))
    // A failed point counts like a diverged one, and seeds that the claim does not name do not.
    let failed = [18, 19, 30, 31].map { Point(configuration: bench.deep, seeds: Seeds($0)) }
    var other = try Bench()
    other.evidence = ClaimEvidence(failed: failed)
    other.add(bench.deep, 18, mean: 103)
    other.add(bench.flat, 20, mean: 100)
    let part = ClaimPart(test: .meanDifference, sides: sides, bounds: bounds)
    let judged = other.judged([part]).claims[0].parts[0]
    #expect(judged.sides[0].counts == PointCounts(planned: 20, ok: 18, failed: 2))
    #expect(judged.verdict == verdict)
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
    var bench = try Bench()
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

  @Test("without waiting for seeds that looks decided without")
  func unneeded() throws {
    var bench = try Bench()
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

  @Test("post hoc where it was not fixed word for word before the first outcome")
  func postHoc() throws {
    var bench = try Bench()
    bench.add(bench.deep, 20, mean: 100.75)
    bench.add(bench.flat, 20, mean: 100)
    let sides = [bench.side(bench.deep, 20), bench.side(bench.flat, 20)]
    func claim(_ id: String, _ bounds: ClaimBounds) -> Claim {
      Claim(
        id: id, words: "it is so",
        parts: [ClaimPart(test: .meanDifference, sides: sides, bounds: bounds)])
    }
    let kept = claim("1", ClaimBounds(above: 0))
    let before = ClaimFamily([kept, claim("2", ClaimBounds(above: 5))])
    let after = ClaimFamily([kept, claim("2", ClaimBounds(above: 0.1))])
    let judgement = ClaimJudgement(
      registered: before, current: after, evidence: bench.evidence,
      resampling: Resampling(replicates: 99, seed: 1))
    #expect(judgement.claims.map(\.claim.id) == ["1", "2", "2"])
    #expect(judgement.claims.map(\.standing) == [.registered, .postHoc, .withdrawn])
    #expect(judgement.tests == 2)
    // Edits cost the registered claims nothing: they are adjusted as they were.
    let own = judgement.claims[0].parts[0]
    let untouched = ClaimJudgement(
      registered: before, current: before, evidence: bench.evidence,
      resampling: Resampling(replicates: 99, seed: 1))
    #expect(own.adjusted == untouched.claims[0].parts[0].adjusted)
    #expect(judgement.claims[2].verdict == .contradicted)
    // Nothing was registered: everything is post hoc.
    let late = ClaimJudgement(
      registered: ClaimFamily([]), current: after, evidence: bench.evidence,
      resampling: Resampling(replicates: 99, seed: 1))
    #expect(late.claims.map(\.standing) == [.postHoc, .postHoc])
    #expect(late.tests == 2)
  }
}
