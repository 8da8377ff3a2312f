import Sweep
import VAE

/// Finds out what every architecture of a sweep file begins with: the pixels of an image.
///
/// The dataset says it where it is known. Where it is not, as in the file that a store keeps, `input:`
/// does, or the first architecture that is written.
enum InputReader {
  static let key = "input"

  static func read(_ top: [String: Entry], images: ArchitectureInput?) throws(Fault)
    -> ArchitectureInput
  {
    if let entry = top[key] {
      let range = 1...Architecture.maxInput
      guard let pixels = entry.node.wholeNumber, range.contains(pixels) else {
        throw entry.refused(
          mustBe: "a whole number from 1 to \(Architecture.maxInput), the pixels of an image")
      }
      guard let images else { return ArchitectureInput(pixels: pixels, source: "as input: says") }
      guard pixels == images.pixels else {
        throw entry.refused(mustBe: "\(images.pixels), \(images.source)")
      }
    }
    if let images { return images }
    let places = (BlockReader.keys + ["grids"]).lazy.compactMap { top[$0]?.node }
    return input(as: places.compactMap(first).first)
  }

  /// What all begin with where one of them is written, or none.
  static func input(as first: Architecture?) -> ArchitectureInput {
    guard let first else {
      return ArchitectureInput(pixels: Architecture.usualInput, source: "as where nothing is said")
    }
    return ArchitectureInput(pixels: first.input, source: "as \(first) does")
  }

  /// The first that can be read of the values of `architecture`; one that cannot is told of where it is
  /// read.
  static func architecture(in values: Node) -> Architecture? {
    values.listOrOne.lazy.compactMap(\.text).compactMap { try? Architecture(parsing: $0) }.first
  }

  /// The first architecture of a grid, a row, an exclusion or the like.
  private static func first(in node: Node) -> Architecture? {
    switch node {
    case .scalar: return nil
    case .sequence(let items):
      return items.lazy.compactMap { first(in: $0) }.first
    case .mapping(let pairs):
      for (key, value) in pairs {
        let found = key.text == "architecture" ? architecture(in: value) : first(in: value)
        if let found { return found }
      }
      return nil
    }
  }
}
