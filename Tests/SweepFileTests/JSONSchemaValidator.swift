import Sweep

/// Judges documents by a JSON Schema (draft 2020-12), as far as the schema of sweep files goes.
///
/// A keyword that it does not know is an error, so that none is passed over in silence.
final class JSONSchemaValidator {
  struct UnknownKeyword: Error, CustomStringConvertible {
    let description: String
  }

  private static let annotations: Set<String> = [
    "$schema", "$defs", "title", "description", "default",
  ]

  private let root: JSONValue
  private var patterns: [String: Regex<AnyRegexOutput>] = [:]

  init(_ schema: JSONValue) { root = schema }

  func accepts(_ document: JSONValue) throws -> Bool { try accepts(document, root) }

  private func accepts(_ value: JSONValue, _ schema: JSONValue) throws -> Bool {
    switch schema {
    case .bool(let isAny): return isAny
    case .object(let keywords):
      for keyword in keywords
      where try !accepts(value, keyword.name, keyword.value, of: schema) { return false }
      return true
    default: throw UnknownKeyword(description: "\(schema.compact) is no schema")
    }
  }

  private func accepts(
    _ value: JSONValue, _ keyword: String, _ limit: JSONValue, of schema: JSONValue
  ) throws -> Bool {
    switch keyword {
    case _ where Self.annotations.contains(keyword): return true
    case "$ref": return try accepts(value, definition(limit))
    case "type":
      let types = limit.elements ?? [limit]
      return types.contains { $0.text.map(value.isOf) ?? false }
    case "enum": return (limit.elements ?? []).contains { $0.isEqual(value) }
    case "const": return limit.isEqual(value)
    case "anyOf": return try limit.list().contains { try accepts(value, $0) }
    case "allOf": return try limit.list().allSatisfy { try accepts(value, $0) }
    case "oneOf": return try limit.list().filter { try accepts(value, $0) }.count == 1
    case "not": return try !accepts(value, limit)
    case "pattern": return try value.text.map { try matches($0, limit) } ?? true
    case "minLength": return value.text.map { $0.unicodeScalars.count >= limit.whole } ?? true
    case "maxLength": return value.text.map { $0.unicodeScalars.count <= limit.whole } ?? true
    case "minimum": return value.real.map { $0 >= limit.real ?? .nan } ?? true
    case "maximum": return value.real.map { $0 <= limit.real ?? .nan } ?? true
    case "exclusiveMinimum": return value.real.map { $0 > limit.real ?? .nan } ?? true
    case "exclusiveMaximum": return value.real.map { $0 < limit.real ?? .nan } ?? true
    case "multipleOf":
      return value.real.map { ($0 / (limit.real ?? .nan)).rounded() * (limit.real ?? .nan) == $0 }
        ?? true
    case "minItems": return value.elements.map { $0.count >= limit.whole } ?? true
    case "maxItems": return value.elements.map { $0.count <= limit.whole } ?? true
    case "prefixItems":
      return try zip(value.elements ?? [], limit.list()).allSatisfy { try accepts($0, $1) }
    case "items": return try (value.elements ?? []).allSatisfy { try accepts($0, limit) }
    case "uniqueItems": return limit != .bool(true) || !(value.elements ?? []).hasTwins
    default: return try acceptsMembers(value.members, keyword, limit, of: schema)
    }
  }

  /// Keywords of objects alone.
  private func acceptsMembers(
    _ members: [JSONValue.Member]?, _ keyword: String, _ limit: JSONValue, of schema: JSONValue
  ) throws -> Bool {
    switch keyword {
    case "minProperties": return members.map { $0.count >= limit.whole } ?? true
    case "maxProperties": return members.map { $0.count <= limit.whole } ?? true
    case "required":
      let names = Set((members ?? []).map(\.name))
      return members == nil || (limit.elements ?? []).allSatisfy { names.contains($0.text ?? "") }
    case "properties":
      return try (members ?? []).allSatisfy { member in
        try limit[member.name].map { try accepts(member.value, $0) } ?? true
      }
    case "patternProperties":
      return try (members ?? []).allSatisfy { member in
        try (limit.members ?? []).allSatisfy { pattern in
          guard try matches(member.name, .string(pattern.name)) else { return true }
          return try accepts(member.value, pattern.value)
        }
      }
    case "additionalProperties":
      return try (members ?? []).allSatisfy { member in
        if schema["properties"]?[member.name] != nil { return true }
        let patterns = schema["patternProperties"]?.members ?? []
        if try patterns.contains(where: { try matches(member.name, .string($0.name)) }) {
          return true
        }
        return try accepts(member.value, limit)
      }
    case "dependentSchemas":
      return try (members ?? []).allSatisfy { member in
        guard let dependent = limit[member.name] else { return true }
        return try accepts(.object(members ?? []), dependent)
      }
    default: throw UnknownKeyword(description: keyword)
    }
  }

  private func definition(_ reference: JSONValue) throws -> JSONValue {
    let prefix = "#/$defs/"
    guard let text = reference.text, text.hasPrefix(prefix),
      let found = root["$defs"]?[String(text.dropFirst(prefix.count))]
    else { throw UnknownKeyword(description: "$ref \(reference.compact)") }
    return found
  }

  private func matches(_ text: String, _ pattern: JSONValue) throws -> Bool {
    let source = pattern.text ?? ""
    let regex = try patterns[source] ?? Regex(source)
    patterns[source] = regex
    return try regex.firstMatch(in: text) != nil
  }
}

extension JSONValue {
  var text: String? { if case .string(let text) = self { text } else { nil } }
  var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
  var members: [Member]? { if case .object(let members) = self { members } else { nil } }

  var real: Double? {
    switch self {
    case .int(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }

  fileprivate var whole: Int { real.map { Int($0) } ?? 0 }

  fileprivate func list() throws -> [JSONValue] {
    guard let elements else {
      throw JSONSchemaValidator.UnknownKeyword(description: "\(compact) is no list of schemas")
    }
    return elements
  }

  fileprivate func isOf(_ type: String) -> Bool {
    switch (type, self) {
    case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array),
      ("object", .object), ("number", .int), ("number", .number), ("integer", .int):
      true
    case ("integer", .number(let number)): number == number.rounded()
    default: false
    }
  }

  /// 1 and 1.0 are one number.
  fileprivate func isEqual(_ other: JSONValue) -> Bool {
    if let number = real, let second = other.real { return number == second }
    switch (self, other) {
    case (.array(let left), .array(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { $0.isEqual($1) }
    case (.object(let left), .object(let right)):
      return left.count == right.count
        && left.allSatisfy { member in other[member.name]?.isEqual(member.value) ?? false }
        && right.count == left.count
    default: return self == other
    }
  }
}

extension [JSONValue] {
  fileprivate var hasTwins: Bool {
    indices.contains { place in self[..<place].contains { $0.isEqual(self[place]) } }
  }
}
