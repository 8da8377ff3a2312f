import Study
import Sweep
import Testing
import VAE

/// A set of samples with what Goldens/luck.py makes of it by brute force.
struct LuckGolden: Sendable {
  let samples: [[Double]]
  let share: Double
  let share95: (Double, Double)
  let without: Double
  let without95: (Double, Double)
  /// k, share of wrong choices, cost, and whether every combination was counted.
  let risk: [(Int, Double, Double, Bool)]
  /// Two places, P(X < Y) + ½ P(X = Y), and its interval.
  let beats: [(Int, Int, Double, Double, Double)]
  /// A place, k, the expected best of k, and its interval.
  let best: [(Int, Int, Double, Double, Double)]
}

private func near(_ value: Double, _ other: Double, _ slack: Double = 1e-9) -> Bool {
  abs(value - other) <= slack * max(1, abs(other))
}

@Suite("Architecture or luck")
struct LuckTests {
  @Test("equals brute force", arguments: LuckGoldens.sets.indices)
  func goldens(place: Int) throws {
    let golden = LuckGoldens.sets[place]
    let samples = golden.samples.map { Sample($0) }
    let share = try #require(ShareExplained(samples))
    #expect(near(share.value, golden.share))
    let interval = try #require(share.interval)
    // Ends of two resamplings of 9,999 differ by some hundredths where a percentile falls into a gap.
    #expect(near(interval.lower, golden.share95.0, 0.02))
    #expect(near(interval.upper, golden.share95.1, 0.02))
    let risk = try #require(ChoiceRisk(samples))
    for (k, wrong, cost, isExact) in golden.risk {
      guard let step = risk.steps.first(where: { $0.k == k }) else { continue }
      // Three standard errors of 200,000 draws.
      // Equal means of several runs differ in their last bits, and ties are broken by those.
      let slack = isExact && step.draws == nil ? (k == 1 ? 1e-9 : 1e-4) : 0.005
      #expect(near(step.wrong, wrong, slack), "k = \(k)")
      #expect(near(step.cost, cost, 4 * slack), "k = \(k)")
    }
    #expect(risk.steps.map(\.k).prefix(5) == [1, 2, 3, 4, 5])
    let beats = RunBeatsRun.all(samples)
    #expect(beats.count == golden.beats.count)
    for (pair, other) in zip(beats, golden.beats) {
      #expect(pair.first == other.0 && pair.second == other.1)
      #expect(near(pair.probability, other.2))
      let interval = try #require(pair.interval)
      #expect(near(interval.lower, other.3, 1e-7) && near(interval.upper, other.4, 1e-7))
    }
    let best = BestOfRuns.all(samples)
    for (place, k, expected, lower, upper) in golden.best {
      let own = try #require(best[place].first { $0.k == k })
      #expect(near(own.expected, expected))
      let interval = try #require(own.interval)
      // Percentiles of means of whole numbers come in steps, and one may fall either side of a step.
      let slack = 0.15 * (Sample(golden.samples[place]).standardDeviation ?? 0)
      #expect(abs(interval.lower - lower) <= slack, "best of \(k)")
      #expect(abs(interval.upper - upper) <= slack, "best of \(k)")
    }
  }

  @Test("a share by hand: two configurations, B and W counted out")
  func share() throws {
    // Means 1 and 5, variances 1 and 1: B = 8 − 1/3, W = 1.
    let share = try #require(ShareExplained([Sample([0, 1, 2]), Sample([4, 5, 6])]))
    #expect(near(share.value, (8 - 1.0 / 3) / (9 - 1.0 / 3)))
    // Means alike: what is left is luck alone, and never below nothing.
    #expect(try #require(ShareExplained([Sample([0, 1, 2]), Sample([0, 1, 2])])).value == 0)
    // No luck: all of it is the configuration.
    #expect(try #require(ShareExplained([Sample([1, 1, 1]), Sample([2, 2, 2])])).value == 1)
    #expect(ShareExplained([Sample([1, 1, 1]), Sample([1, 1, 1])]) == nil)
    #expect(ShareExplained([Sample([1, 2, 3])]) == nil)
    #expect(ShareExplained([Sample([1]), Sample([2, 3])]) == nil)
  }

  @Test("a share lies in its own interval, however few the runs")
  func ownInterval() throws {
    // Resamples repeat some of the three runs, and so find less luck than there is: of a dozen
    // configurations nearly all resamples give a larger share.
    let samples = stride(from: 0.0, to: 24, by: 2).map { Sample([$0 - 3, $0, $0 + 3]) }
    let share = try #require(ShareExplained(samples))
    let interval = try #require(share.interval)
    #expect(interval.lower <= share.value && share.value <= interval.upper, "\(share)")
    let component = try #require(VarianceComponent([[1, 2, 4], [2, 3, 4], [1.5, 2.5, 5]]))
    let levels = try #require(component.interval)
    #expect(levels.lower <= component.share && component.share <= levels.upper, "\(component)")
    #expect(Interval(2, 3)?.reaching(1) == Interval(1, 3))
    #expect(Interval(2, 3)?.reaching(4) == Interval(2, 4))
    #expect(Interval(2, 3)?.reaching(2.5) == Interval(2, 3))
  }

  @Test("the risk by hand: one bad run of three, ties shared")
  func risk() throws {
    // B is better on average (1 against 4/3), and a run of A is lower in 2 · 1 of 9 pairs, ties in
    // none: A has 0, 0, 4; B has −3, 3, 3.
    let risk = try #require(ChoiceRisk([Sample([0, 0, 4]), Sample([-3, 3, 3])]))
    #expect(risk.best == 1)
    #expect(near(risk.steps[0].wrong, 4.0 / 9))
    #expect(near(risk.steps[0].cost, 4.0 / 9 * (4.0 / 3 - 1)))
    #expect(!risk.steps[0].withReplacement && risk.steps[0].draws == nil)
    #expect(risk.steps[1].withReplacement)
    #expect(risk.notToldApart == [0])
    let tied = try #require(ChoiceRisk([Sample([1, 1, 1]), Sample([1, 1, 2])]))
    #expect(near(tied.steps[0].wrong, 1.0 / 3))
    // Equal means: no choice is wrong.
    let same = try #require(ChoiceRisk([Sample([1, 2, 3]), Sample([1, 2, 3])]))
    #expect(same.steps.allSatisfy { $0.wrong == 0 && $0.cost == 0 })
    #expect(same.seedsUntilRight == 1 && same.seedsUntilSettled == 1)
    #expect(same.notToldApart == [1])
  }

  @Test("a rare run far off: right by one run of each, wrong by the mean of several, right by many")
  func rareRun() throws {
    // The mean of k runs of A is larger than B's where it has the run at 70 and k is at most 6.
    let values = [Double](repeating: 0, count: 38) + [70]
    let other = Sample([Double](repeating: 10.5, count: 39))
    let risk = try #require(ChoiceRisk([Sample(values), other]))
    #expect(risk.best == 0)
    for step in risk.steps where step.k <= 19 {
      let wrong = step.k < 7 ? Double(step.k) / 39 : 0
      // Five standard errors of 600,000 draws.
      #expect(near(step.wrong, wrong, step.draws == nil ? 1e-9 : 0.0025), "k = \(step.k)")
    }
    #expect(risk.seedsUntilRight == 1)
    #expect(risk.seedsUntilSettled == 7)
    #expect(risk.relapse?.k == 6)
    #expect(risk.steps.map(\.k).max() == 28)
    // The same where the choice gets better before it gets worse.
    let wide = (0..<99).map { 4 * StandardNormal.quantile((Double($0) + 0.5) / 99) }
    let mixed = try #require(ChoiceRisk([Sample(wide + [100]), Sample(wide.map { $0 + 9.3 })]))
    #expect(mixed.seedsUntilRight == 2)
    #expect(mixed.seedsUntilSettled == 11)
    // One of 100 turns the choice by up to 35 runs, and three, which 1 % make too often, by up to 105.
    let many = try #require(
      ChoiceRisk([
        Sample([Double](repeating: 0, count: 99) + [70]),
        Sample([Double](repeating: 2, count: 100)),
      ]))
    #expect(many.seedsUntilRight == 1)
    #expect(many.seedsUntilSettled == 106)
    // Where none lies far off, that runs are drawn with replacement beyond half of them is no relapse.
    let normal = (0..<20).map { StandardNormal.quantile((Double($0) + 0.5) / 20) }
    let close = try #require(ChoiceRisk([Sample(normal), Sample(normal.map { $0 + 0.55 })]))
    #expect(close.seedsUntilRight == 10 && close.seedsUntilSettled == 10)
    #expect(close.relapse == nil)
  }

  @Test("seeds until right are the fewest: one less is wrong too often")
  func seedsUntilRight() throws {
    let values = (0..<40).map { StandardNormal.quantile((Double($0) + 0.5) / 40) }
    let samples = [0.0, 0.8, 0.9].map { shift in Sample(values.map { $0 + shift }) }
    let risk = try #require(ChoiceRisk(samples))
    let right = try #require(risk.seedsUntilRight)
    #expect(risk.steps.last { $0.k < right }.map { $0.wrong > 0.05 } ?? true)
    #expect(try #require(risk.steps.first { $0.k == right }).wrong <= 0.05)
    #expect(risk.steps.first { $0.k == right }?.withReplacement == false)
    #expect(risk.seedsUntilSettled == right)
    // What lies close needs more seeds than there are, and what lies closer more than are tried.
    let close = try #require(ChoiceRisk([samples[0], Sample(values.map { $0 + 0.25 })]))
    let many = try #require(close.seedsUntilRight)
    #expect(many > 40 && many < 150)
    #expect(close.steps.first { $0.k == many }?.withReplacement == true)
    #expect(close.notToldApart == [1])
    let closest = try #require(ChoiceRisk([samples[0], Sample(values.map { $0 + 0.01 })]))
    #expect(closest.seedsUntilRight == nil)
    #expect(closest.steps.last?.k == 1_000)
  }

  @Test("of a configuration is the same alone and among others, of whatever number of runs")
  func bestAmongOthers() {
    let samples = (0..<21).map { place in
      Sample((0..<(place % 3 == 0 ? 4 : 9)).map { Double(($0 * 7 + place * 5) % 11) })
    }
    let few = Resampling(replicates: 199, seed: 5)
    #expect(
      BestOfRuns.all(samples, resampling: few)
        == samples.flatMap { BestOfRuns.all([$0], resampling: few) })
  }

  @Test("the best of all runs is the best run, and of one run the mean")
  func best() throws {
    let best = BestOfRuns.all([Sample([3, 1, 2, 7])])[0]
    #expect(best.map(\.k) == [1, 2, 3, 4])
    #expect(near(best[0].expected, 13.0 / 4))
    // Of six pairs: 1 is the smallest of three, 2 of two, 3 of one.
    #expect(near(best[1].expected, (3.0 + 4 + 3) / 6))
    #expect(near(best[3].expected, 1))
    #expect(BestOfRuns.budgets(31) == [1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 31])
    #expect(BestOfRuns.budgets(0).isEmpty)
  }
}

@Suite("Sets of comparable configurations")
struct ComparableSetTests {
  private func runs(
    _ architecture: String, _ values: [TrainKey: ParameterValue] = [:], totals: [Double],
    collapsed: [Int]? = nil
  ) throws -> ConfigurationRuns {
    let configuration = try OutcomeFixture.configuration(architecture, values)
    var all = RunCollection(planned: [] as [Grid.PlannedConfiguration])
    for (seed, total) in totals.enumerated() {
      let dead = collapsed?[seed] ?? 0
      all.add(
        OutcomeFixture.ok(
          configuration, seed: UInt32(seed), total: total,
          varMu: (0..<4).map { $0 < dead ? 0.001 : 1 }))
    }
    return all.all[0]
  }

  @Test("keep apart what a metric does not compare, and name what is left out")
  func sets() throws {
    let totals: [Double] = [1, 2, 3]
    let all = [
      try runs("784-16-2", totals: totals), try runs("784-32-2", totals: totals),
      try runs("784-16-2", [.sampling: .bool(false)], totals: totals),
      try runs("784-32-2", [.sampling: .bool(false)], totals: totals),
      try runs("784-64-2", totals: [1, 2]),
      try runs("784-16-2", [.loss: .string("mse")], totals: totals),
      try runs("784-16-2", [.klWeight: .double(2)], totals: totals),
    ]
    let found = ComparableSet.all(all, metric: .testTotalLast5)
    #expect(
      found.sets.map { $0.members.map(\.configuration) } == [
        [all[0].configuration, all[1].configuration], [all[2].configuration, all[3].configuration],
      ])
    #expect(
      found.left.map(\.configuration)
        == [4, 5, 6].map { all[$0].configuration })
    #expect(found.left[0].reason.contains("2 independent runs"))
    // A reconstruction weighs no KL term.
    let reconstruction = ComparableSet.all(all, metric: .testReconstruction)
    #expect(reconstruction.sets[0].members.count == 3)
  }

  @Test("a metric without a better has no luck; one where more is better is turned about")
  func direction() throws {
    let all = [
      try runs("784-16-2", totals: [1, 2, 3]), try runs("784-32-2", totals: [3, 5, 7]),
    ]
    #expect(throws: NotComparable.self) { try LuckAnswer(all, metric: .generationDensity) }
    let luck = try LuckAnswer(all).luck[0]
    #expect(luck.risk?.best == 0)
    #expect(luck.beats[0].probability > 0.8)
    #expect(luck.best[1].map { $0.expected }.last == 3)
    #expect(luck.collapse == nil)
  }

  @Test("collapse explains the rest where runs with collapsed latents lie apart")
  func rest() throws {
    let luck = try LuckAnswer([
      try runs("784-16-2", totals: [1, 2, 11, 12], collapsed: [0, 0, 1, 1]),
      try runs("784-32-2", totals: [3, 4, 13, 14], collapsed: [0, 0, 2, 2]),
    ]).luck[0]
    // Of each: 4 · 25 between modes, 4 · ¼ within them with 2 degrees of freedom; 101 with 3 in all.
    #expect(near(try #require(luck.rest.shareByCollapse), 1 - (2.0 / 4) / (202.0 / 6)))
    // Means ½ and 1, variances 1/3 and 4/3.
    let between = max(0, 0.125 - (1.0 / 3 + 4.0 / 3) / 8)
    #expect(try #require(luck.collapse).value == between)
  }

  @Test("numbers of collapsed latents that explain no more than chance explain nothing")
  func modesOfOneRun() throws {
    // Each run has a number of its own: the modes are the runs.
    let single = try LuckAnswer([
      try runs("784-16-4", totals: [1, 5, 3], collapsed: [0, 1, 2]),
      try runs("784-32-4", totals: [4, 2, 9], collapsed: [2, 0, 1]),
    ]).luck[0]
    #expect(single.rest.shareByCollapse == nil)
    // Numbers dealt out without regard to the values, which three modes of eight runs explain in part.
    let dealt = try LuckAnswer([
      try runs("784-16-4", totals: [1, 2, 3, 4, 5, 6], collapsed: [0, 1, 2, 1, 2, 0]),
      try runs("784-32-4", totals: [2, 4, 6, 8, 10, 12], collapsed: [2, 0, 1, 0, 1, 2]),
    ]).luck[0]
    #expect(dealt.rest.shareByCollapse == 0)
  }

  @Test("more than one run in twenty that diverged leaves a configuration out, fewer are told")
  func diverged() throws {
    func runs(_ architecture: String, ok: Int, diverged: Int) throws -> ConfigurationRuns {
      let configuration = try OutcomeFixture.configuration(architecture)
      var all = RunCollection(planned: [] as [Grid.PlannedConfiguration])
      for seed in 0..<UInt32(ok) {
        all.add(OutcomeFixture.ok(configuration, seed: seed, total: Double(100 + seed % 7)))
      }
      for seed in 0..<UInt32(diverged) {
        all.add(OutcomeFixture.diverged(configuration, seed: UInt32(ok) + seed))
      }
      return all.all[0]
    }
    let all = [
      try runs("784-16-2", ok: 20, diverged: 0), try runs("784-32-2", ok: 19, diverged: 1),
      try runs("784-64-2", ok: 3, diverged: 3), try runs("784-128-2", ok: 0, diverged: 4),
    ]
    let found = ComparableSet.all(all, metric: .testTotalLast5)
    #expect(found.sets.count == 1)
    #expect(found.sets[0].members.map(\.configuration) == all.prefix(2).map(\.configuration))
    #expect(found.sets[0].members[0].cautions.isEmpty)
    #expect(
      found.sets[0].members[1].cautions
        == ["1 of 20 runs diverged, and none of them is in these figures"])
    #expect(
      found.left.map(\.reason)
        == ["3 of 6", "4 of 4"].map {
          "\($0) runs diverged, more than 5 %: those left may not stand for all"
        })
  }

  @Test("levels stand in for runs under a name of their own")
  func levels() throws {
    func nested(_ architecture: String) throws -> ConfigurationRuns {
      let configuration = try OutcomeFixture.configuration(architecture)
      var all = RunCollection(planned: [] as [Grid.PlannedConfiguration])
      for run in 0..<UInt32(12) {
        let outcome = OutcomeFixture.ok(configuration, seed: run, total: Double(100 + run))
        let seeds = Seeds(initialization: run / 3, order: run, noise: run)
        let point = Point(configuration: configuration, seeds: seeds)
        all.add(Outcome(key: outcome.key, point: point, result: outcome.result))
      }
      return all.all[0]
    }
    let plain = try runs("784-64-2", totals: [1, 2, 3])
    let two = [try nested("784-16-2"), try nested("784-32-2")]
    let sets = [two, two + [plain], [plain, try runs("784-8-2", totals: [1, 2, 3])]].map {
      ComparableSet.all($0, metric: .testTotalLast5).sets[0]
    }
    #expect(sets.map(\.unit) == [.level, .mixed, .run])
    #expect(sets[0].members[0].sample.values == [101, 104, 107, 110])
    #expect(sets[0].members[0].cautions.count == 1)
    #expect(sets[2].members[0].cautions.isEmpty)
  }

  private func designed(_ seeds: [(UInt32, UInt32)], sampling: Bool = true) -> IndependentUnits {
    IndependentUnits(
      seeds.map { Seeds(initialization: $0.0, order: $0.1, noise: $0.1) }, sampling: sampling)
  }

  @Test("runs that share a seed are one unit")
  func units() {
    #expect(designed([(0, 0), (1, 1), (2, 2)]).standing == .runs)
    #expect(designed([(0, 0), (0, 1), (1, 2), (1, 3)]).standing == .levels(2))
    #expect(designed([(0, 0), (0, 1), (1, 0), (1, 1)]).standing == .crossed)
    // One seed held fixed: inference is given it.
    #expect(designed([(0, 7), (1, 7), (2, 7)]).standing == .runs)
    // Without sampling the noise seed changes nothing.
    let noise = (0..<3).map { Seeds(initialization: 1, order: 1, noise: $0) }
    #expect(IndependentUnits(noise, sampling: true).standing == .runs)
    #expect(IndependentUnits(noise, sampling: false).standing == .alike(variesNoise: true))
    #expect(IndependentUnits([], sampling: true).standing == .runs)
  }
}
