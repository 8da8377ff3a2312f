import Foundation
import Study
import Sweep
import Testing
import VAE

/// Losses of a nested design: levels of the init seed, each with redraws of the others.
private struct NestedLosses {
  let levels: Int
  let redraws: Int
  /// The part of the variance that goes with the level.
  let share: Double

  func runs(_ architecture: String, _ generator: inout SimulationGenerator) throws
    -> ConfigurationRuns
  {
    let configuration = try OutcomeFixture.configuration(architecture)
    var runs: [Run] = []
    for level in 0..<levels {
      let own = share.squareRoot() * generator.normal()
      for redraw in 0..<redraws {
        let other = UInt32(level * redraws + redraw)
        let seeds = Seeds(initialization: UInt32(level), order: other, noise: other)
        let value = own + (1 - share).squareRoot() * generator.normal()
        runs.append(Run(seeds: seeds, values: [.testTotalLast5: value]))
      }
    }
    return ConfigurationRuns(
      configuration: configuration, counts: PointCounts(planned: runs.count, ok: runs.count),
      runs: runs)
  }
}

@Suite("Runs that share seeds are not taken for independent")
struct DependenceTests {
  private static let repetitions = 600

  @Test("the level is the unit: intervals hold, and Welch raises no false alarms")
  func coverage() throws {
    let losses = NestedLosses(levels: 30, redraws: 5, share: 0.92)
    var generator = SimulationGenerator(state: 92)
    var tally = Tally()
    for _ in 0..<Self.repetitions {
      let first = try losses.runs("784-16-2", &generator)
      let second = try losses.runs("784-32-2", &generator)
      #expect(first.standing == .levels(30))
      tally.note("mean of runs", .ofMean(first.sample(.testTotalLast5)), 0)
      tally.note("mean of levels", first.summary(.testTotalLast5).ci95, 0)
      tally.note(
        "difference of runs",
        Estimate.welch(first.sample(.testTotalLast5), second.sample(.testTotalLast5))?.interval(), 0
      )
      let comparison = try ConfigurationComparison(
        first, second, resampling: Resampling(replicates: 0, seed: 1))
      tally.note("difference of levels", comparison.mean?.interval(), 0)
      #expect(comparison.dependence != nil)
    }
    print("coverage in a nested design, 30 levels × 5 redraws, share 0.92: \(tally.description)")
    let shares = Dictionary(uniqueKeysWithValues: tally.shares)
    #expect(try #require(shares["mean of runs"]) < 0.72)
    #expect(try #require(shares["difference of runs"]) < 0.72)
    #expect(try #require(shares["mean of levels"]) > 0.92)
    #expect(try #require(shares["difference of levels"]) > 0.92)
  }

  @Test("a summary counts levels, and in a crossed design gives no interval")
  func summary() throws {
    var generator = SimulationGenerator(state: 1)
    let nested = try NestedLosses(levels: 4, redraws: 3, share: 0.5).runs("784-16-2", &generator)
    let summary = nested.summary(.testTotalLast5)
    #expect(summary.n == 4)
    #expect(summary.max == nested.sample(.testTotalLast5).maximum)
    #expect(nested.caveats(.testTotalLast5).contains { $0.contains("4 levels") })
    let configuration = try OutcomeFixture.configuration("784-16-2")
    let runs = (0..<4).map { place -> Run in
      let (own, other) = (UInt32(place / 2), UInt32(place % 2))
      return Run(
        seeds: Seeds(initialization: own, order: other, noise: other),
        values: [.testTotalLast5: Double(place)])
    }
    let crossed = ConfigurationRuns(
      configuration: configuration, counts: PointCounts(planned: 4, ok: 4), runs: runs)
    #expect(crossed.standing == .crossed)
    #expect(crossed.summary(.testTotalLast5).mean == 1.5)
    #expect(crossed.summary(.testTotalLast5).ci95 == nil)
    #expect(crossed.units(.testTotalLast5).count == 1)
    #expect(
      ComparableSet.all([crossed], metric: .testTotalLast5).left[0].reason.contains("crossed"))
  }

  @Test("runs that differ by no seed that matters are no crossed design, and have no interval")
  func alike() throws {
    let configuration = try OutcomeFixture.configuration("784-16-2", [.sampling: .bool(false)])
    let runs = (0..<5).map { place in
      Run(
        seeds: Seeds(initialization: 0, order: 0, noise: UInt32(place)),
        values: [.testTotalLast5: 100])
    }
    let alike = ConfigurationRuns(
      configuration: configuration, counts: PointCounts(planned: 5, ok: 5), runs: runs)
    #expect(alike.standing == .alike(variesNoise: true))
    #expect(alike.summary(.testTotalLast5).mean == 100)
    #expect(alike.summary(.testTotalLast5).ci95 == nil)
    let words =
      "its runs differ by no seed that matters (without sampling the noise seed changes nothing)"
    #expect(alike.caveats(.testTotalLast5) == [words])
    #expect(ComparableSet.all([alike], metric: .testTotalLast5).left.map(\.reason) == [words])
    // Several configurations in one row, all of one seed.
    let one = IndependentUnits([Seeds(7), Seeds(7)], sampling: true).standing
    #expect(one == .alike(variesNoise: false))
    #expect(one.words == "its runs differ by no seed")
  }

  @Test("Searle's interval holds where levels are normal, with a bootstrap beside it")
  func components() throws {
    var generator = SimulationGenerator(state: 30)
    let resampling = Resampling(replicates: 1_999, seed: 1)
    for (name, rate) in [("normal", 0.0), ("a rare mode that goes with the level", 0.02)] {
      var tally = Tally()
      for _ in 0..<Self.repetitions {
        var shares: [[Double]] = []
        for _ in 0..<30 {
          let isFar = Double.random(in: 0..<1, using: &generator) < rate
          let own = generator.normal() + (isFar ? 30 : 0)
          shares.append((0..<5).map { _ in own + generator.normal() })
        }
        // Half the variance goes with the level; with the mode 1 + 0.02 · 0.98 · 900 parts of it do.
        let between = 1 + rate * (1 - rate) * 900
        let found = try #require(VarianceComponent(shares, resampling: resampling))
        tally.note("bootstrap of levels", found.interval, between / (between + 1))
        tally.note("exact F", found.exactInterval, between / (between + 1))
      }
      print("coverage of a variance component, 30 × 5, \(name): \(tally.description)")
      let exact = try #require(tally.shares.first { $0.0 == "exact F" }).1
      if rate == 0 { #expect(exact > 0.93) } else { #expect(exact < 0.9) }
    }
  }
}
