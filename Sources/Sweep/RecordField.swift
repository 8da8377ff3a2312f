package import VAE

/// A number that every epoch or every latent has: one name for JSON, CSV and SQL.
package struct RecordField<Record>: Sendable {
  package let name: String
  /// nil where there is none, as of σ² without sampling.
  package let read: @Sendable (Record) -> Double?
  /// nil where the number follows from the others: it is not stored.
  package let restore: (@Sendable (inout Record, Double?) -> Void)?

  init(_ name: String, _ path: any WritableKeyPath<Record, Double> & Sendable) {
    self.name = name
    read = { $0[keyPath: path] }
    // A number that was not finite is stored as null.
    restore = { $0[keyPath: path] = $1 ?? .nan }
  }

  init(_ name: String, _ path: any WritableKeyPath<Record, Double?> & Sendable) {
    self.name = name
    read = { $0[keyPath: path] }
    restore = { $0[keyPath: path] = $1 }
  }

  init(_ name: String, derived read: @escaping @Sendable (Record) -> Double?) {
    self.name = name
    self.read = read
    restore = nil
  }

  package func member(of record: Record) -> JSONValue.Member {
    JSONValue.Member(name, JSONValue(read(record)))
  }
}

extension EpochRecord {
  package static let fields: [RecordField<EpochRecord>] = [
    RecordField("train_running_total", \.trainRunningTotal),
    RecordField("test_total", \.test.total),
    RecordField("test_reconstruction", \.test.reconstruction),
    RecordField("test_kl", \.test.kl),
    RecordField("test_reconstruction_at_mean", \.testReconstructionAtMean),
  ]

  package var json: JSONValue {
    .object([JSONValue.Member("epoch", .int(epoch))] + Self.fields.map { $0.member(of: self) })
  }
}

extension LatentStatistics {
  package static let fields: [RecordField<LatentStatistics>] = [
    RecordField("var_mu", \.varMu), RecordField("mean_sigma2", \.meanSigma2),
    RecordField("kl", \.kl), RecordField("gain", \.gain), RecordField("mean_mu", \.meanMu),
    RecordField("aggregate_variance", derived: \.aggregateVariance),
  ]

  package var json: JSONValue { .object(Self.fields.map { $0.member(of: self) }) }
}

extension DeadUnits {
  var member: JSONValue.Member { JSONValue.Member(layer, .int(count)) }
}
