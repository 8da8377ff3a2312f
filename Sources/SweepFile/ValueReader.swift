import Sweep
import VAE

/// Reads and checks one value of a key, so that a fault has the line of that very value.
enum ValueReader {
  /// The value of a train key, in the one form that equal values share (1 and 1.0).
  static func parameter(_ key: TrainKey, _ entry: Entry) throws(Fault) -> ParameterValue {
    guard case .scalar(let scalar) = entry.node, let value = entry.node.parameter else {
      throw entry.refused(mustBe: "one value")
    }
    guard !scalar.isTagged else { throw entry.fault("tags such as !!int are not accepted") }
    do {
      return try key.checked(value)
    } catch {
      throw entry.refused(mustBe: error.expected)
    }
  }

  /// - Parameter input: What the architecture must begin with.
  static func architecture(_ entry: Entry, _ input: ArchitectureInput) throws(Fault)
    -> Architecture
  {
    guard case .scalar(let scalar) = entry.node else {
      throw entry.refused(mustBe: "layer widths joined by '-', as in 784-256-32-8-4")
    }
    do {
      let architecture = try Architecture(parsing: scalar.string)
      try input.require(architecture)
      return architecture
    } catch {
      throw entry.refused(mustBe: error.expected)
    }
  }

  static func latentDim(_ entry: Entry) throws(Fault) -> Int {
    // The rule stands in Architecture; what is no whole number is beyond it.
    do {
      return try Architecture(hidden: [1], latentDim: entry.node.wholeNumber ?? 0).latentDim
    } catch {
      throw entry.refused(mustBe: error.expected)
    }
  }

  /// The layers of one net: `[256, 32]`, `256-32`, or `256` for a single layer.
  static func hidden(_ entry: Entry) throws(Fault) -> [Int] {
    var widths: [Int] = []
    switch entry.node {
    case .sequence(let layers):
      for layer in layers {
        guard let width = layer.wholeNumber else { throw entry.refused(mustBe: Self.layers) }
        widths.append(width)
      }
    case .scalar(let scalar):
      for layer in scalar.string.split(separator: "-", omittingEmptySubsequences: false) {
        guard layer.allSatisfy({ $0.isASCII && $0.isWholeNumber }), let width = Int(layer) else {
          throw entry.refused(mustBe: Self.layers)
        }
        widths.append(width)
      }
    case .mapping: throw entry.refused(mustBe: Self.layers)
    }
    do {
      return try Architecture(hidden: widths, latentDim: 1).hidden
    } catch {
      throw entry.refused(error.value, mustBe: error.expected)
    }
  }

  private static let layers = "the widths of hidden layers, as in [256, 32] or 256-32"

  static func seed(_ entry: Entry) throws(Fault) -> UInt32 {
    guard let whole = entry.node.wholeNumber, let seed = UInt32(exactly: whole) else {
      throw entry.refused(mustBe: "a whole number from 0 to \(UInt32.max)")
    }
    return seed
  }

  /// One value of any key that may be an axis.
  static func value(_ key: GridKey, _ entry: Entry, _ input: ArchitectureInput) throws(Fault)
    -> GridValue
  {
    switch key {
    case .architecture: .architecture(try architecture(entry, input))
    case .hidden: .hidden(try hidden(entry))
    case .latentDim: .latentDim(try latentDim(entry))
    case .seed, .initSeed, .orderSeed, .noiseSeed: .seed(try seed(entry))
    case .train(let key): .parameter(try parameter(key, entry))
    }
  }
}
