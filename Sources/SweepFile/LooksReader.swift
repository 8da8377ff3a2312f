import Sweep
import VAE

/// Reads `looks: {metric: test_total_last5, half_width: 0.5, at: [16, 32, 64]}`, with `sd_half_width` or
/// `collapse_half_width` in the place of `half_width`.
struct LooksReader {
  private static let keys = ["metric", "half_width", "sd_half_width", "collapse_half_width", "at"]
  /// More looks than anyone takes.
  static let most = 100

  let grid: Grid

  func read(_ looks: Entry?) throws(Fault) -> LookPlan? {
    guard let looks, !looks.node.isNull else { return nil }
    var entries: [String: Entry] = [:]
    for entry in try looks.node.entries(of: "looks:") {
      guard Self.keys.contains(entry.name) else {
        throw DefinitionReader.unknown(entry, under: "looks", known: Self.keys)
      }
      entries[entry.name] = entry
    }
    guard let at = entries["at"] else {
      throw Fault(looks.place, "looks: at: is missing: the seeds at each look, as in [16, 32, 64]")
    }
    return LookPlan(
      metric: try metric(entries["metric"]), aim: try aim(entries, looks), at: try steps(at))
  }

  private func metric(_ entry: Entry?) throws(Fault) -> Metric {
    guard let entry else { return .testTotalLast5 }
    // A look is taken as soon as its outcomes are there; optional measures may come later.
    guard case .scalar(let scalar) = entry.node, let metric = Metric(rawValue: scalar.string),
      !metric.field.isOptional
    else {
      throw entry.refused(
        mustBe: "one of \(Metric.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return metric
  }

  private func aim(_ entries: [String: Entry], _ looks: Entry) throws(Fault) -> LookPlan.Aim {
    func width(_ entry: Entry) throws(Fault) -> Double {
      guard let width = entry.node.number, width > 0 else {
        throw entry.refused(mustBe: "a number above 0")
      }
      return width
    }
    switch (entries["half_width"], entries["sd_half_width"], entries["collapse_half_width"]) {
    case (let mean?, nil, nil): return .meanHalfWidth(try width(mean))
    case (nil, let deviation?, nil): return .deviationHalfWidth(try width(deviation))
    case (nil, nil, let share?):
      guard entries["metric"] == nil else {
        throw Fault(
          looks.place,
          "looks: collapse_half_width looks at the share of runs with any collapsed "
            + "latent: leave metric: out")
      }
      guard let width = share.node.number, width > 0, width < 0.5 else {
        throw share.refused(
          mustBe: "above 0 and below 0.5, as in 0.1: a share lies between 0 and 1")
      }
      let sampled = GridMatch.Term(
        key: .train(.sampling), values: .list([.parameter(.bool(true))]))
      guard grid.hasPoint(with: sampled) else {
        throw share.fault(
          "no point of the grid has sampling, and without it no latent counts as collapsed: "
            + "leave the looks out, or give half_width in its place")
      }
      return .collapseHalfWidth(width)
    default:
      throw Fault(
        looks.place,
        "looks: give one of half_width, of the mean's interval, sd_half_width, a multiple of the sd, "
          + "and collapse_half_width, of the share of runs with any collapse")
    }
  }

  private func steps(_ entry: Entry) throws(Fault) -> [Int] {
    var at: [Int] = []
    for item in entry.node.listOrOne {
      guard let count = item.wholeNumber, count >= 2, count > at.last ?? 0, at.count < Self.most
      else { throw entry.refused(mustBe: "ascending whole numbers from 2 on, as in [16, 32, 64]") }
      at.append(count)
    }
    guard let last = at.last else { throw entry.refused(mustBe: "at least one number of seeds") }
    guard grid.hasSharedSeeds else {
      throw entry.fault("looks need a seed axis, as in seed: 0..63")
    }
    guard last <= grid.seedCount else {
      throw entry.fault("the last look reads \(last) seeds, and the grid has \(grid.seedCount)")
    }
    return at
  }
}
