import Sweep
import VAE

/// Reads `measures:`, a list of optional measures or a mapping that says how each is taken.
enum MeasureReader {
  private static let names = ["likelihood"]
  private static let keys = ["draws", "images"]

  /// How the likelihood is estimated; nil where it is not asked for.
  static func likelihood(_ measures: Entry?) throws(Fault) -> Likelihood.Effort? {
    guard let measures, !measures.node.isNull else { return nil }
    switch measures.node {
    case .sequence(let list):
      var isFound = false
      for item in list {
        let element = Entry(name: measures.name, place: measures.place, node: item)
        guard case .scalar(let scalar) = item, names.contains(scalar.string) else {
          throw element.refused(
            mustBe: "a list of \(names.joined(separator: ", "))" + hint(item))
        }
        guard !isFound else { throw element.fault("\(scalar.string) stands twice in the list") }
        isFound = true
      }
      return isFound ? .usual : nil
    case .mapping:
      var effort: Likelihood.Effort?
      for entry in try measures.node.entries(of: "measures:") {
        guard names.contains(entry.name) else {
          throw DefinitionReader.unknown(entry, under: "measures", known: names)
        }
        effort = try Self.effort(entry)
      }
      return effort
    case .scalar:
      throw measures.refused(
        mustBe: "a list such as [likelihood], or {likelihood: {draws: 5000}}")
    }
  }

  /// What may have been meant by an item that is no measure.
  private static func hint(_ item: Node) -> String {
    guard case .scalar(let scalar) = item else {
      return ", or a mapping: measures: {likelihood: {draws: 1000}}"
    }
    if let metric = Metric(rawValue: scalar.string), metric.field.isOptional {
      return ", which measures \(metric.rawValue) too"
    }
    return Suggestion.nearest(to: item.written, among: names).map { " (did you mean \($0)?)" } ?? ""
  }

  private static func effort(_ likelihood: Entry) throws(Fault) -> Likelihood.Effort {
    guard !likelihood.node.isNull else { return .usual }
    guard case .mapping = likelihood.node else {
      throw likelihood.refused(mustBe: "a mapping of \(keys.joined(separator: ", "))")
    }
    var draws = Likelihood.Effort.usual.draws
    var images: Int?
    for entry in try likelihood.node.entries(of: "likelihood:") {
      switch entry.name {
      case "draws":
        guard let count = entry.node.wholeNumber,
          Likelihood.Effort(checking: count, images: nil) != nil
        else {
          throw entry.refused(
            mustBe: "a multiple of 5 from 5 to 1,000,000: the Monte-Carlo error is told by fifths")
        }
        draws = count
      case "images":
        guard let count = entry.node.wholeNumber, Likelihood.Effort.imagesRange.contains(count)
        else { throw entry.refused(mustBe: "how many of the first test images, from 1") }
        images = count
      default: throw DefinitionReader.unknown(entry, under: "likelihood", known: keys)
      }
    }
    return Likelihood.Effort(draws: draws, images: images)
  }
}
