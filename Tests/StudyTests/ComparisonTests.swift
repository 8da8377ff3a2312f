import Foundation
import Study
import Testing

/// Two samples, and what SciPy and statsmodels say of them.
struct TwoSampleGolden: Sendable, CustomTestStringConvertible {
  var first: [Double]
  var second: [Double]
  /// Interval of the difference of means, and p.
  var welch: (Double, Double, Double)
  /// P(first < second), its interval, and p.
  var order: (Double, Double, Double, Double)
  var ratio: Double
  var ratio95: (Double, Double)?
  var spreadP: Double
  var brownForsythe: Double
  /// Of a margin of one.

  var testDescription: String { "\(first.count) and \(second.count) values" }
}

/// Two samples run by run, and what SciPy and statsmodels say of them.
struct PairedGolden: Sendable, CustomTestStringConvertible {
  var first: [Double]
  var second: [Double]
  var t: (Double, Double, Double)
  var signFlip: Double
  var correlation: Double

  var testDescription: String { "\(first.count) pairs" }
}

/// Whether a p value by random resampling is what the exact one makes likely: within five of its
/// standard errors, and those of a golden that was drawn too.
private func agree(resampled: Double, _ exact: Double) -> Bool {
  let error = (exact * (1 - exact) * (1.0 / 99_999 + 1.0 / 400_000)).squareRoot()
  return abs(resampled - exact) <= 5 * error + 1e-5
}

@Suite("Comparisons of two samples agree with SciPy and statsmodels")
struct TwoSampleTests {
  @Test("in the difference of means", arguments: ComparisonGoldens.samples)
  func welch(golden: TwoSampleGolden) throws {
    let estimate = try #require(Estimate.welch(Sample(golden.first), Sample(golden.second)))
    let interval = try #require(estimate.interval())
    #expect(abs(interval.lower - golden.welch.0) < 1e-10)
    #expect(abs(interval.upper - golden.welch.1) < 1e-10)
    #expect(agree(estimate.pValue(), golden.welch.2, within: 1e-9))
  }

  @Test("in the order of runs", arguments: ComparisonGoldens.samples)
  func order(golden: TwoSampleGolden) throws {
    let order = try #require(OrderComparison(Sample(golden.first), Sample(golden.second)))
    #expect(agree(order.probability, golden.order.0, within: 1e-12))
    #expect(abs((order.interval?.lower ?? .nan) - golden.order.1) < 1e-10)
    #expect(abs((order.interval?.upper ?? .nan) - golden.order.2) < 1e-10)
    #expect(agree(order.pValue, golden.order.3, within: 1e-9))
  }

  @Test("in the ratio of spreads", arguments: ComparisonGoldens.samples)
  func spread(golden: TwoSampleGolden) throws {
    let spread = try #require(SpreadComparison(Sample(golden.first), Sample(golden.second)))
    #expect(agree(spread.ratio, golden.ratio, within: 1e-12))
    #expect((spread.interval == nil) == (golden.ratio95 == nil))
    if let ratio95 = golden.ratio95 {
      #expect(agree(spread.interval?.lower, ratio95.0, within: 1e-9))
      #expect(agree(spread.interval?.upper, ratio95.1, within: 1e-9))
    }
    #expect(agree(resampled: spread.meanCentred, golden.spreadP))
    #expect(agree(spread.brownForsythe, golden.brownForsythe, within: 1e-9))
    #expect(spread.isTooSmall == (min(golden.first.count, golden.second.count) < 20))
  }

  @Test("run by run", arguments: ComparisonGoldens.pairs)
  func paired(golden: PairedGolden) throws {
    let pairs = zip(golden.first, golden.second).map { (first: $0, second: $1) }
    let paired = try #require(PairedComparison(pairs))
    let interval = try #require(paired.difference.interval())
    #expect(abs(interval.lower - golden.t.0) < 1e-10)
    #expect(abs(interval.upper - golden.t.1) < 1e-10)
    #expect(agree(paired.difference.pValue(), golden.t.2, within: 1e-9))
    #expect(agree(paired.correlation, golden.correlation, within: 1e-10))
    if pairs.count <= 16 {
      #expect(agree(paired.signFlip, golden.signFlip, within: 1e-12))
    } else {
      #expect(agree(resampled: paired.signFlip, golden.signFlip))
    }
  }

  @Test("in shares", arguments: ComparisonGoldens.shares)
  func shares(
    count: Int, of: Int, other: Int, ofOther: Int, boschloo: Double, low: Double, high: Double
  ) throws {
    let comparison = try #require(
      ShareComparison(Share(count: count, of: of), Share(count: other, of: ofOther)))
    // SciPy looks for the worst common share with a global optimiser; both find it to 1e-6.
    #expect(abs(comparison.pValue - boschloo) < 1e-6)
    #expect(abs((comparison.interval?.lower ?? .nan) - low) < 1e-9)
    #expect(abs((comparison.interval?.upper ?? .nan) - high) < 1e-9)
  }

  @Test("in mean counts", arguments: ComparisonGoldens.counts)
  func counts(first: [Int], second: [Int], exact: Double) throws {
    let comparison = try #require(CountComparison(first, second))
    #expect(agree(resampled: comparison.pValue, exact))
  }

  @Test("in p values adjusted for their number")
  func adjusted() {
    let goldens = ComparisonGoldens.self
    for (own, golden) in zip(MultipleTests.holm(goldens.pValues), goldens.holm) {
      #expect(agree(own, golden, within: 1e-14))
    }
    let q = MultipleTests.benjaminiHochberg(goldens.pValues)
    for (own, golden) in zip(q, goldens.benjaminiHochberg) {
      #expect(agree(own, golden, within: 1e-14))
    }
    #expect(MultipleTests.holm([nil, 0.01, nil, 0.02]) == [nil, 0.02, nil, 0.02])
    #expect(MultipleTests.benjaminiHochberg([nil, .nan, 0.02]) == [nil, nil, 0.02])
  }

  @Test("in the variance between and within counts of collapsed latents")
  func variance() throws {
    let runs = zip(ComparisonGoldens.collapsed, ComparisonGoldens.losses).map {
      (collapsed: $0, value: $1)
    }
    let variance = try #require(VarianceByCollapse(runs.shuffled()))
    let (between, within) = ComparisonGoldens.betweenAndWithin
    #expect(agree(variance.between, between, within: 1e-11))
    #expect(agree(variance.within, within, within: 1e-11))
    let deviation = try #require(Sample(ComparisonGoldens.losses).standardDeviation)
    #expect(agree(variance.between + variance.within, deviation * deviation, within: 1e-12))
  }
}

@Suite("A comparison of two samples")
struct ComparisonRuleTests {
  private let few = Sample([1, 2, 4])

  @Test("has nothing to say where nothing varies or nothing is there")
  func nothing() {
    let equal = Sample([3, 3, 3])
    for other in [Sample([]), Sample([1]), equal] {
      #expect(Estimate.welch(equal, other) == nil)
      #expect(SpreadComparison(few, other) == nil)
    }
    #expect(OrderComparison(few, Sample([1])) == nil)
    #expect(OrderComparison(equal, equal) == nil)
    #expect(PairedComparison([(1, 1), (2, 2)]) == nil)
    #expect(ShareComparison(Share(count: 0, of: 0), Share(count: 1, of: 2)) == nil)
    #expect(CountComparison([], [1, 2]) == nil)
    #expect(VarianceByCollapse([(collapsed: 0, value: 1)]) == nil)
    #expect(
      VarianceByCollapse([(collapsed: 0, value: 1), (1, 1)])?.shareExplained == nil)
  }

  @Test("stays honest where two samples do not overlap")
  func separated() throws {
    let order = try #require(
      OrderComparison(Sample([1, 2, 3, 4]), Sample([5, 6, 7, 8, 9])))
    #expect(order.probability == 1)
    #expect(order.isSeparated)
    // Four of four pairs: Clopper–Pearson's lower end is 0.025^(1/4); 2 of C(9, 4) = 126 orders.
    #expect(agree(order.interval?.lower, pow(0.025, 0.25), within: 1e-12))
    #expect(order.interval?.upper == 1)
    #expect(agree(order.pValue, 2.0 / 126, within: 1e-10))
    let reverse = try #require(
      OrderComparison(Sample([5, 6, 7, 8, 9]), Sample([1, 2, 3, 4])))
    #expect(reverse.probability == 0)
    #expect(reverse.interval?.lower == 0)
  }

  @Test("draws its random words by SplitMix64")
  func words() {
    var stream = ResamplingStream(state: 1_234_567)
    for word in ComparisonGoldens.splitMix { #expect(stream.next() == word) }
  }

  @Test("gives the same p value again, and another under another seed")
  func seeds() throws {
    let first = Sample(ComparisonGoldens.samples[3].first)
    let second = Sample(ComparisonGoldens.samples[3].second)
    let own = try #require(SpreadComparison(first, second)?.pValue)
    #expect(SpreadComparison(first, second)?.pValue == own)
    let other = SpreadComparison(
      first, second, resampling: Resampling(replicates: 99_999, seed: 1))
    #expect(other?.pValue != own)
    // Swapping the sides turns the ratio over and leaves the test as it is, up to resampling.
    let swapped = try #require(SpreadComparison(second, first))
    #expect(abs(swapped.pValue - own) < 0.01)
  }
}
