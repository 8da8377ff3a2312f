package import VAE

/// A configuration and its seeds: the unit that is handed out, trained and stored.
package struct Point: Hashable, Sendable {
  package let configuration: Configuration
  package let seeds: Seeds

  package init(configuration: Configuration, seeds: Seeds) {
    self.configuration = configuration
    self.seeds = seeds
  }

  /// The key of this point on a dataset under a trainer version.
  ///
  /// SHA-256 of the RFC 8785 canonical JSON of everything that decides the numbers. Pictures,
  /// thresholds, host and fingerprint never enter.
  package func key(dataset: Digest, trainerVersion: Int) -> PointKey {
    PointKey(Digest(of: keyText(dataset: dataset, trainerVersion: trainerVersion)))
  }

  /// What the key is the digest of, in UTF-8.
  func keyText(dataset: Digest, trainerVersion: Int) -> [UInt8] {
    let members =
      configuration.keyMembers + seeds.members + [
        JSONValue.Member("dataset_digest", .string(dataset.hex)),
        JSONValue.Member("trainer_version", .int(trainerVersion)),
      ]
    return JSONValue.object(members).canonicalBytes
  }
}

/// The identity of a point: equal keys train to equal bits under one fingerprint.
package struct PointKey: Hashable, Sendable, CustomStringConvertible, Comparable {
  package let digest: Digest

  package init(_ digest: Digest) { self.digest = digest }

  package init?(hex: String) {
    guard let digest = Digest(hex: hex) else { return nil }
    self.digest = digest
  }

  package var description: String { digest.hex }
  package var short: String { digest.short }
  package static func < (left: PointKey, right: PointKey) -> Bool { left.digest < right.digest }
}

extension Configuration {
  /// What enters the key: hidden, latent_dim and every train key that applies, but for those that came
  /// into the catalogue later and are at their defaults.
  var keyMembers: [JSONValue.Member] {
    shapeMembers + settings.filter { !$0.isLeftOutOfKey }.map(\.member)
  }

  /// What users read: the architecture in words, then its halves and every train key that applies.
  package var members: [JSONValue.Member] {
    [JSONValue.Member("architecture", .string(architecture.description))] + shapeMembers
      + settings.map(\.member)
  }

  private var shapeMembers: [JSONValue.Member] {
    [
      JSONValue.Member("hidden", .array(architecture.hidden.map(JSONValue.int))),
      JSONValue.Member("latent_dim", .int(architecture.latentDim)),
    ]
  }
}

extension Configuration.Setting {
  fileprivate var member: JSONValue.Member { JSONValue.Member(key.rawValue, JSONValue(value)) }
}

extension Seeds {
  /// The three seeds under the names they have everywhere.
  package var members: [JSONValue.Member] {
    [
      JSONValue.Member("init_seed", .int(Int(initialization))),
      JSONValue.Member("order_seed", .int(Int(order))),
      JSONValue.Member("noise_seed", .int(Int(noise))),
    ]
  }

  /// The one seed that all three share, or nil where they differ.
  package var shared: UInt32? { initialization == order && order == noise ? noise : nil }
}

extension JSONValue {
  package init(_ value: ParameterValue) {
    switch value {
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .double(let value): self = .number(value)
    case .string(let value): self = .string(value)
    case .null: self = .null
    }
  }
}
