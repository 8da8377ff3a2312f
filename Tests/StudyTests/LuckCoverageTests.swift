import Foundation
import Study
import Sweep
import Testing

/// Runs of several configurations whose means, spreads and rare mode are known.
private struct SimulatedSet {
  let means: [Double]
  let deviations: [Double]
  /// In 2 % of the runs of each, the loss lies thirty deviations of the first higher.
  let hasRareMode: Bool

  private let within: Double
  private let between: Double

  private var rate: Double { hasRareMode ? 0.02 : 0 }
  private let shift = 30.0

  /// Means at equal distances.
  init(_ count: Int, share: Double, isUnequal: Bool, hasRareMode: Bool) {
    let places = (0..<count).map { 2 * Double($0) / Double(count - 1) - 1 }
    // From ½ to 2; of three the middle one is 1.
    deviations = places.map { isUnequal ? (count == 3 ? exp2($0) : 1.25 + 0.75 * $0) : 1 }
    self.hasRareMode = hasRareMode
    within = deviations.reduce(0) { $0 + $1 * $1 } / Double(count)
    let spread = places.reduce(0) { $0 + $1 * $1 } / Double(count - 1)
    between = share / (1 - share) * within
    let scale = (between / spread).squareRoot()
    means = places.map { $0 * scale }
  }

  var share: Double {
    let mode = rate * (1 - rate) * shift * shift
    return between / (between + within + mode)
  }

  func draw(_ n: Int, _ generator: inout SimulationGenerator) -> [Sample] {
    zip(means, deviations).map { mean, deviation in
      Sample(
        (0..<n).map { _ in
          let isHigher = rate > 0 && Double.random(in: 0..<1, using: &generator) < rate
          return mean + deviation * generator.normal() + (isHigher ? shift : 0)
        })
    }
  }
}

@Suite("Intervals of architecture and luck in simulations")
struct LuckCoverageTests {
  private static let repetitions = 500
  private static let resampling = Resampling(replicates: 399, seed: 1)

  /// So few of all that are told that they take a second or two each.
  private static let sets: [SimulatedCoverage.OfShare] = [
    (3, 5), (3, 10), (3, 20), (2, 3), (14, 5), (14, 20),
  ]
  .map { SimulatedCoverage.ofShare(configurations: $0.0, runs: $0.1) }

  @Test("the share explained is held as often as is said beside it", arguments: sets)
  func share(told: SimulatedCoverage.OfShare) throws {
    let (count, n) = (told.configurations, told.runs)
    var generator = SimulationGenerator(state: UInt64(n))
    var worst = (plain: 1.0, rareMode: 1.0)
    for hasRareMode in [false, true] {
      for isUnequal in [false, true] {
        var lines: [String] = []
        for share in [0, 0.5, 0.9] {
          let set = SimulatedSet(
            count, share: share, isUnequal: isUnequal, hasRareMode: hasRareMode)
          var held = 0
          for _ in 0..<Self.repetitions {
            let found = try #require(
              ShareExplained(set.draw(n, &generator), resampling: Self.resampling))
            let interval = try #require(found.interval)
            if interval.lower <= set.share, set.share <= interval.upper { held += 1 }
          }
          let coverage = Double(held) / Double(Self.repetitions)
          lines.append(String(format: "%.2f: %.3f", set.share, coverage))
          if hasRareMode {
            worst.rareMode = min(worst.rareMode, coverage)
          } else {
            worst.plain = min(worst.plain, coverage)
          }
        }
        print(
          "coverage of the share explained (true share: coverage), \(count) configurations, n = \(n), "
            + "\(isUnequal ? "unequal" : "equal") spreads\(hasRareMode ? ", rare mode" : ""): "
            + lines.joined(separator: ", "))
      }
    }
    // What is said beside the figure is the worst that was found, give or take a simulation's error.
    #expect(abs(worst.plain - told.plain) < 0.05)
    #expect(abs(worst.rareMode - told.rareMode) < 0.05)
  }

  @Test("what is said of a set is the simulation of no more runs and no fewer configurations")
  func nearest() {
    func found(_ configurations: Int, _ runs: Int) -> [Int] {
      let own = SimulatedCoverage.ofShare(configurations: configurations, runs: runs)
      return [own.configurations, own.runs]
    }
    #expect(found(2, 3) == [2, 3])
    #expect(found(9, 30) == [14, 20])
    #expect(found(3, 4) == [3, 3])
    #expect(found(500, 900) == [80, 50])
    let shares = SimulatedCoverage.shares
    #expect(Set(shares.map { [$0.configurations, $0.runs] }).count == shares.count)
    #expect(shares.allSatisfy { $0.plain < 0.95 && $0.rareMode < 0.95 })
  }

  /// The best is taken from the same runs, so that the risk flatters.
  @Test("the risk of one run is too low where two configurations are close, and right where not")
  func risk() throws {
    var generator = SimulationGenerator(state: 3)
    for (gap, n) in [(0.3, 5), (0.3, 20), (2.0, 5), (2.0, 20)] {
      // P(X > Y) for Y − X normal of mean `gap` and variance 2.
      let truth = StandardNormal.cumulative(-gap / 2.0.squareRoot())
      var sum = 0.0
      for _ in 0..<Self.repetitions {
        let (a, b) = (
          SimulatedLosses.normal.draw(n, &generator), SimulatedLosses.normal.draw(n, &generator)
        )
        sum += try #require(ChoiceRisk.wrongByOneRun([a, Sample(b.values.map { $0 + gap })]))
      }
      let mean = sum / Double(Self.repetitions)
      print(
        String(
          format: "risk of one run, means %.1f sd apart, n = %d: true %.3f, told on average %.3f",
          gap, n, truth, mean))
      if gap == 2 { #expect(abs(mean - truth) < 0.02) } else { #expect(mean < truth) }
    }
  }

  @Test("the chance that a run beats another is held, near 1 too", arguments: [5, 10, 20])
  func beats(n: Int) throws {
    var generator = SimulationGenerator(state: UInt64(40 + n))
    for gap in [0, 1, 2.5] {
      let truth = StandardNormal.cumulative(gap / 2.0.squareRoot())
      var tally = Tally()
      var smallest = 1.0
      for _ in 0..<1_000 {
        let a = SimulatedLosses.normal.draw(n, &generator)
        let b = SimulatedLosses.normal.draw(n, &generator).values.map { $0 + gap }
        let order = try #require(OrderComparison(a, Sample(b)))
        tally.note("within 0 and 1", order.interval, truth)
        smallest = min(smallest, order.pValue)
      }
      // No ranking of five and five values is rarer than two in 252.
      if n == 5 { #expect(smallest >= 2.0 / 252 - 1e-12, "\(smallest)") }
      print(
        "coverage of P(X < Y) = \(String(format: "%.2f", truth)), n = \(n): \(tally.description)")
      for (_, share) in tally.shares { #expect(share > 0.92) }
    }
  }

  /// The expected smallest of so many normal values.
  private static let bestOfAll = [5: -1.162964, 10: -1.538753, 20: -1.867475]

  @Test("the expected best of k runs is unbiased", arguments: [5, 10, 20])
  func best(n: Int) throws {
    var generator = SimulationGenerator(state: UInt64(80 + n))
    // Of two normal values, and of three: −1/√π and −3/(2√π).
    let truths = [1: 0, 2: -1 / Double.pi.squareRoot(), 3: -1.5 / Double.pi.squareRoot()]
    var sums: [Int: Double] = [:]
    var tally = Tally()
    for _ in 0..<Self.repetitions {
      let best = BestOfRuns.all(
        [SimulatedLosses.normal.draw(n, &generator)], resampling: Self.resampling)[0]
      for own in best where own.k <= 3 {
        sums[own.k, default: 0] += own.expected
        tally.note("k = \(own.k)", own.interval, try #require(truths[own.k]))
      }
      tally.note("all", best.last?.interval, try #require(Self.bestOfAll[n]))
    }
    print("coverage of the expected best of k, n = \(n): \(tally.description)")
    let told = SimulatedCoverage.ofBest(runs: n)
    for (name, share) in [("k = 3", told.three), ("all", told.all)] {
      let held = try #require(tally.shares.first { $0.0 == name }?.1)
      #expect(abs(held - share) < 0.06, "\(name)")
    }
    for (k, truth) in truths {
      #expect(abs((sums[k] ?? 0) / Double(Self.repetitions) - truth) < 0.1, "k = \(k)")
    }
  }
}
