import Foundation
import Sweep
import VAE

extension ClaimPart {
  /// What the part's test finds in the runs; nil where there are too few of them.
  ///
  /// - Parameter showsP: Whether its p is shown, so that a note may say how it came about.
  func finding(_ sides: [JudgedSide], resampling: Resampling, showsP: Bool) -> ClaimFinding? {
    let samples = sides.map(\.sample)
    switch test {
    case .mean:
      return Estimate.mean(of: samples[0]).map { ClaimFinding($0, test: "t") }
        ?? ClaimFinding(constant: samples[0], test: "t")
    case .median:
      guard let median = samples[0].median, let interval = Interval.ofMedian(samples[0])
      else { return nil }
      let sample = samples[0]
      return ClaimFinding(
        figure: median, interval: interval, test: "order statistics, sign test",
        pValues: { SignTest.pValue(sample, against: $0) })
    case .meanDifference:
      return Estimate.welch(samples[0], samples[1]).map { ClaimFinding($0, test: "Welch t") }
        ?? ClaimFinding(constant: samples[0], samples[1], test: "Welch t")
    case .pairedDifference: return paired(sides[0], sides[1], resampling)
    case .pairedShare: return Self.pairedShare(sides[0], sides[1])
    case .effectDifference:
      return Estimate.contrast(samples).map { ClaimFinding($0, test: "Welch t of a contrast") }
    case .pairedEffectDifference:
      let own = Sample(
        Self.pairs(sides[0], sides[1]).map { $0.first - $0.second })
      let other = Sample(
        Self.pairs(sides[2], sides[3]).map { $0.first - $0.second })
      return Estimate.welch(own, other).map {
        ClaimFinding(
          $0, test: "Welch t of paired differences",
          beside: ["\(own.count) and \(other.count) pairs"])
      }
    case .sdRatio: return spread(samples[0], samples[1], sides, resampling, showsP: showsP)
    case .collapseShare, .collapseShareDifference, .collapseCount, .collapseCountDifference:
      return collapse(sides, resampling)
    }
  }

  private func paired(_ first: JudgedSide, _ second: JudgedSide, _ resampling: Resampling)
    -> ClaimFinding?
  {
    let pairs = Self.pairs(first, second)
    guard let paired = PairedComparison(pairs, resampling: resampling) else {
      return ClaimFinding(constant: Sample(pairs.map { $0.first - $0.second }), test: "paired t")
    }
    var beside = ["\(paired.pairs) pairs"]
    if let correlation = paired.correlation {
      beside.append("correlation \(correlation.rounded(places: 2))")
    }
    beside.append(
      paired.canReject
        ? "sign-flip p of no difference \(paired.signFlip.rounded(places: 5))"
        : "a sign flip of \(paired.pairs) pairs cannot go below \(paired.smallestSignFlip)")
    return ClaimFinding(paired.difference, test: "paired t", beside: beside)
  }

  private static func pairedShare(_ first: JudgedSide, _ second: JudgedSide) -> ClaimFinding? {
    let differences = Sample(pairs(first, second).map { $0.first - $0.second })
    // A pair of equal values says nothing of which is larger.
    let apart = differences.values.filter { $0 != 0 }
    let share = Share(count: apart.count { $0 > 0 }, of: apart.count)
    guard let value = share.value, let median = differences.median, let mean = differences.mean
    else { return nil }
    var beside = ["\(share.count) of \(share.of) pairs"]
    if apart.count < differences.count {
      beside.append("\((differences.count - apart.count).of("pair")) of equal values left out")
    }
    // A share tells no size, and may lie on the other side than the mean.
    beside.append(
      "differences: median \(median.rounded(places: 4)), mean \(mean.rounded(places: 4))")
    return ClaimFinding(
      figure: value, interval: share.exactInterval(), test: "sign test, Clopper–Pearson",
      beside: beside, pValues: { share.exactPValue(against: $0) })
  }

  static func pairs(
    _ first: JudgedSide, _ second: JudgedSide
  ) -> [(first: Double, second: Double)] {
    PairedComparison.pairs(
      first.values, second.values,
      sampling: first.side.configuration.sampling || second.side.configuration.sampling)
  }

  private func spread(
    _ first: Sample, _ second: Sample, _ sides: [JudgedSide], _ resampling: Resampling, showsP: Bool
  ) -> ClaimFinding? {
    guard let spread = SpreadComparison(first, second, resampling: resampling) else { return nil }
    var tests: [Double: SpreadComparison.BoundTest] = [:]
    for bound in [testedBounds.lower, testedBounds.upper].compactMap(\.self) {
      tests[bound] = spread.test(against: bound, of: first, second, resampling: resampling)
    }
    // Every ratio is above a bound that has no test.
    let pValues: @Sendable (Double) -> Double = { [tests] bound in tests[bound]?.pValue ?? 0 }
    var notes: [String] = []
    if spread.isTooSmall { notes.append("n too small: fewer than 20 runs on a side") }
    let modes = sides.map { $0.variance(collapseThreshold: collapseThreshold) }
    for (side, modes) in zip(sides, modes) {
      guard let caveat = modes?.caveat else { continue }
      notes.append("\(side.name): \(caveat)")
    }
    notes += Self.withinModes(sides, modes)
    if let without = SpreadCaution.ratioWithoutOutermost(first, second) {
      notes.append(
        "without the outermost run of each side the ratio is \(without.rounded(places: 2))")
    }
    if showsP, let test = testedBounds.tested(spread.ratio, pValues).flatMap({ tests[$0] }) {
      notes.append(Self.words(test))
    }
    notes += sides.compactMap(\.deadLayers)
    return ClaimFinding(
      figure: spread.ratio, interval: spread.interval,
      test: "permutation of ln s² ratio, jackknife",
      notes: notes, pValues: pValues)
  }

  /// How the p of a ratio came about.
  private static func words(_ test: SpreadComparison.BoundTest) -> String {
    let centred =
      "centred on the means \(test.meanCentred.rounded(places: 5)), on the medians "
      + test.medianCentred.rounded(places: 5)
    guard test.bound != 1 else { return "p is the larger of two: \(centred)" }
    let bound = JSONValue.number(test.bound).compact
    let scaled = "\(centred), the second side's values taken times \(bound)"
    guard let jackknife = test.jackknife else {
      return "p is against a ratio of \(bound), the larger of two: \(scaled)"
    }
    return "p is against a ratio of \(bound), the largest of three: by the jackknife "
      + "\(jackknife.rounded(places: 5)), \(scaled)"
  }

  /// The ratio within modes and the rate of each mode, where the runs of a side fall into several.
  private static func withinModes(
    _ sides: [JudgedSide], _ modes: [VarianceByCollapse?]
  ) -> [String] {
    guard modes.contains(where: { ($0?.modes.count ?? 0) > 1 }) else { return [] }
    var notes: [String] = []
    let deviations = zip(sides, modes).map { side, modes in
      modes?.deviationWithin ?? side.sample.standardDeviation
    }
    if let own = deviations[0], let other = deviations[1], other > 0 {
      notes.append(
        "within numbers of collapsed latents the ratio is \((own / other).rounded(places: 2))")
    }
    for (side, modes) in zip(sides, modes) {
      guard let modes else { continue }
      let rates = modes.modes.map { mode in
        let rate = modes.rate(of: mode)
        let interval = rate.interval().map {
          " [\(($0.lower * 100).rounded(places: 1)), \(($0.upper * 100).rounded(places: 1))]"
        }
        return "\(mode.collapsed) in \(rate.count) of \(rate.of), "
          + "\(((rate.value ?? 0) * 100).rounded(places: 1)) %\(interval ?? "")"
      }
      notes.append("\(side.name) collapsed latents: \(rates.joined(separator: "; "))")
    }
    return notes
  }

  private func collapse(_ sides: [JudgedSide], _ resampling: Resampling) -> ClaimFinding? {
    guard sides.allSatisfy({ $0.dependence == nil }) else { return nil }
    let counts = sides.map { $0.collapsed(threshold: collapseThreshold) }
    let shares = counts.map { CollapseSummary(counts: $0).any }
    let samples = counts.map { Sample($0.map(Double.init)) }
    let dead = sides.compactMap(\.deadLayers)
    switch test {
    case .collapseShare:
      let share = shares[0]
      guard let value = share.value else { return nil }
      let pValues: @Sendable (Double) -> Double = { share.scorePValue(against: $0) }
      // The score test finds too much far out in its tail, where Holm's adjustment reads it.
      let exact = testedBounds.tested(value, pValues).map { (bound: Double) -> String in
        let p = share.exactPValue(against: bound)
        let told = p < 0.000_01 ? "< 0.00001" : "= \(p.rounded(places: 5))"
        return "exact binomial p against \(bound) \(told), not adjusted"
      }
      return ClaimFinding(
        figure: value, interval: share.interval(), test: "Wilson",
        beside: ["\(share.count) of \(share.of) runs"] + [exact].compactMap(\.self), notes: dead,
        pValues: pValues)
    case .collapseShareDifference:
      guard let comparison = ShareComparison(shares[0], shares[1]) else { return nil }
      let (first, second) = (shares[0], shares[1])
      let pValues: @Sendable (Double) -> Double = { bound in
        bound == 0 ? comparison.pValue : Interval.pValue(of: first, second, against: bound)
      }
      // Boschloo's test is of no difference alone.
      let isOfNone = testedBounds.tested(comparison.difference, pValues) == 0
      return ClaimFinding(
        figure: comparison.difference, interval: comparison.interval,
        test: isOfNone ? "Boschloo, Newcombe" : "Newcombe",
        beside: shares.map { "\($0.count) of \($0.of)" }, notes: dead, pValues: pValues)
    case .collapseCount:
      return Estimate.mean(of: samples[0]).map { ClaimFinding($0, test: "t", notes: dead) }
        ?? ClaimFinding(constant: samples[0], test: "t", notes: dead)
    default:
      guard let comparison = CountComparison(counts[0], counts[1], resampling: resampling),
        let first = samples[0].mean, let second = samples[1].mean
      else { return nil }
      let welch = Estimate.welch(samples[0], samples[1])
      let constant = ClaimFinding(constant: samples[0], samples[1], test: "permutation")
      let pValues: @Sendable (Double) -> Double = { bound in
        bound == 0 ? comparison.pValue : welch?.pValue(against: bound) ?? 1
      }
      // So is the permutation.
      let isOfNone = testedBounds.tested(comparison.difference, pValues) == 0
      return ClaimFinding(
        figure: comparison.difference, interval: comparison.interval ?? constant?.interval,
        test: isOfNone || welch == nil ? "permutation, Welch" : "Welch t",
        beside: ["means \(first.rounded(places: 2)) and \(second.rounded(places: 2))"],
        notes: dead, pValues: pValues)
    }
  }
}

extension Double {
  /// With so many digits after the point, for a sentence.
  func rounded(places: Int) -> String { String(format: "%.\(places)f", self) }
}
