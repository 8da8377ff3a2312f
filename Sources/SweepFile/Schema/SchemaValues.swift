import Sweep
import VAE

/// What each key of a grid may hold, from the catalogue of train keys and the rules of architectures.
enum SchemaValues {
  /// One value of a train key.
  static func value(_ key: TrainKey) -> JSONValue {
    switch key.kind {
    case .flag: ["type": "boolean"]
    case .whole(let range):
      ["type": "integer", "minimum": .int(range.lowerBound), "maximum": .int(range.upperBound)]
    case .wholeOrNone(let least):
      SchemaForms.any(
        ["type": "integer", "minimum": .int(least)], ["enum": .array([.string("none"), .null])])
    case .real(.aboveZero): ["type": "number", "exclusiveMinimum": 0]
    case .real(.fromZero): ["type": "number", "minimum": 0]
    case .real(.fromZeroBelowOne): ["type": "number", "minimum": 0, "exclusiveMaximum": 1]
    case .choice(let names): SchemaForms.names(names)
    case .text(let form):
      SchemaForms.any(
        ["type": "string", "pattern": .string(form.pattern)],
        ["enum": .array([.string("none"), .null])])
    }
  }

  /// One value of a key, as in a row of a zip.
  static func value(_ key: GridKey) -> JSONValue {
    switch key {
    case .architecture:
      ["type": "string", "pattern": "^[0-9]+(-[0-9]+){2,}$"]
    case .hidden: SchemaForms.any(net, joined, width)
    case .latentDim: ["type": "integer", "minimum": 1, "maximum": .int(Architecture.maxLatentDim)]
    case .seed, .initSeed, .orderSeed, .noiseSeed: seed
    case .train(let key): value(key)
    }
  }

  static let input: JSONValue = [
    "type": "integer", "minimum": 1, "maximum": .int(Architecture.maxInput),
    "description": "Pixels of an image (default: the dataset's).",
  ]
  private static let width: JSONValue = [
    "type": "integer", "minimum": 1, "maximum": .int(Architecture.maxWidth),
  ]
  private static let net: JSONValue = [
    "type": "array", "minItems": 1, "maxItems": .int(Architecture.maxLayers), "items": width,
  ]
  private static let joined: JSONValue = ["type": "string", "pattern": "^[0-9]+(-[0-9]+)*$"]

  /// A seed, or a range of them.
  static let seed: JSONValue = SchemaForms.any(
    ["type": "integer", "minimum": 0, "maximum": .int(Int(UInt32.max))],
    ["type": "string", "pattern": "^[0-9]+\\.\\.[0-9]+$"])

  /// One value, a list of them, or a range with its number of values.
  static func axis(_ key: GridKey) -> JSONValue {
    switch key {
    case .hidden:
      // [256, 32] may be one net or two: neither is guessed.
      let flat: JSONValue = ["type": "array", "minItems": 2, "items": ["type": "integer"]]
      let nets: JSONValue = [
        "type": "array", "minItems": 1, "uniqueItems": true, "items": value(key), "not": flat,
      ]
      return SchemaForms.any(joined, width, nets)
    case .architecture: return SchemaForms.any(value(key), SchemaForms.values(value(key)))
    case .latentDim, .seed, .initSeed, .orderSeed, .noiseSeed:
      return SchemaForms.any(value(key), SchemaForms.values(value(key)), spacing)
    case .train(let train): return axis(train)
    }
  }

  private static func axis(_ key: TrainKey) -> JSONValue {
    let choices = [value(key), SchemaForms.values(value(key))]
    let axis =
      switch key.kind {
      case .whole, .wholeOrNone, .real: SchemaForms.any(choices + [spacing])
      case .flag, .choice, .text: SchemaForms.any(choices)
      }
    return SchemaForms.described(axis, key.help, default: JSONValue(key.defaultValue))
  }

  /// As an axis; but here `hidden: [256, 32]` is one net.
  static func included(_ key: GridKey) -> JSONValue {
    guard case .hidden = key else { return axis(key) }
    return SchemaForms.any(joined, width, net, SchemaForms.values(value(key)))
  }

  /// What points are told apart by: one value or a list of them.
  static func match(_ key: GridKey) -> JSONValue {
    switch key {
    case .hidden: included(key)
    case .seed, .initSeed, .orderSeed, .noiseSeed:
      SchemaForms.any(seed, ["type": "array", "items": seed])
    case .architecture, .latentDim, .train: axis(key)
    }
  }

  private static var spacing: JSONValue { SchemaForms.reference("spacing") }

  /// `{linspace: [first, last, how many]}`, or `logspace`.
  static var spacingDefinition: JSONValue {
    func values(_ end: JSONValue) -> JSONValue {
      let count: JSONValue = [
        "type": "integer", "minimum": 2, "maximum": .int(SpacingReader.most),
      ]
      return [
        "type": "array", "minItems": 3, "maxItems": 3, "prefixItems": .array([end, end, count]),
      ]
    }
    return SchemaForms.object(
      [
        ("linspace", values(["type": "number"])),
        ("logspace", values(["type": "number", "exclusiveMinimum": 0])),
      ], "[first, last, how many], both ends included.",
      least: 1, most: 1)
  }
}
