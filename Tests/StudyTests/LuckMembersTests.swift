import Study
import Sweep
import TestSupport
import Testing
import VAE

@Suite("What the figures of luck are of, and leave out")
struct LuckMembersTests {
  /// Two learning rates of one net whose runs move together, seed by seed.
  private func twins(seeds: UInt32 = 10, initial: UInt32? = nil) throws -> [ConfigurationRuns] {
    var axes = [
      GridAxis(
        key: .architecture,
        values: .list([.architecture(try Architecture(parsing: "784-16-2"))])),
      GridAxis(
        key: .train(.learningRate),
        values: .list([.parameter(.double(0.001)), .parameter(.double(0.01))])),
      GridAxis(key: .seed, values: .seeds(0...(seeds - 1))),
    ]
    if let initial { axes.append(GridAxis(key: .initSeed, values: .seeds(initial...initial))) }
    var runs = RunCollection(planned: [] as [Grid.PlannedConfiguration])
    for (_, point) in try Grid(axes: axes, train: [:]).points {
      let isBetter = point.configuration[.learningRate] == .double(0.01)
      let seed = Double(point.seeds.order)
      runs.add(RunFixture.outcome(point, total: 100 + 3 * seed - (isBetter ? 0.5 : 0)))
    }
    return runs.all
  }

  @Test("a choice at one seed for all: never wrong where a difference is the same at every seed")
  func bySeed() throws {
    let luck = try #require(try LuckAnswer(try twins()).luck.first)
    let choice = try #require(luck.bySeed)
    #expect(choice.seeds == 10 && choice.wrong == 0 && choice.cost == 0)
    // Drawn by themselves the runs decide almost nothing.
    #expect(try #require(luck.risk?.steps.first).wrong > 0.4)
    // Unlike architectures share no draws at a seed.
    var apart = RunCollection(planned: [] as [Grid.PlannedConfiguration])
    for (index, point) in try RunFixture.grid(["784-16-2", "784-8-2"], seeds: 3).points {
      apart.add(RunFixture.outcome(point, total: 100 + Double(index % 4)))
    }
    #expect(try #require(try LuckAnswer(apart.all).luck.first).bySeed == nil)
  }

  /// The runs of one net under two learning rates, seed by seed; nil where there is none.
  private func pairs(_ runs: [(Double?, Double?)], metric: Metric = .testTotalLast5) throws
    -> ChoiceBySeed?
  {
    var collection = RunCollection(planned: [] as [Grid.PlannedConfiguration])
    let grid = try RunFixture.grid(
      ["784-16-2"], seeds: UInt32(runs.count),
      axes: [.learningRate: [.double(0.001), .double(0.01)]])
    for (_, point) in grid.points {
      let pair = runs[Int(try #require(point.seeds.shared))]
      let isFirst = point.configuration[.learningRate] == .double(0.001)
      guard let value = isFirst ? pair.0 : pair.1 else { continue }
      var study = StudyMeasures()
      study[.generationCoverage] = value
      collection.add(RunFixture.outcome(point, total: value, study: study))
    }
    return try LuckAnswer(collection.all, metric: metric).luck.first?.bySeed
  }

  @Test("a choice at one seed by hand: shared seeds alone, ties shared, either direction")
  func bySeedByHand() throws {
    // The first is better on average by its run at seed 0; the second is chosen at the others.
    let far = try #require(try pairs([(70, 100), (101, 100), (101, 100)]))
    #expect(far.seeds == 3 && abs(far.wrong - 2.0 / 3) < 1e-9)
    #expect(abs(far.cost - (2.0 / 3 * (100 - 272.0 / 3))) < 1e-9)
    // Larger is better: the second is better on average, and chosen at two seeds of three.
    let high = try #require(
      try pairs([(70, 100), (101, 100), (90, 100)], metric: .generationCoverage))
    #expect(abs(high.wrong - 1.0 / 3) < 1e-9 && abs(high.cost - (1.0 / 3 * (100 - 87))) < 1e-9)
    let tied = try #require(try pairs([(1, 1), (1, 2), (1, 2)]))
    #expect(abs(tied.wrong - 1.0 / 6) < 1e-9)
    // Of seeds that one of the two lacks nothing is told; two are too few.
    let some = try #require(
      try pairs([(1, 2), (1, 2), (3, 2), (9, nil), (nil, 0), (1, nil), (nil, 3)]))
    #expect(some.seeds == 3)
    #expect(try pairs([(1, 2), (1, 2), (9, nil), (nil, 0)]) == nil)
  }

  @Test("a seed that is held fixed is named: its luck is in no figure")
  func heldSeeds() throws {
    let all = try twins(initial: 7)
    #expect(all.map(\.heldSeeds) == [[.initialization], [.initialization]])
    let luck = try #require(try LuckAnswer(all).luck.first)
    #expect(
      luck.set.members[0].cautions == [
        "luck that goes with init_seed, held fixed, is not in these figures"
      ])
    #expect(try twins().allSatisfy { $0.heldSeeds.isEmpty })
  }

  @Test("runs with one weight moved are no rivals of those that they were moved from")
  func perturbed() throws {
    let grid = try RunFixture.grid(
      ["784-16-2", "784-8-2"], seeds: 3,
      axes: [.perturb: [.null, .string("5@0"), .string("6@0")]])
    var runs = RunCollection(planned: [] as [Grid.PlannedConfiguration])
    for (index, point) in grid.points {
      runs.add(RunFixture.outcome(point, total: 100 + Double(index % 7)))
    }
    let found = try LuckAnswer(runs.all)
    #expect(found.luck.count == 1 && found.luck[0].set.members.count == 2)
    #expect(found.left.count == 4)
    #expect(found.left.allSatisfy { $0.reason.contains("summary --perturbation") })
    // Where all are moved, one of each stands for them.
    let moved = runs.all.filter { $0.configuration.perturbation != nil }
    let among = try LuckAnswer(moved)
    #expect(among.luck.first?.set.members.count == 2 && among.left.count == 2)
  }

  @Test("runs that are still to come are counted")
  func missing() throws {
    let grid = try RunFixture.grid(["784-16-2", "784-8-2"], seeds: 6)
    var runs = RunCollection(planned: Grid.plannedOnce([grid]))
    for (index, point) in grid.points where index < 8 {
      runs.add(RunFixture.outcome(point, total: 100 + Double(index % 5)))
    }
    let missing = try #require(try LuckAnswer(runs.all).luck.first).set.missing
    #expect(missing == (runs: 4, of: 12))
  }
}
