import ArgumentParser
import VAE

/// Every train key as a flag, in kebab case: made from the catalogue, not declared one by one.
///
/// The parser finds a command's options in its mirror and decodes what was given by their names.
struct TrainOptions: ParsableArguments, CustomReflectable {
  /// What was given, as the sweep file would give it.
  private(set) var values: [TrainKey: ParameterValue] = [:]

  init() {}

  init(from decoder: any Decoder) throws {
    let given = try decoder.container(keyedBy: FlagName.self)
    for key in TrainKey.allCases {
      let name = FlagName(key)
      if case .flag = key.kind {
        let flag = try given.decode(Flag<Bool?>.self, forKey: name).wrappedValue
        values[key] = flag.map(ParameterValue.bool)
      } else if let text = try given.decode(Option<String?>.self, forKey: name).wrappedValue {
        values[key] = key.value(reading: text)
      }
    }
  }

  var customMirror: Mirror {
    Mirror(
      self,
      children: TrainKey.allCases.map { key in (label: FlagName(key).stringValue, key.option) })
  }

  /// Whether any was given, be it at its default.
  var isAnyGiven: Bool { !values.isEmpty }

  /// The configuration that was asked for; a key that does not apply to the optimiser is an error.
  func configuration(_ architecture: Architecture) throws(InvalidValue) -> Configuration {
    let configuration = try Configuration(architecture: architecture, values)
    for key in TrainKey.allCases where configuration[key] == nil {
      guard let value = values[key] else { continue }
      throw InvalidValue(
        key: key.rawValue, value: value.description,
        expected: "left out: it does not apply to \(configuration.optimizer.name)")
    }
    return configuration
  }
}

/// What the parser calls an option: never shown.
private struct FlagName: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ key: TrainKey) { stringValue = key.rawValue }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension TrainKey {
  /// `batch-size`, of `--batch-size`.
  private var kebabName: String { rawValue.replacing("_", with: "-") }

  /// The option's declaration.
  fileprivate var option: Any {
    guard case .flag = kind else {
      let choices =
        if case .choice(let names) = kind { "\(names.joined(separator: ", ")). " } else { "" }
      // A value may begin with a minus sign: it is refused for its range, not taken for a flag.
      return Option<String?>(
        name: .customLong(kebabName), parsing: .unconditional,
        help: ArgumentHelp("\(choices)\(help) (default: \(shownDefault))", valueName: kebabName))
    }
    // What was not given is nil: it is not the same as the default where a point is given by its key.
    let usual = "--\(defaultValue == .bool(true) ? "" : "no-")\(kebabName)"
    return Flag<Bool?>(
      name: .customLong(kebabName), inversion: .prefixedNo,
      help: ArgumentHelp("\(help) (default: \(usual))"))
  }

  /// `1e-8`, not `1e-08`.
  private var shownDefault: String {
    defaultValue.description.replacing("e-0", with: "e-")
  }
}
