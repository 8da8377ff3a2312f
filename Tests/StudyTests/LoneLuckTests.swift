import Study
import Sweep
import Testing
import VAE

@Suite("The luck of a configuration that no other can be held against")
struct LoneLuckTests {
  private func runs(
    _ values: [(seeds: Seeds, total: Double)], of architecture: String = "784-16-2",
    train: [TrainKey: ParameterValue] = [:], diverged: Int = 0
  ) throws -> ConfigurationRuns {
    ConfigurationRuns(
      configuration: try OutcomeFixture.configuration(architecture, train),
      counts: PointCounts(
        planned: values.count + diverged, ok: values.count, diverged: diverged),
      runs: values.map { Run(seeds: $0.seeds, values: [.testTotalLast5: $0.total]) })
  }

  /// Four initialisations of three redraws each, which move a run by 10 and by 1.
  private func nested() -> [(seeds: Seeds, total: Double)] {
    (0..<12).map { run in
      let level = run / 3
      let seeds = Seeds(initialization: UInt32(level), order: UInt32(run), noise: UInt32(run))
      return (seeds, Double(10 * level + run % 3))
    }
  }

  private func plain(_ totals: [Double]) -> [(seeds: Seeds, total: Double)] {
    totals.enumerated().map { (Seeds(UInt32($0)), $1) }
  }

  @Test("a nested design is split by the seed that was varied apart")
  func nestedDesign() throws {
    let answer = try LuckAnswer([try runs(nested())])
    #expect(answer.luck.isEmpty && answer.left.isEmpty)
    let alone = try #require(answer.alone.first)
    #expect(alone.sample.count == 12)
    #expect(alone.levels.map(\.seed) == [0, 1, 2, 3])
    #expect(alone.levels.map(\.factor) == Array(repeating: .initialization, count: 4))
    #expect(alone.levels[2].sample.values.sorted() == [20, 21, 22])
    let share = try #require(alone.seeds?.sources.first?.metric)
    #expect(share.value > 0.98 && share.exact != nil)
    #expect(
      alone.cautions == ["fewer than 30 levels or 5 redraws: the intervals hold too rarely"])
    // MSB = 500, MSW = 1, so (500 − 1) / 3 between and 1 within.
    #expect(abs((alone.standardDeviation ?? 0) - (499.0 / 3 + 1).squareRoot()) < 1e-9)
    #expect(alone.reason == nil)
  }

  @Test("a crossed design, none of whose runs is independent, is told by all of its seeds")
  func crossedDesign() throws {
    let cells = (0..<9).map { cell -> (seeds: Seeds, total: Double) in
      let (first, second) = (cell / 3, cell % 3)
      let seeds = Seeds(initialization: UInt32(first), order: UInt32(second), noise: 0)
      return (seeds, Double(10 * first + second))
    }
    let other = try runs(plain([1, 2, 3]), of: "784-32-2")
    let answer = try LuckAnswer([try runs(cells), other])
    let alone = try #require(answer.alone.first)
    #expect(alone.seeds?.sources.map(\.factors.count) == [1, 1, 2])
    #expect(alone.levels.map(\.seed) == [0, 1, 2])
    #expect(alone.cautions.contains { $0.hasPrefix("luck that goes with noise_seed, held fixed") })
    #expect(alone.cautions.contains { $0.hasSuffix("has an interval: so few levels say little") })
    #expect(alone.reason?.contains("crossed design") == true)
    #expect(
      answer.alone.map(\.runs.configuration) == [alone.runs.configuration, other.configuration])
  }

  @Test("without a design a configuration is told of where no two can be compared")
  func onlyOne() throws {
    let only = try LuckAnswer([try runs(plain([1, 2, 6]))])
    let alone = try #require(only.alone.first)
    #expect(alone.seeds == nil && alone.levels.isEmpty)
    #expect(alone.sample.values == [1, 2, 6])
    #expect(alone.cautions == ["3 runs, of which little can be said"])
    let two = try LuckAnswer([
      try runs(plain([1, 2, 6])),
      try runs(plain([1, 2, 6]), train: [.loss: .string("mse")]),
    ])
    #expect(two.alone.count == 2 && two.left.isEmpty)
    #expect(two.alone[0].reason?.contains("no other configuration") == true)
    let pair = [
      try runs(plain([1, 2, 6]), of: "784-8-2"), try runs(plain([1, 2, 6]), of: "784-4-2"),
      try runs(plain([1, 2, 6]), train: [.loss: .string("mse")]),
    ]
    let set = try LuckAnswer(pair)
    #expect(set.luck.count == 1 && set.alone.isEmpty && set.left.count == 1)
  }

  @Test("what is left out for the state of its runs stays so")
  func leftOut() throws {
    #expect(try LuckAnswer([try runs(plain([1, 2]))]).left.count == 1)
    let diverged = try LuckAnswer([try runs(nested(), diverged: 3)])
    #expect(diverged.alone.isEmpty)
    #expect(diverged.left[0].reason.contains("diverged"))
  }
}
