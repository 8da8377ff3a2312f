import VAE

extension Outcome {
  /// SHA-256 over the canonical JSON of every result field that the outcome has, history included.
  ///
  /// Two attempts of one point under one fingerprint must agree on it.
  package var resultDigest: Digest { resultDigest(asOf: resultVersion) }

  /// The digest that the outcome would have had as a result of an earlier version: without the fields
  /// that came later, and without optional measures.
  package func resultDigest(asOf version: Int) -> Digest {
    let fields = OutcomeField.jsonFields.filter { field in
      field.since.map { $0 <= version } ?? false
    }
    return Digest(of: JSONValue.object(members(fields) + [historyMember]).canonicalBytes)
  }

  /// One outcome as users read it.
  package func json(receipt: Receipt?, history: Bool) -> JSONValue {
    var members = [JSONValue.Member("key", .string(key.description))]
    members += point.configuration.members
    members.append(JSONValue.Member("seed", JSONValue(point.seeds.shared.map(Int.init))))
    members += point.seeds.members
    members += resultMembers
    if history { members.append(historyMember) }
    members.append(JSONValue.Member("result_digest", .string(resultDigest.hex)))
    members.append(JSONValue.Member("receipt", receipt?.json ?? .null))
    return .object(members)
  }

  /// Every result field but the history; an optional measure only where the run has it.
  private var resultMembers: [JSONValue.Member] {
    members(OutcomeField.jsonFields.filter { !$0.isOptional || $0.json(of: self) != .null })
  }

  private func members(_ fields: [OutcomeField]) -> [JSONValue.Member] {
    fields.map { JSONValue.Member($0.name, $0.json(of: self)) }
  }

  private var historyMember: JSONValue.Member {
    JSONValue.Member("history", .array(result.history.map(\.json)))
  }
}

extension Receipt {
  private static let fields: [(name: String, read: @Sendable (Receipt) -> JSONValue)] = [
    ("host", { .string($0.host) }), ("cpu", { .string($0.cpu) }),
    ("blas_core", { .string($0.blasCore) }), ("fingerprint", { .string($0.fingerprint) }),
    ("version", { .string($0.version) }),
    ("images_per_second", { JSONValue($0.imagesPerSecond) }),
    ("seconds", { JSONValue($0.seconds) }),
    ("finished_at", { JSONValue($0.finishedAt) }),
  ]

  /// The names of its members, in JSON and SQL.
  package static let names = fields.map(\.name)

  package var members: [JSONValue.Member] {
    Self.fields.map { JSONValue.Member($0.name, $0.read(self)) }
  }

  package var json: JSONValue { .object(members) }
}
