package import Sweep
import VAE

extension SweepFile {
  /// The JSON Schema (draft 2020-12) of sweep files, which editors complete and check by.
  ///
  /// Made from the catalogues and limits that the loader reads by. It says what each key may hold, and is
  /// nowhere stricter than the loader; what must hold between keys, mostly the loader alone can say.
  package static var schema: JSONValue { SchemaGrid.root }

  /// A sweep file as a validator of JSON Schema sees it: aliases followed, values by the core schema of
  /// YAML 1.2.
  ///
  /// Files that it extends are not read.
  package static func document(yaml: String, file: String) throws(SweepFileError) -> JSONValue {
    do throws(Fault) {
      return try SweepSource.tree(yaml, file).json
    } catch {
      throw error.error(in: file)
    }
  }
}

extension Node {
  fileprivate var json: JSONValue {
    switch self {
    case .scalar: parameter.map { JSONValue($0) } ?? .null
    case .sequence(let items): .array(items.map(\.json))
    case .mapping(let pairs):
      .object(pairs.map { JSONValue.Member($0.key.text ?? "", $0.value.json) })
    }
  }
}

/// The file as a whole, and the grids in it.
private enum SchemaGrid {
  static var root: JSONValue {
    let names = NamedDatasets.names.joined(separator: ", ")
    var properties: [(String, JSONValue)] = [
      (
        "extends",
        [
          "type": ["string", "number", "boolean"],
          "description":
            "A sweep file beside this one: mappings are merged, all else is replaced.",
        ]
      ),
      (
        "name",
        [
          "type": ["string", "number", "boolean"],
          "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
          "description": "The sweep's name, which enters the names of files.",
        ]
      ),
      (
        "dataset",
        [
          "type": "string", "description": .string("\(names), digits:TRAIN:TEST, or a folder."),
          "default": "mnist",
          "anyOf": [
            SchemaForms.names(NamedDatasets.names + [".", "..", "~"]),
            ["pattern": "^digits:0*[1-9][0-9]*:0*[1-9][0-9]*$"], ["pattern": "/"],
          ],
        ]
      ),
      (
        "train",
        SchemaForms.object(
          TrainKey.allCases.map {
            (
              $0.rawValue,
              SchemaForms.described(
                SchemaValues.value($0), $0.help, default: JSONValue($0.defaultValue))
            )
          }, "Keys that hold for all points.", isNullable: true)
      ),
      ("input", SchemaValues.input), ("grids", grids), ("claims", SchemaStudy.claims),
      ("looks", SchemaStudy.looks),
      ("pictures", SchemaStudy.pictures), ("measures", SchemaStudy.measures),
    ]
    properties += block
    // Beside `grids` each of these would belong to no grid.
    let beside = BlockReader.keys.map { JSONValue.Member($0, false) }
    return [
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "A sweep file of vaesweep",
      "type": "object",
      "properties": .object(
        properties.sorted { place($0.0) < place($1.0) }.map { JSONValue.Member($0.0, $0.1) }),
      "patternProperties": .object([
        JSONValue.Member("^\(DefinitionReader.ownPrefix)", true)
      ]),
      "additionalProperties": false,
      "dependentSchemas": ["grids": ["properties": .object(beside)]],
      "anyOf": [
        ["required": ["extends"]], ["required": ["name", "grid"]],
        ["required": ["name", "grids"]],
      ],
      "$defs": [
        "axes": SchemaForms.object(
          GridKey.every.map { ($0.description, SchemaValues.axis($0)) }, isNullable: true),
        "include": include,
        "match": SchemaForms.object(
          GridKey.every.map { ($0.description, SchemaValues.match($0)) }, least: 1),
        "condition": SchemaForms.object(
          GridKey.every.filter { !$0.isSeed }.map { ($0.description, SchemaValues.match($0)) },
          least: 1),
        "row": SchemaForms.object(
          GridKey.every.filter { !$0.isSeed }.map { ($0.description, SchemaValues.value($0)) },
          least: 1),
        "spacing": SchemaValues.spacingDefinition,
        "metric": SchemaStudy.metricDefinition,
        "configuration": SchemaStudy.configurationDefinition,
      ],
    ]
  }

  /// As the loader names them.
  private static func place(_ key: String) -> Int {
    DefinitionReader.topKeys.firstIndex(of: key) ?? DefinitionReader.topKeys.count
  }

  private static var grids: JSONValue {
    [
      "type": "array", "minItems": 1, "maxItems": .int(GridReader.maxGrids),
      "description": "Several grids: the sweep is their union.",
      "items": SchemaForms.object(
        [("name", ["type": ["string", "number", "boolean"], "pattern": .string(namePattern)])]
          + block, required: ["name", "grid"]),
    ]
  }

  private static let namePattern = "^[A-Za-z0-9_-]{1,100}$"

  /// The keys of one grid.
  private static var block: [(String, JSONValue)] {
    let zip: JSONValue = [
      "type": ["object", "null"],
      "description": "Named axes of rows that multiply with the rest.",
      "patternProperties": .object([
        JSONValue.Member(
          namePattern,
          [
            "type": "array", "minItems": 1, "uniqueItems": true,
            "items": SchemaForms.reference("row"),
          ])
      ]),
      "additionalProperties": false,
    ]
    let when = SchemaForms.object(
      [
        ("if", SchemaForms.reference("condition")),
        ("grid", ["$ref": "#/$defs/axes", "type": "object", "minProperties": 1]),
      ], required: ["if", "grid"])
    let most = BlockReader.maxRules
    return [
      ("grid", SchemaForms.described(SchemaForms.reference("axes"), "The product of these.")),
      ("zip", zip),
      ("when", SchemaForms.list(when, "Axes that only the points have that match.", most: most)),
      (
        "exclude",
        SchemaForms.list(
          SchemaForms.reference("match"), "What is left out: it matches on the keys it names.",
          most: most)
      ),
      (
        "include",
        SchemaForms.list(
          SchemaForms.reference("include"), "Points that are added; it changes none.", most: most)
      ), ("variance", variance),
    ]
  }

  /// Points by themselves: with a shape and seeds of their own.
  private static var include: JSONValue {
    SchemaForms.object(
      GridKey.every.map { ($0.description, SchemaValues.included($0)) },
      and: [
        JSONValue.Member(
          "allOf",
          [
            ["anyOf": [["required": ["architecture"]], ["required": ["hidden", "latent_dim"]]]],
            [
              "anyOf": [
                ["required": ["seed"]], ["required": ["init_seed", "order_seed", "noise_seed"]],
              ]
            ],
          ])
      ])
  }

  private static var variance: JSONValue {
    let count: JSONValue = ["type": "integer", "minimum": 2, "maximum": 1_000_000]
    return SchemaForms.object(
      [
        ("factor", SchemaForms.names(SeedFactor.allCases.map(\.rawValue))), ("levels", count),
        ("redraws", count),
      ], "A nested design in place of a seed axis.", required: VarianceReader.keys,
      isNullable: true)
  }
}

extension GridKey {
  /// In the order in which messages name them.
  fileprivate static var every: [GridKey] { names.compactMap(GridKey.init(name:)) }
}
