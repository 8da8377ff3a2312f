import Study
import Sweep
import Testing

@Suite("Sequential looks")
struct SequentialLooksTests {
  private let seeds = Array(UInt32(0)..<64)

  private func plan(_ width: Double, _ at: [Int] = [16, 32, 64]) -> LookPlan {
    LookPlan(metric: .testTotal, aim: .meanHalfWidth(width), at: at)
  }

  /// Losses without luck: quantiles of the normal distribution, in an order that mixes them.
  private func settled(_ count: Int) -> [UInt32: Double?] {
    var values: [UInt32: Double?] = [:]
    for seed in 0..<count {
      let place = seed * 37 % 64
      values[UInt32(seed)] = 100 + StandardNormal.quantile((Double(place) + 0.5) / 64)
    }
    return values
  }

  @Test("stop at the first look that is narrow enough, at the level α/K")
  func reached() throws {
    let looks = SequentialLooks(plan(0.5), seeds: seeds, settled: settled(64))
    #expect(looks.looks.map(\.seeds) == [16, 32])
    #expect(looks.state == .reached(at: 32))
    #expect(looks.surplus == Array(32..<64))
    let fewer = SequentialLooks(plan(0.5), seeds: seeds, settled: settled(40))
    #expect(fewer.surplus == Array(32..<40))
    #expect(fewer.unneeded == Array(32..<64))
    #expect(looks.biasesDeviation)
    // The interval of the first look is that of its first sixteen at 1 − 0.05/3.
    let first = Sample((0..<16).compactMap { settled(64)[UInt32($0)] ?? nil })
    #expect(
      looks.looks[0].interval == Interval.ofMean(first, confidence: 1 - 0.05 / 3))
  }

  @Test("do not depend on the order in which runs finish")
  func order() {
    // Seed 20 is late: everything after it is there, and nothing is decided beyond sixteen.
    var late = settled(64)
    late[20] = nil
    let looks = SequentialLooks(plan(0.5), seeds: seeds, settled: late)
    #expect(looks.looks.map(\.seeds) == [16])
    #expect(looks.state == .waiting(missing: [20]))
    #expect(looks.surplus.isEmpty && looks.unneeded.isEmpty)
    #expect(!looks.biasesDeviation)
    // Once it is there the decision is that of an undisturbed run.
    late[20] = settled(64)[20]
    #expect(
      SequentialLooks(plan(0.5), seeds: seeds, settled: late)
        == SequentialLooks(plan(0.5), seeds: seeds, settled: settled(64)))
  }

  @Test("end with the last look, narrow or not, and then bias nothing")
  func exhausted() {
    let looks = SequentialLooks(plan(0.01), seeds: seeds, settled: settled(64))
    #expect(looks.state == .exhausted)
    #expect(looks.looks.count == 3)
    #expect(looks.surplus.isEmpty)
    #expect(!looks.biasesDeviation)
    let last = SequentialLooks(plan(0.35), seeds: seeds, settled: settled(64))
    #expect(last.state == .reached(at: 64))
    #expect(!last.biasesDeviation)
  }

  @Test("count a run that diverged as done, without a value")
  func diverged() {
    var values = settled(16)
    values[3] = .some(nil)
    let looks = SequentialLooks(plan(5), seeds: seeds, settled: values)
    #expect(looks.state == .reached(at: 16))
    #expect(looks.looks[0].n == 15)
  }

  @Test("judge a deviation by its own interval")
  func deviation() {
    let wide = LookPlan(metric: .testTotal, aim: .deviationHalfWidth(1), at: [8, 16])
    // Below ten values a deviation has no interval, so that the first look cannot decide.
    let looks = SequentialLooks(wide, seeds: seeds, settled: settled(64))
    #expect(looks.looks.map(\.isNarrowEnough) == [false, true])
    #expect(looks.looks[0].interval == nil)
  }

  @Test("at a share say so, and leave the deviation to claims about spread")
  func share() throws {
    let plan = LookPlan(metric: .testTotal, aim: .collapseHalfWidth(0.3), at: [16, 32, 64])
    var collapsed: [UInt32: Double?] = [:]
    for seed in seeds { collapsed[seed] = seed % 8 == 0 ? 1 : 0 }
    let looks = SequentialLooks(plan, seeds: seeds, settled: collapsed)
    #expect(looks.state == .reached(at: 16))
    #expect(!looks.biasesDeviation)
    let caveat = try #require(looks.caveat)
    #expect(caveat.contains("share with any collapse") && caveat.contains("98.33 %"), "\(caveat)")
    #expect(!caveat.contains("sd"), "\(caveat)")
    let deviation = LookPlan(metric: .testTotal, aim: .deviationHalfWidth(1), at: [16, 32])
    #expect(SequentialLooks(deviation, seeds: seeds, settled: settled(64)).biasesDeviation)
  }
}
