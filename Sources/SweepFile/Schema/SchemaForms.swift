import Sweep

/// The forms that the parts of the schema are made of.
enum SchemaForms {
  /// A mapping with these keys and no others; as under a key that nothing follows, it may be left empty.
  static func object(
    _ properties: [(String, JSONValue)], _ text: String? = nil, required: [String] = [],
    least: Int? = nil, most: Int? = nil, isNullable: Bool = false, and more: [JSONValue.Member] = []
  ) -> JSONValue {
    var members: [JSONValue.Member] = []
    if let text { members.append(JSONValue.Member("description", .string(text))) }
    members += [
      JSONValue.Member("type", isNullable ? ["object", "null"] : "object"),
      JSONValue.Member("properties", .object(properties.map { JSONValue.Member($0.0, $0.1) })),
      JSONValue.Member("additionalProperties", false),
    ]
    if !required.isEmpty {
      members.append(JSONValue.Member("required", .array(required.map(JSONValue.string))))
    }
    if let least { members.append(JSONValue.Member("minProperties", .int(least))) }
    if let most { members.append(JSONValue.Member("maxProperties", .int(most))) }
    return .object(members + more)
  }

  /// A list, or nothing behind the key.
  static func list(_ items: JSONValue, _ text: String, most: Int) -> JSONValue {
    [
      "type": ["array", "null"], "description": .string(text), "maxItems": .int(most),
      "items": items,
    ]
  }

  /// At least one different value.
  static func values(_ items: JSONValue) -> JSONValue {
    ["type": "array", "minItems": 1, "uniqueItems": true, "items": items]
  }

  /// One of these names.
  static func names(_ names: some Sequence<String>) -> JSONValue {
    ["enum": .array(names.map(JSONValue.string))]
  }

  static func any(_ choices: JSONValue...) -> JSONValue { ["anyOf": .array(choices)] }

  static func any(_ choices: [JSONValue]) -> JSONValue { ["anyOf": .array(choices)] }

  static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/$defs/\(name)")] }

  static func described(_ schema: JSONValue, _ text: String, default value: JSONValue? = nil)
    -> JSONValue
  {
    guard case .object(let members) = schema else { return schema }
    let own =
      [JSONValue.Member("description", .string(text))]
      + (value.map { [JSONValue.Member("default", $0)] } ?? [])
    return .object(own + members)
  }
}
