import Study
import Sweep
import Testing
import VAE

@Suite("A claim is judged")
struct ClaimJudgementTests {
  @Test("borne out, contradicted or not decided, as the interval lies")
  func differences() throws {
    var bench = try ClaimBench()
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
    var bench = try ClaimBench()
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

  @Test(
    "by the share of seeds at which one is above, which a run that lies far off does not decide")
  func pairedShare() throws {
    var bench = try ClaimBench()
    let plain = try OutcomeFixture.configuration("784-256-32-8-4", [.sampling: .bool(false)])
    bench.add(bench.deep, 39, mean: 101, scale: 0.5)
    bench.add(bench.deep, 1, mean: 20, from: 39)
    bench.add(plain, 40, mean: 100, scale: 0.5)
    let metric = Metric.testReconstructionAtMean
    let sides = [bench.side(bench.deep, 40, metric), bench.side(plain, 40, metric)]
    #expect(try bench.verdict(.pairedDifference, sides, ClaimBounds(above: 0)) == .notDecided)
    #expect(try bench.verdict(.pairedShare, sides, ClaimBounds(above: 0.5)) == .borneOut)
    #expect(try bench.verdict(.pairedShare, sides, ClaimBounds(below: 0.5)) == .contradicted)
    let part = ClaimPart(test: .pairedShare, sides: sides, bounds: ClaimBounds(above: 0.5))
    let judged = bench.judged([part]).claims[0].parts[0]
    let finding = try #require(judged.finding)
    // Clopper and Pearson's of 39 of 40; of 40 throws 39 or 40 heads, or as many tails.
    #expect(finding.figure == 0.975)
    let interval = try #require(finding.interval)
    #expect(abs(interval.lower - 0.868414) < 1e-6 && abs(interval.upper - 0.999367) < 1e-6)
    #expect(abs(try #require(judged.pValue) / (82 / 1_099_511_627_776.0) - 1) < 1e-9)
    #expect(finding.beside == ["39 of 40 pairs", "differences: median 1.0153, mean -1.0250"])
    // Nor do all of four.
    let few = sides.map {
      ClaimPart.Side(configuration: $0.configuration, metric: metric, seeds: SeedRanges([0...3]))
    }
    #expect(try bench.verdict(.pairedShare, few, ClaimBounds(above: 0.5)) == .notDecided)
  }

  @Test("by that share of the seeds at which the two differ at all")
  func tiedPairs() throws {
    var bench = try ClaimBench()
    let plain = try OutcomeFixture.configuration("784-256-32-8-4", [.sampling: .bool(false)])
    bench.add(bench.deep, 12, mean: 101)
    bench.add(bench.deep, 8, mean: 5, scale: 0, from: 12)
    bench.add(plain, 12, mean: 100)
    bench.add(plain, 8, mean: 5, scale: 0, from: 12)
    let sides = [bench.deep, plain].map { bench.side($0, 20, .testReconstructionAtMean) }
    let part = ClaimPart(test: .pairedShare, sides: sides, bounds: ClaimBounds(above: 0.5))
    let finding = try #require(bench.judged([part]).claims[0].parts[0].finding)
    #expect(finding.figure == 1)
    #expect(
      finding.beside == [
        "12 of 12 pairs", "8 pairs of equal values left out",
        "differences: median 1.0000, mean 0.6000",
      ])
    let equal = sides.map {
      ClaimPart.Side(
        configuration: $0.configuration, metric: $0.metric, seeds: SeedRanges([12...19]))
    }
    #expect(
      try bench.verdict(.pairedShare, equal, ClaimBounds(above: 0.5))
        == .none("the values of all 8 pairs are equal"))
  }

  @Test("of no difference by Boschloo's test and a permutation, of any other not under their names")
  func testNames() throws {
    var bench = try ClaimBench()
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
      var bench = try ClaimBench()
      bench.add(bench.deep, 25, mean: 100, collapsed: collapsed)
      let sides = [bench.side(bench.deep, 25, nil)]
      #expect(try bench.verdict(.collapseShare, sides, ClaimBounds(within: 0, 0.5)) == low)
      #expect(try bench.verdict(.collapseShare, sides, ClaimBounds(below: 0.5)) == low)
      #expect(try bench.verdict(.collapseShare, sides, ClaimBounds(within: 0.5, 1)) == high)
    }
  }

  @Test("not at all where the metric has no direction, and not run by run where seeds are shared")
  func refused() throws {
    var bench = try ClaimBench()
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
    var bench = try ClaimBench()
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
    var bench = try ClaimBench()
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

  @Test("post hoc where it was not fixed word for word before the first outcome")
  func postHoc() throws {
    var bench = try ClaimBench()
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
