import Foundation
import Study
import Sweep
import Testing
import VAE

@Suite("A rare mode")
struct RareModeTests {
  private func variance(_ runs: [(Int, Double)]) throws -> VarianceByCollapse {
    try #require(VarianceByCollapse(runs.map { (collapsed: $0.0, value: $0.1) }))
  }

  private let plain = (0..<19).map { (0, 100 + Double($0) / 10) }

  @Test("needs a gap: no run within three standard deviations of another mode")
  func gap() throws {
    let apart = try variance(plain + [(4, 150)])
    #expect(apart.rareModes.map(\.collapsed) == [4])
    #expect(apart.caveat?.hasPrefix("rare mode: sd unstable") == true)
    #expect(apart.caveat?.contains("4 collapsed in 1 of 20 runs") == true)
    // A label that says nothing of the loss is no mode.
    #expect(try variance(plain + [(1, 101.05)]).rareModes.isEmpty)
    // sd within is 0.563: just within three of them, and just beyond.
    #expect(try variance(plain + [(1, 101.8 + 1.6)]).rareModes.isEmpty)
    #expect(try variance(plain + [(1, 101.8 + 1.8)]).rareModes.count == 1)
    // Between two others is apart as well.
    let low: [(Int, Double)] = (0..<10).map { (0, Double($0) / 10) }
    let high: [(Int, Double)] = (0..<9).map { (2, 20 + Double($0) / 10) }
    let between = try variance(low + high + [(1, 10)])
    #expect(between.rareModes.map(\.collapsed) == [1])
    // More than a fifth of the runs, and runs that have a mode each, are not rare.
    let few: [(Int, Double)] = (0..<7).map { (0, Double($0)) }
    #expect(try variance(few + [(1, 90), (1, 91)]).rareModes.isEmpty)
    let single: [(Int, Double)] = (0..<5).map { ($0, Double($0)) }
    #expect(try variance(single).rareModes.isEmpty)
  }

  /// The larger p of both centres is what decides a claim on a ratio of standard deviations.
  @Test("leaves the ratio of standard deviations a level, also that of nine tests")
  func level() throws {
    var generator = SimulationGenerator(state: 2)
    let resampling = Resampling(replicates: 1_999, seed: 1)
    func draw() -> Sample {
      Sample(
        (0..<50).map { _ in
          let isFar = Double.random(in: 0..<1, using: &generator) < 0.02
          return generator.normal() + (isFar ? 70 : 0)
        })
    }
    let repetitions = 1_000
    var rejected: [String: Int] = [:]
    for _ in 0..<repetitions {
      let test = try #require(SpreadComparison(draw(), draw(), resampling: resampling))
      for (name, p) in [("means", test.meanCentred), ("larger", test.pValue)] {
        if p <= 0.05 { rejected["\(name) 0.05", default: 0] += 1 }
        if p <= 0.05 / 9 { rejected["\(name) 0.05/9", default: 0] += 1 }
      }
    }
    let told = rejected.sorted { $0.key < $1.key }.map {
      "\($0.key): \(Double($0.value) / Double(repetitions))"
    }
    print(
      "level of the ratio of sds, 2 % of runs 70 sd off, n = 50: \(told.joined(separator: ", "))")
    #expect(rejected["means 0.05", default: 0] > 150)
    #expect(rejected["larger 0.05", default: 0] < 65)
    #expect(rejected["larger 0.05/9", default: 0] < 35)
  }

  /// Why a line says that the mean's interval is not honest: in 0.98ⁿ of samples nothing is seen of the
  /// mode, and no interval made of them can know of it.
  @Test(
    "is held by no interval of the mean: neither t nor modes put together", arguments: [20, 50])
  func mean(n: Int) throws {
    var generator = SimulationGenerator(state: UInt64(n))
    var tally = Tally()
    var seen = 0
    for _ in 0..<2_000 {
      let runs = (0..<n).map { _ in
        let isFar = Double.random(in: 0..<1, using: &generator) < 0.02
        return (collapsed: isFar ? 4 : 0, value: generator.normal() + (isFar ? 70 : 0))
      }
      let sample = Sample(runs.map(\.value))
      tally.note("t", .ofMean(sample), 1.4)
      // Wilson's ends of the mode's rate, between the means of the modes.
      let far = Sample(runs.filter { $0.collapsed == 4 }.map(\.value))
      let near = Sample(runs.filter { $0.collapsed == 0 }.map(\.value))
      let rate = Share(count: far.count, of: n).interval()
      if let rate, let high = far.mean, let low = near.mean {
        seen += 1
        tally.note(
          "modes by rate",
          Interval(low + rate.lower * (high - low), low + rate.upper * (high - low)), 1.4)
      } else {
        tally.note("modes by rate", .ofMean(sample), 1.4)
      }
    }
    print(
      "coverage of the mean, 2 % of runs 70 sd off, n = \(n): \(tally.description); the mode is seen in "
        + String(format: "%.3f", Double(seen) / 2_000))
    for (name, share) in tally.shares { #expect(share < 0.75, "\(name)") }
  }
}

@Suite("Sign flips of few pairs")
struct SignFlipTests {
  @Test("can't reject, and say so", arguments: [(3, 0.25), (5, 0.0625), (6, 0.03125)])
  func smallest(pairs: Int, smallest: Double) throws {
    let paired = try #require(
      PairedComparison((0..<pairs).map { (first: Double(10 + $0), second: 0) }))
    #expect(paired.signFlip == smallest)
    #expect(paired.smallestSignFlip == smallest)
    #expect(paired.canReject == (pairs >= 6))
  }
}

@Suite("Looks at a rate of collapse")
struct CollapseLooksTests {
  @Test(
    "hold their level over ten thousand sweeps, wherever they stop",
    arguments: [0.02, 0.05, 0.2, 0.5, 0.9])
  func coverage(rate: Double) throws {
    var generator = SimulationGenerator(state: UInt64(rate * 100))
    for (at, width) in [
      ([16, 32, 64], 0.15), ([20, 50, 100, 200], 0.2), ([20, 50, 100, 200], 0.1),
    ] {
      let plan = LookPlan(metric: .testTotalLast5, aim: .collapseHalfWidth(width), at: at)
      let last = UInt32(try #require(at.last))
      var held = 0
      var stops: [Int: Int] = [:]
      for _ in 0..<10_000 {
        var settled: [UInt32: Double?] = [:]
        for seed in 0..<last {
          settled[seed] = Double.random(in: 0..<1, using: &generator) < rate ? 1 : 0
        }
        let looks = SequentialLooks(plan, seeds: Array(0..<last), settled: settled)
        let interval = try #require(looks.looks.last?.interval)
        if interval.lower <= rate, rate <= interval.upper { held += 1 }
        stops[looks.looks.last?.seeds ?? 0, default: 0] += 1
      }
      let coverage = Double(held) / 10_000
      print(
        "coverage of looks at a rate of \(rate), half width \(width), stops "
          + "\(stops.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }): \(coverage)")
      #expect(coverage >= 0.94)
    }
  }

  @Test("read whether any latent collapsed, and nothing without sampling")
  func value() throws {
    let plan = LookPlan(metric: .testTotalLast5, aim: .collapseHalfWidth(0.1), at: [2])
    let sampled = try OutcomeFixture.configuration("784-16-2")
    let not = try OutcomeFixture.configuration("784-16-2", [.sampling: .bool(false)])
    func value(_ configuration: Configuration, _ varMu: [Double]) -> Double? {
      plan.value(
        of: Run(OutcomeFixture.ok(configuration, seed: 0, total: 1, varMu: varMu)))
    }
    #expect(value(sampled, [1, 1]) == 0)
    #expect(value(sampled, [1, 0.001]) == 1)
    #expect(value(not, [1, 0.001]) == nil)
  }
}
