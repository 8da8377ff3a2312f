import Sweep
import VAE

/// What a sweep file says of what is to be learnt: claims, looks and pictures.
enum SchemaStudy {
  private static var metric: JSONValue { SchemaForms.reference("metric") }
  private static let above: JSONValue = ["type": "number", "exclusiveMinimum": 0]

  static var metricDefinition: JSONValue { SchemaForms.names(Metric.known.map(\.rawValue)) }

  static var claims: JSONValue {
    let part = partKeys
    let own: [(String, JSONValue)] = [
      ("id", line(atMost: 20)), ("claim", line(atMost: 500)),
      ("parts", ["type": "array", "minItems": 1, "items": SchemaForms.object(part)]),
    ]
    return SchemaForms.list(
      SchemaForms.object(own + part, required: ["id", "claim"]),
      "Statements with the tests that decide them.", most: ClaimsReader.most)
  }

  private static func line(atMost length: Int) -> JSONValue {
    [
      "type": ["string", "number", "boolean"], "minLength": 1, "maxLength": .int(length),
    ]
  }

  private static var partKeys: [(String, JSONValue)] {
    let metrics = SchemaForms.any(
      metric, ["type": "array", "minItems": 1, "items": metric])
    let seed = SchemaValues.seed
    let known: [String: JSONValue] = [
      "test": SchemaForms.names(ClaimTest.allCases.map(\.rawValue)),
      "metric": metrics, "metric_b": metrics, "expect": expect,
      "seeds": SchemaForms.any(seed, ["type": "array", "items": seed]), "threshold": above,
    ]
    // All others name configurations.
    return ClaimPartReader.keys.map { ($0, known[$0] ?? SchemaForms.reference("configuration")) }
  }

  /// `784-256-2,sampling=false`, or a mapping of the same.
  static var configurationDefinition: JSONValue {
    let values = TrainKey.allCases.map { ($0.rawValue, SchemaValues.value($0)) }
    let parts = [("architecture", SchemaValues.value(.architecture))] + values
    return SchemaForms.any(
      ["type": "string"], SchemaForms.object(parts, required: ["architecture"]))
  }

  private static var expect: JSONValue {
    let number: JSONValue = ["type": "number"]
    let room = SchemaForms.any(
      above,
      ["type": "array", "minItems": 1, "maxItems": 2, "items": number])
    return SchemaForms.object(
      [("above", number), ("below", number), ("within", room)],
      "Where the truth must lie.", least: 1, most: 1)
  }

  static var looks: JSONValue {
    let count: JSONValue = ["type": "integer", "minimum": 2]
    let share: JSONValue = [
      "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": .number(0.5),
    ]
    let widths = [
      ("half_width", above), ("sd_half_width", above), ("collapse_half_width", share),
    ]
    let form = SchemaForms.object(
      [("metric", SchemaForms.names(Metric.allCases.map(\.rawValue)))] + widths + [
        (
          "at",
          SchemaForms.any(
            count,
            ["type": "array", "minItems": 1, "maxItems": .int(LooksReader.most), "items": count])
        )
      ], required: ["at"],
      and: [
        JSONValue.Member(
          "oneOf",
          [
            ["required": ["half_width"]], ["required": ["sd_half_width"]],
            ["required": ["collapse_half_width"], "properties": ["metric": false]],
          ])
      ])
    return [
      "description": "How many seeds are enough, judged at fixed steps.",
      "anyOf": [["type": "null"], form],
    ]
  }

  static var measures: JSONValue {
    let effort = SchemaForms.object(
      [
        (
          "draws",
          ["type": "integer", "minimum": 5, "maximum": 1_000_000, "multipleOf": 5, "default": 1000]
        ),
        ("images", ["type": "integer", "minimum": 1, "maximum": 100_000_000]),
      ], isNullable: true)
    return [
      "description": "Optional measures, which change no result and no key, and come by replay.",
      "anyOf": [
        ["type": "array", "uniqueItems": true, "items": SchemaForms.names(["likelihood"])],
        ["type": "null"], SchemaForms.object([("likelihood", effort)]),
      ],
    ]
  }

  static var pictures: JSONValue {
    let names = SchemaForms.names(PictureKind.allCases.map(\.rawValue))
    let kinds = SchemaForms.any(
      ["const": "all"], ["type": "array", "uniqueItems": true, "items": names])
    let seeds = SchemaForms.any(["const": "all"], ["type": "integer", "minimum": 1])
    return [
      "description": "What is kept of which runs for pictures.",
      "anyOf": [
        kinds, ["type": "null"],
        SchemaForms.object([("kinds", kinds), ("seeds", seeds)], required: ["kinds"]),
      ],
    ]
  }
}
