import Study
import Testing

/// Whether two numbers agree to a relative error.
func agree(_ left: Double?, _ right: Double, within error: Double) -> Bool {
  guard let left else { return false }
  return left == right || abs(left - right) <= error * max(abs(right), 1e-300)
}

@Suite("Distributions agree with SciPy")
struct DistributionTests {
  @Test("in quantiles of Student's t", arguments: StatisticsGoldens.tQuantiles)
  func tQuantiles(freedom: Double, probability: Double, expected: Double) throws {
    let t = try #require(StudentT(degreesOfFreedom: freedom))
    // SciPy's own median is off by 1e-17; ours is zero.
    #expect(
      agree(t.quantile(probability), expected, within: 1e-11)
        || abs(t.quantile(probability) - expected) < 1e-15)
  }

  @Test("in upper tails of Student's t", arguments: StatisticsGoldens.tTails)
  func tTails(freedom: Double, t: Double, expected: Double) throws {
    let distribution = try #require(StudentT(degreesOfFreedom: freedom))
    #expect(agree(distribution.upperTail(t), expected, within: 1e-11))
    #expect(agree(distribution.upperTail(-t), 1 - expected, within: 1e-11))
  }

  @Test("in quantiles of the normal", arguments: StatisticsGoldens.normalQuantiles)
  func normalQuantiles(probability: Double, expected: Double) {
    #expect(agree(StandardNormal.quantile(probability), expected, within: 1e-14))
    if probability > 1e-15 {
      #expect(agree(StandardNormal.cumulative(expected), probability, within: 1e-13))
    }
  }

  @Test("and are infinite at the ends, and nothing without degrees of freedom")
  func ends() throws {
    let t = try #require(StudentT(degreesOfFreedom: 3))
    #expect(t.quantile(0) == -.infinity)
    #expect(t.quantile(1) == .infinity)
    #expect(t.upperTail(.infinity) == 0)
    #expect(StandardNormal.quantile(1) == .infinity)
    for freedom in [0, -1, .nan, .infinity] {
      #expect(StudentT(degreesOfFreedom: freedom) == nil)
    }
  }
}
