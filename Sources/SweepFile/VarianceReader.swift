import Sweep

/// Reads `variance: {factor: init_seed, levels: 30, redraws: 5}`, the nested design that stands in
/// place of a seed axis.
enum VarianceReader {
  static let keys = ["factor", "levels", "redraws"]

  static func read(_ variance: Entry) throws(Fault) -> NestedSeeds? {
    if variance.node.isNull { return nil }
    var entries: [String: Entry] = [:]
    for entry in try variance.node.entries(of: "variance:") {
      guard keys.contains(entry.name) else {
        throw DefinitionReader.unknown(entry, under: "variance", known: keys)
      }
      entries[entry.name] = entry
    }
    for key in keys where entries[key] == nil {
      throw Fault(
        variance.place,
        "variance: \(key): is missing, as in {factor: init_seed, levels: 30, redraws: 5}")
    }
    guard let name = entries["factor"], let levels = entries["levels"],
      let redraws = entries["redraws"]
    else { return nil }
    guard case .scalar(let scalar) = name.node, let factor = SeedFactor(rawValue: scalar.string)
    else { throw name.refused(mustBe: "init_seed, order_seed or noise_seed") }
    let (first, second) = (try count(levels), try count(redraws))
    guard let nested = NestedSeeds(factor: factor, levels: first, redraws: second) else {
      throw variance.fault("levels × redraws: more than 2^32 points of a configuration")
    }
    return nested
  }

  private static func count(_ entry: Entry) throws(Fault) -> Int {
    guard let count = entry.node.wholeNumber, count >= 2, count <= 1_000_000 else {
      throw entry.refused(mustBe: "a whole number from 2 to 1000000")
    }
    return count
  }
}
