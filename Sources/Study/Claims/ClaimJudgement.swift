package import Sweep
import VAE

/// The claims of a sweep, judged by the runs of a store.
///
/// Every part is one test of the family. A part is borne out where its 95 % interval lies where the
/// truth must lie and its p value, adjusted by Holm for the whole family, is at most 0.05;
/// contradicted where the interval lies on the other side in the same manner; else not decided. A
/// side of which more than 5 % diverged or failed gives no verdict, and its test still counts in the
/// adjustment: the family was fixed before.
package struct ClaimJudgement: Sendable {
  package let claims: [JudgedClaim]
  /// Tests that share one level: those that were registered, or all where none were.
  package let tests: Int
  package let resampling: Resampling
  /// Of the family that was fixed before the first outcome; nil where none was.
  package let registered: Digest?

  /// - Parameters:
  ///   - registered: Claims as they stood before the first outcome; none where they came later.
  ///   - current: Claims as they stand now. Those that are not registered word for word are post hoc,
  ///     and are adjusted for everything; registered ones that are gone are judged all the same.
  package init(
    registered: ClaimFamily, current: ClaimFamily, evidence: ClaimEvidence,
    resampling: Resampling = .standard
  ) {
    let fixed = Set(registered.claims.map(\.digest))
    let kept = Set(current.claims.map(\.digest))
    let all =
      current.claims.map { claim in
        (claim: claim, standing: fixed.contains(claim.digest) ? .registered : .postHoc)
      }
      + registered.claims.filter { !kept.contains($0.digest) }.map { claim in
        (claim: claim, standing: JudgedClaim.Standing.withdrawn)
      }
    let named = Self.configurations(all.map(\.claim))
    let found = all.map { entry in
      entry.claim.parts.map { part in
        FoundPart(
          part: part, sides: evidence.sides(of: part, among: named), resampling: resampling)
      }
    }
    // A test that could not be made counts as one that found nothing.
    func adjusted(_ belongs: (JudgedClaim.Standing) -> Bool) -> [[Double]] {
      let places = all.indices.filter { belongs(all[$0].standing) }
      let flat = places.flatMap { found[$0].map { $0.pValue ?? 1 } }
      var holm = MultipleTests.holm(flat).map { $0 ?? 1 }[...]
      var result = found.map { $0.map { _ in 1.0 } }
      for place in places {
        result[place] = Array(holm.prefix(found[place].count))
        holm = holm.dropFirst(found[place].count)
      }
      return result
    }
    let own = adjusted { $0 != .postHoc }
    let whole = adjusted { _ in true }
    claims = all.indices.map { place in
      let isPostHoc = all[place].standing == .postHoc
      return JudgedClaim(
        claim: all[place].claim,
        parts: zip(found[place], isPostHoc ? whole[place] : own[place]).map { $0.judged($1) },
        standing: all[place].standing)
    }
    let count = claims.filter { $0.standing != .postHoc }.reduce(0) { $0 + $1.parts.count }
    tests = count > 0 ? count : claims.reduce(0) { $0 + $1.parts.count }
    self.resampling = resampling
    self.registered = registered.isEmpty ? nil : registered.digest
  }
}

extension ClaimJudgement {
  /// All that the claims speak of, each once.
  private static func configurations(_ claims: [Claim]) -> [Configuration] {
    var seen: Set<Configuration> = []
    return claims.flatMap(\.parts).flatMap(\.sides).map(\.configuration)
      .filter { seen.insert($0).inserted }
  }
}

/// A part whose test is made and whose p value is still to be adjusted.
private struct FoundPart {
  let part: ClaimPart
  let sides: [JudgedSide]
  let finding: ClaimFinding?
  private let withheld: String?

  init(part: ClaimPart, sides: [JudgedSide], resampling: Resampling) {
    self.part = part
    self.sides = sides
    withheld = Self.withheld(part, sides)
    finding = part.finding(sides, resampling: resampling, showsP: withheld == nil)
  }

  /// Why there is no verdict whatever is found.
  private static func withheld(_ part: ClaimPart, _ sides: [JudgedSide]) -> String? {
    if let caution = sides.lazy.compactMap(\.caution).first { return caution }
    if part.test == .sdRatio, let stopped = sides.first(where: \.isStopped) {
      return "the sd of \(stopped.name) was stopped on, which biases it"
    }
    // A density has no direction, so that claims on it are exploratory.
    let metric = sides.compactMap(\.side.metric).first
    guard metric == .generationDensity || metric == .generationDensityFitted,
      case .none(let reason)? = metric?.direction
    else { return nil }
    return "exploratory: \(reason)"
  }

  var pValue: Double? { withheld == nil ? finding?.pValue(part.testedBounds) : nil }

  func judged(_ adjusted: Double) -> JudgedPart {
    JudgedPart(
      part: part, sides: sides, finding: finding, pValue: pValue,
      adjusted: pValue == nil ? nil : adjusted, verdict: verdict(adjusted))
  }

  private func verdict(_ adjusted: Double) -> ClaimVerdict {
    if let withheld { return .none(withheld) }
    guard let finding, let interval = finding.interval else { return .none(nothingFound) }
    guard adjusted <= 1 - confidence + 1e-12 else { return .notDecided }
    let bounds = part.testedBounds
    if bounds.contains(interval.lower), bounds.contains(interval.upper) { return .borneOut }
    let isBelow = bounds.lower.map { interval.upper < $0 } ?? false
    let isAbove = bounds.upper.map { interval.lower > $0 } ?? false
    return isBelow || isAbove ? .contradicted : .notDecided
  }

  /// Why the test could not be made.
  private var nothingFound: String {
    if part.test == .pairedShare {
      // Where any differ there is a share.
      let pairs = ClaimPart.pairs(sides[0], sides[1]).count
      if pairs > 0 { return "the values of all \(pairs.of("pair")) are equal" }
    }
    let dependence = part.test.readsMetric ? nil : sides.compactMap(\.dependence).first
    return dependence ?? "too few runs"
  }
}
