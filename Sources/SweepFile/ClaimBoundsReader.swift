import Sweep
import VAE

/// Reads `expect:`: `{above: 0}`, `{below: 5}`, `{within: [0.8, 1.25]}`, or `{within: 0.05}` for
/// both sides of nothing.
enum ClaimBoundsReader {
  static func read(_ expect: Entry) throws(Fault) -> ClaimBounds {
    let entries = try expect.node.entries(of: "expect:")
    guard let entry = entries.first, entries.count == 1 else {
      throw expect.refused(mustBe: "one of above, below and within, as in {above: 0}")
    }
    switch entry.name {
    case "above": return ClaimBounds(above: try number(entry))
    case "below": return ClaimBounds(below: try number(entry))
    case "within":
      let room = "a margin above 0, or two numbers in ascending order"
      let numbers = entry.node.listOrOne.map(\.number)
      let bounds: ClaimBounds?
      switch (numbers.first ?? nil, numbers.count == 2 ? numbers[1] : nil) {
      case (let lower?, let upper?): bounds = ClaimBounds(within: lower, upper)
      case (let margin?, nil) where numbers.count == 1:
        bounds = ClaimBounds(within: -margin, margin)
      default: bounds = nil
      }
      guard let bounds else { throw entry.refused(mustBe: room) }
      return bounds
    default:
      throw DefinitionReader.unknown(
        entry, under: "expect", known: ["above", "below", "within"])
    }
  }

  /// Refuses bounds beyond what the test's figure can be, and those that no figure meets or all do; a single
  /// one at an end of its range stays accepted where all other figures meet it.
  static func check(
    _ bounds: ClaimBounds, _ expect: Entry, of test: ClaimTest, latents: [Int]
  ) throws(Fault) {
    guard let range = test.range(latents: latents) else { return }
    let (least, most) = (range.values.lowerBound, range.values.upperBound)
    let isInside = [bounds.lower, bounds.upper].allSatisfy { bound in
      bound.map(range.values.contains) ?? true
    }
    let isMet = (bounds.lower ?? least) < most && (bounds.upper ?? most) > least
    let isAlwaysMet = bounds.lower == least && bounds.upper == most
    guard !isInside || !isMet || isAlwaysMet,
      let entry = try expect.node.entries(of: "expect:").first
    else { return }
    let (from, to) = (JSONValue.number(least).compact, JSONValue.number(most).compact)
    let room: String
    switch (bounds.lower, bounds.upper) {
    case (let lower?, let upper?) where isAlwaysMet && lower == -upper:
      room = "a margin above 0 and below \(to)"
    case (_?, _?):
      let ends = most.isFinite ? "from \(from) to \(to)" : "of \(from) or more"
      room = "two numbers \(ends) in ascending order" + (isAlwaysMet ? ", not both ends" : "")
    case (_?, nil): room = "\(from) or more" + (most.isFinite ? " and below \(to)" : "")
    case (nil, _): room = "above \(from)" + (most.isFinite ? " and at most \(to)" : "")
    }
    throw entry.refused(mustBe: "\(room): \(test.rawValue) is \(range.figure)")
  }

  private static func number(_ entry: Entry) throws(Fault) -> Double {
    guard let number = entry.node.number else { throw entry.refused(mustBe: "a number") }
    return number
  }
}

extension Node {
  /// A finite number, whole or not.
  var number: Double? {
    switch parameter {
    case .int(let value)?: Double(value)
    case .double(let value)? where value.isFinite: value
    default: nil
    }
  }
}
