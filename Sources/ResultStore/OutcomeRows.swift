internal import GRDB
internal import Sweep
internal import VAE

/// How an outcome lies in `outcomes`, `epochs` and `latents`.
enum OutcomeRows {
  static func insert(
    _ db: Database, _ outcome: Outcome, _ receipt: Receipt, _ attempt: AttemptID,
    resultDigest: Digest, identity: StoreIdentity
  ) throws {
    var cells = [Cell("key", outcome.key.description)]
    cells += ConfigurationColumns.cells(outcome.point.configuration)
    cells += outcome.point.seeds.members.map { Cell($0) }
    cells += [
      Cell("seed", outcome.point.seeds.shared),
      Cell("dataset_digest", identity.datasetDigest.hex),
      Cell("trainer_version", identity.trainerVersion),
    ]
    cells += OutcomeField.columnFields.map {
      Cell(JSONValue.Member($0.name, $0.json(of: outcome)))
    }
    cells += [
      Cell("result_digest", resultDigest.hex), Cell("result_version", outcome.resultVersion),
    ]
    cells += receipt.members.map { Cell($0) }
    cells += [Cell("attempt_epoch", attempt.storedEpoch), Cell("attempt_counter", attempt.counter)]
    try db.insert(into: "outcomes", cells)
    let id = db.lastInsertedRowID
    try insert(db, "epochs", ["outcome_id", "epoch"], EpochRecord.fields) { insert in
      for record in outcome.result.history { try insert([id, record.epoch], record) }
    }
    try insert(db, "latents", ["outcome_id", "latent"], LatentStatistics.fields) { insert in
      for (index, latent) in (outcome.measurements?.latents ?? []).enumerated() {
        try insert([id, index], latent)
      }
    }
  }

  /// Adds what a sweep asked for after the point was done, and a replay has brought.
  ///
  /// Optional measures are not a part of the result: what is there stays.
  static func addOptionalMeasures(_ db: Database, of outcome: Outcome) throws {
    for field in OutcomeField.columnFields where field.isOptional {
      guard let value = Cell(JSONValue.Member(field.name, field.json(of: outcome))).value else {
        continue
      }
      try db.execute(
        sql: "UPDATE outcomes SET \(field.name) = ? WHERE key = ? AND \(field.name) IS NULL",
        arguments: [value, outcome.key.description])
    }
  }

  /// Lets `body` insert rows one by one, each with its seal: the columns stand in the order of the
  /// table's.
  private static func insert<Record>(
    _ db: Database, _ table: String, _ keys: [String], _ fields: [RecordField<Record>],
    _ body: (_ insert: ([any DatabaseValueConvertible], Record) throws -> Void) throws -> Void
  ) throws {
    let stored = fields.filter { $0.restore != nil }
    let names = keys + stored.map(\.name) + ["seal"]
    let marks = Array(repeating: "?", count: names.count).joined(separator: ", ")
    let statement = try db.cachedStatement(
      sql: "INSERT INTO \(table) (\(names.joined(separator: ", "))) VALUES (\(marks))")
    try body { key, record in
      let values = stored.map { $0.read(record)?.finite }
      try statement.execute(arguments: Seals.sealed(key + values))
    }
  }
}
