import Study
import Sweep
import VAE

/// Puts parts of claims and their verdicts into words.
enum ClaimWords {
  /// What the part's figure is.
  static func question(_ judged: JudgedPart) -> String {
    let part = judged.part
    let names = judged.sides.map(\.name)
    let metric = part.sides[0].metric?.rawValue ?? ""
    let collapsed = "collapsed latents (Var(μ) < \(part.collapseThreshold))"
    /// Of the second side, where its metric is another.
    func metricOf(_ second: Int, after first: Int, same: String) -> String {
      let (own, other) = (part.sides[first].metric, part.sides[second].metric)
      return own == other ? same : "\(other?.rawValue ?? "") of "
    }
    func less(_ first: Int, _ second: Int) -> String {
      "\(names[first]) less \(metricOf(second, after: first, same: ""))\(names[second])"
    }
    switch part.test {
    case .mean: return "mean \(metric) of \(names[0])"
    case .median: return "median \(metric) of \(names[0])"
    case .meanDifference: return "\(metric) of \(less(0, 1))"
    case .pairedDifference: return "\(metric) of \(less(0, 1)), seed by seed"
    case .pairedShare:
      return "share of seeds at which \(metric) of \(names[0]) is above "
        + metricOf(1, after: 0, same: "that of ") + names[1]
    case .effectDifference: return "\(metric) of \(less(0, 1)), less that of \(less(2, 3))"
    case .pairedEffectDifference:
      return "\(metric) of \(less(0, 1)), seed by seed, less that of \(less(2, 3))"
    case .sdRatio: return "sd of \(metric), \(names[0]) over \(names[1])"
    case .collapseShare: return "share of runs of \(names[0]) with \(collapsed)"
    case .collapseShareDifference: return "share of runs with \(collapsed), \(less(0, 1))"
    case .collapseCount: return "mean number of \(collapsed) of \(names[0])"
    case .collapseCountDifference: return "mean number of \(collapsed), \(less(0, 1))"
    }
  }

  /// What the figure is counted in, after it.
  static func unit(_ part: ClaimPart) -> String {
    switch part.test {
    case .sdRatio, .pairedShare: ""
    case .mean, .median, .meanDifference, .pairedDifference, .effectDifference,
      .pairedEffectDifference, .collapseShare, .collapseShareDifference, .collapseCount,
      .collapseCountDifference:
      part.sides[0].metric?.suffix ?? ""
    }
  }

  static func expectation(_ bounds: ClaimBounds) -> String {
    switch (bounds.lower, bounds.upper) {
    case (let lower?, let upper?) where lower == -upper: "within ±\(number(upper))"
    case (let lower?, let upper?): "within \(number(lower)) to \(number(upper))"
    case (let lower?, nil): "above \(number(lower))"
    case (nil, let upper?): "below \(number(upper))"
    case (nil, nil): ""
    }
  }

  static func verdict(_ part: JudgedPart) -> String {
    let word: String
    switch part.verdict {
    case .borneOut: word = "borne out"
    case .contradicted: word = "contradicted"
    case .notDecided:
      let runs = Set(part.sides.map(\.counts.ok)).sorted().map(String.init)
      word = "not decided at n = \(runs.joined(separator: " and "))"
    case .none(let reason): word = "no verdict: \(reason)"
    }
    return part.missing > 0 ? "\(word) (interim: \(counted(part, "seed")))" : word
  }

  static func verdict(_ claim: JudgedClaim) -> String {
    let word: String
    func count(_ verdict: ClaimVerdict) -> Int { claim.parts.count { $0.verdict == verdict } }
    let parts = claim.parts.count
    switch claim.verdict {
    case .borneOut: word = "borne out"
    case .contradicted:
      word =
        parts > 1 ? "contradicted in \(count(.contradicted)) of \(parts) parts" : "contradicted"
    case .notDecided:
      word =
        parts > 1 ? "not decided: \(count(.borneOut)) of \(parts) parts borne out" : "not decided"
    case .none(let reason): word = "no verdict: \(reason)"
    }
    return word + (claim.isInterim ? " (interim: runs are missing)" : "") + standing(claim.standing)
  }

  static func standing(_ standing: JudgedClaim.Standing) -> String {
    switch standing {
    case .registered: ""
    case .withdrawn: "; as it was fixed beforehand, edited since"
    case .postHoc: "; post hoc"
    }
  }

  /// `20 of 20`, of each side; what diverged or failed is told.
  static func runs(_ part: JudgedPart) -> String { counts(part).joined(separator: "; ") }

  /// `20 of 20 runs`, of each side.
  static func counted(_ part: JudgedPart, _ noun: String) -> String {
    let isOne = part.sides.allSatisfy { $0.counts.planned == 1 }
    return "\(runs(part)) \(noun)\(isOne ? "" : "s")"
  }

  /// One where the sides are alike.
  private static func counts(_ part: JudgedPart) -> [String] {
    var told: [String] = []
    for side in part.sides {
      let counts = side.counts
      var text = "\(counts.ok) of \(counts.planned)"
      if counts.diverged > 0 { text += ", \(counts.diverged) diverged" }
      if counts.failed > 0 { text += ", \(counts.failed) failed" }
      let lacking = side.side.metric == nil ? 0 : counts.ok - side.sample.count
      if lacking > 0 { text += ", \(lacking) without the measure" }
      told.append(text)
    }
    return Set(told).count == 1 ? [told[0]] : told
  }

  /// The shortest form of a bound.
  private static func number(_ value: Double) -> String {
    JSONValue.number(value).compact
  }
}
