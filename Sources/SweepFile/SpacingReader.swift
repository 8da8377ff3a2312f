import Sweep
import VAE

/// Reads `{linspace: [a, b, n]}` and `{logspace: [a, b, n]}`, which stand for a list of values.
enum SpacingReader {
  static let names = ["linspace", "logspace"]
  /// More values than an axis has.
  static let most = 10_000

  /// The values as nodes, so that they are checked as if they were written out.
  static func values(_ entry: Entry) throws(Fault) -> [Node] {
    let entries = try entry.node.entries(of: "\(entry.name):")
    guard let spacing = entries.first, entries.count == 1, names.contains(spacing.name) else {
      if let unknown = entries.first(where: { !names.contains($0.name) }) {
        throw DefinitionReader.unknown(unknown, under: entry.name, known: names)
      }
      throw entry.refused(mustBe: "a list, or one of \(names.joined(separator: " and "))")
    }
    let expected = "[first, last, how many], as in {\(spacing.name): [1e-4, 1e-2, 5]}"
    guard case .sequence(let ends) = spacing.node, ends.count == 3, let first = ends[0].number,
      let last = ends[1].number, let count = ends[2].wholeNumber
    else { throw spacing.refused(mustBe: expected) }
    guard (2...most).contains(count) else {
      throw spacing.fault("\(count) values are not accepted: it must be 2 to \(most)")
    }
    let isLogarithmic = spacing.name == "logspace"
    guard !isLogarithmic || (first > 0 && last > 0) else {
      throw spacing.fault("both ends must be above 0")
    }
    guard (last - first).isFinite, !isLogarithmic || (last / first).isNormal else {
      throw spacing.fault("the ends lie too far apart")
    }
    let values =
      isLogarithmic
      ? SpacedValues.logarithmic(from: first, to: last, count: count)
      : SpacedValues.linear(from: first, to: last, count: count)
    return values.map { value in
      // A whole number also serves where nothing else does.
      let text = Int(exactly: value).map { "\($0)" } ?? "\(value)"
      return .plain(text, spacing.node.place)
    }
  }
}

extension Node {
  /// Whether this mapping stands for values, and is not one of keys to settings.
  var isSpacing: Bool {
    guard case .mapping(let pairs) = self else { return false }
    return pairs.contains { $0.key.text.map(SpacingReader.names.contains) ?? false }
  }

  var isMapping: Bool { if case .mapping = self { true } else { false } }
}

extension GridKey {
  /// Whether its values are numbers, so that `linspace` and `logspace` may stand for them.
  var isCounted: Bool {
    switch self {
    case .latentDim, .seed, .initSeed, .orderSeed, .noiseSeed: true
    case .architecture, .hidden: false
    case .train(let key):
      switch key.kind {
      case .whole, .wholeOrNone, .real: true
      case .flag, .choice, .text: false
      }
    }
  }
}
