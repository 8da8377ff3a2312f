import Sweep
import VAE

/// What a test found: a figure, its interval, and how far the truth may be from a bound.
package struct ClaimFinding: Sendable {
  package let figure: Double
  /// 95 %.
  package let interval: Interval?
  /// The test's name for a reader.
  package let test: String
  /// Figures that stand beside, in words.
  package let beside: [String]
  /// What to know of the figure, which changes no verdict.
  package let notes: [String]
  private let pValues: @Sendable (Double) -> Double

  init(
    figure: Double, interval: Interval?, test: String, beside: [String] = [],
    notes: [String] = [], pValues: @escaping @Sendable (Double) -> Double
  ) {
    self.figure = figure
    self.interval = interval
    self.test = test
    self.beside = beside
    self.notes = notes
    self.pValues = pValues
  }

  /// Two-sided p of the side on which the figure lies: that the truth lies at the bound that is tested.
  func pValue(_ bounds: ClaimBounds) -> Double {
    bounds.tested(figure, pValues).map(pValues) ?? 1
  }
}

extension ClaimBounds {
  /// The bound that a figure is tested against.
  ///
  /// Inside the bounds the truth may lie at (or beyond) either, and it is the likelier one: for a margin
  /// its p is twice the larger p of the two one-sided tests, so that p ≤ 0.05 just where the 95 %
  /// interval lies within. Outside, it is the bound that is broken.
  func tested(_ figure: Double, _ pValues: (Double) -> Double) -> Double? {
    if contains(figure) {
      let ends = [lower, upper].compactMap(\.self).map { (bound: $0, pValue: pValues($0)) }
      return ends.max { $0.pValue < $1.pValue }?.bound
    }
    if let lower, figure <= lower { return lower }
    return upper
  }
}

extension ClaimFinding {
  /// From Student's t.
  init(_ estimate: Estimate, test: String, beside: [String] = [], notes: [String] = []) {
    self.init(
      figure: estimate.value, interval: estimate.interval(), test: test, beside: beside,
      notes: notes, pValues: { estimate.pValue(against: $0) })
  }

  /// Values that do not vary have no standard error; what is left is the sign test: n values on
  /// one side of a bound have p = 2 · 2⁻ⁿ.
  init?(constant sample: Sample, test: String, notes: [String] = []) {
    guard let value = sample.mean, sample.count >= 2, sample.minimum == sample.maximum
    else { return nil }
    self.init(
      figure: value, interval: Interval(value, value), test: "\(test) (no spread: sign test)",
      notes: notes, pValues: { SignTest.pValue(sample, against: $0) })
  }

  /// Two sides of which neither varies: how rare it is that chance splits their values so.
  init?(constant first: Sample, _ second: Sample, test: String) {
    guard let value = first.mean, let other = second.mean, first.count >= 2, second.count >= 2,
      first.minimum == first.maximum, second.minimum == second.maximum
    else { return nil }
    let difference = value - other
    let splits = IncompleteBeta.binomial(first.count + second.count, first.count)
    self.init(
      figure: difference, interval: Interval(difference, difference),
      test: "\(test) (no spread: permutation)",
      pValues: { $0 == difference ? 1 : min(1, 2 / splits) })
  }
}

extension ClaimPart {
  /// The bounds that the figure can break: of two, one at the end of what it can be bounds nothing.
  ///
  /// `within: [0, 0.5]` of a share is `below: 0.5`: that it lies at 0 is no reason to doubt it.
  var testedBounds: ClaimBounds {
    let latents = sides.map(\.configuration.architecture.latentDim)
    guard let lower = bounds.lower, let upper = bounds.upper,
      let range = test.range(latents: latents)?.values
    else { return bounds }
    switch (lower <= range.lowerBound, upper >= range.upperBound) {
    case (true, false): return ClaimBounds(below: upper)
    case (false, true): return ClaimBounds(above: lower)
    case (false, false): return bounds
    // Every figure meets them. A sweep file is refused such a claim; an older store may have one.
    case (true, true): return bounds
    }
  }
}
