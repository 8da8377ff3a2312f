import Foundation
import Study
import Sweep
import Testing
import VAE

@Suite("Statistics of claims")
struct ClaimStatisticsTests {
  @Test("give SciPy's interval of the median")
  func medians() throws {
    for (values, low, high, _, _) in ClaimGoldens.medians {
      let interval = try #require(Interval.ofMedian(Sample(values)))
      #expect(interval.lower == low)
      #expect(interval.upper == high)
    }
    #expect(Interval.ofMedian(Sample([1, 2, 3, 4, 5])) == nil)
  }

  @Test("give SciPy's sign test")
  func signs() throws {
    for (values, _, _, bound, p) in ClaimGoldens.medians {
      #expect(agree(SignTest.pValue(Sample(values), against: bound), p, within: 1e-9))
    }
  }

  @Test("give statsmodels' score test of a share")
  func scores() {
    for (count, n, share, p) in ClaimGoldens.scores {
      #expect(agree(Share(count: count, of: n).scorePValue(against: share), p, within: 1e-9))
    }
  }

  @Test(
    "give twice SciPy's smaller tail of the binomial distribution, and agree with the exact interval"
  )
  func exact() throws {
    for (count, n, share, p) in [
      (32, 39, 0.3, 5.15550306614357e-11), (3, 10, 0.5, 0.34375),
      (2, 25, 0.31, 0.013624088018620516),
      (200, 200, 0.97, 0.00452248201999153), (0, 4, 0.5, 0.125), (5, 10, 0.5, 1),
    ] {
      #expect(agree(Share(count: count, of: n).exactPValue(against: share), p, within: 1e-9))
    }
    #expect(Share(count: 0, of: 9).exactPValue(against: 0) == 1)
    #expect(Share(count: 1, of: 9).exactPValue(against: 0) == 0)
    #expect(Share(count: 9, of: 9).exactPValue(against: 1) == 1)
    for count in 0...20 {
      let share = Share(count: count, of: 20)
      let interval = try #require(share.exactInterval())
      for bound in stride(from: 0.05, to: 1, by: 0.05) {
        let isOutside = bound < interval.lower || bound > interval.upper
        #expect((share.exactPValue(against: bound) < 0.05) == isOutside, "\(count) at \(bound)")
      }
    }
  }

  @Test("invert Newcombe's interval as statsmodels gives it")
  func newcombe() {
    for (a, n, b, m, bound, p) in ClaimGoldens.newcombe {
      let found = Interval.pValue(
        of: Share(count: a, of: n), Share(count: b, of: m), against: bound)
      #expect(agree(found, p, within: 1e-6))
    }
  }

  @Test("give SciPy's t of a contrast of four samples")
  func contrast() throws {
    let (samples, value, low, high, p) = ClaimGoldens.contrast
    let estimate = try #require(Estimate.contrast(samples.map { Sample($0) }))
    #expect(agree(estimate.value, value, within: 1e-9))
    #expect(agree(estimate.interval()?.lower ?? .nan, low, within: 1e-9))
    #expect(agree(estimate.interval()?.upper ?? .nan, high, within: 1e-9))
    #expect(agree(estimate.pValue(), p, within: 1e-9))
    #expect(Estimate.contrast([]) == nil)
  }

  @Test("give SciPy's rank correlation, and a p that knows chance")
  func ranks() throws {
    let (left, right, rho, p) = ClaimGoldens.ranks
    let found = try #require(RankCorrelation(Array(zip(left, right))))
    #expect(agree(found.rho, rho, within: 1e-12))
    #expect(abs(found.pValue - p) < 5 * (2 * p * (1 - p) / 99_999).squareRoot())
    #expect(found.n == 30)
    #expect(RankCorrelation([(1, 1), (1, 2), (1, 3), (1, 4)]) == nil)
    #expect(RankCorrelation([(1, 1), (2, 2), (3, 3)]) == nil)
  }

  @Test("give the components of statsmodels' mean squares in a crossed design")
  func crossed() throws {
    let factors = SeedFactor.allCases
    let (values, components) = ClaimGoldens.crossed
    let found = try #require(CrossedVariance(factors, counts: [4, 3, 5], values: values))
    #expect(
      found.components.map(\.factors) == [
        [.initialization], [.order], [.noise], [.initialization, .order],
        [.initialization, .noise], [.order, .noise], [.initialization, .order, .noise],
      ])
    for (own, other) in zip(found.components, components) {
      #expect(abs(own.variance - other) < 1e-9)
    }
    #expect(abs(found.components.compactMap(\.share).reduce(0, +) - 1) < 1e-12)
    // One below zero stays below zero.
    #expect(found.components[1].variance < 0)
    let first = stride(from: 0, to: values.count, by: 5).map { values[$0] }
    let pair = try #require(
      CrossedVariance([.initialization, .order], counts: [4, 3], values: first))
    for (own, other) in zip(pair.components, ClaimGoldens.crossedPair) {
      #expect(abs(own.variance - other) < 1e-9)
    }
    #expect(CrossedVariance(factors, counts: [4, 3, 5], values: [1, 2]) == nil)
    #expect(CrossedVariance([.order], counts: [4], values: [1, 2, 3, 4]) == nil)
  }
}
