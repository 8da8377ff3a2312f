import Foundation
import Study
import Sweep
import Testing

/// A sample and what NumPy and SciPy say of it.
struct SampleGolden: Sendable, CustomTestStringConvertible {
  var values: [Double]
  var mean: Double
  var sd: Double
  var mean95: (Double, Double)
  var sd95: (Double, Double)?
  var median: Double

  var testDescription: String { "\(values.count) values" }
}

@Suite("Summaries and intervals agree with SciPy")
struct IntervalTests {
  @Test("on samples", arguments: StatisticsGoldens.samples)
  func samples(golden: SampleGolden) {
    let summary = SampleSummary(Sample(golden.values.shuffled()))
    #expect(summary.n == golden.values.count)
    #expect(agree(summary.mean, golden.mean, within: 1e-14))
    #expect(agree(summary.sd, golden.sd, within: 1e-12))
    #expect(agree(summary.median, golden.median, within: 1e-14))
    #expect(summary.min == golden.values.min())
    #expect(summary.max == golden.values.max())
    #expect(agree(summary.ci95?.lower, golden.mean95.0, within: 1e-12))
    #expect(agree(summary.ci95?.upper, golden.mean95.1, within: 1e-12))
    if let sd95 = golden.sd95 {
      #expect(agree(summary.sdCI95?.lower, sd95.0, within: 1e-10))
      #expect(agree(summary.sdCI95?.upper, sd95.1, within: 1e-10))
    } else {
      #expect(summary.sdCI95 == nil)
    }
  }

  @Test("on shares", arguments: StatisticsGoldens.wilson)
  func wilson(count: Double, of: Double, low: Double, high: Double) throws {
    let interval = try #require(Share(count: Int(count), of: Int(of)).interval())
    #expect(abs(interval.lower - low) < 1e-14)
    #expect(abs(interval.upper - high) < 1e-14)
  }

  @Test("and have nothing to say where there is nothing to say it of")
  func few() {
    #expect(
      SampleSummary(Sample([])).json.compact
        == #"{"n":0,"mean":null,"sd":null,"ci95":null,"sd_ci95":null,"min":null,"median":null,"max":null}"#
    )
    #expect(
      SampleSummary(Sample([.nan, 2, .infinity])).json.compact
        == #"{"n":1,"mean":2,"sd":null,"ci95":null,"sd_ci95":null,"min":2,"median":2,"max":2}"#)
    #expect(
      SampleSummary(Sample(repeatElement(3, count: 12))).json.compact
        == #"{"n":12,"mean":3,"sd":0,"ci95":[3,3],"sd_ci95":null,"min":3,"median":3,"max":3}"#)
    #expect(Share(count: 0, of: 0).json.compact == #"{"share":null,"ci95":null}"#)
  }

  @Test("and give a spread no interval where all values but one are equal")
  func oneApart() {
    let sample = Sample([Double](repeating: 150.1, count: 19) + [151.3])
    #expect(SampleSummary(sample).sdCI95 == nil)
  }

  @Test("and do not depend on the order in which runs finished")
  func order() {
    let values = StatisticsGoldens.samples[5].values
    let summaries = (0..<20).map { _ in SampleSummary(Sample(values.shuffled())) }
    #expect(Set(summaries).count == 1)
  }
}
