internal import GRDB
internal import Platform
internal import Sweep
internal import VAE

/// Puts outcomes together from their rows.
struct OutcomeReading {
  static let pageSize = 256

  let path: String
  let history: HistoryDepth
  private var points: PointReading
  private let asked: AskedLikelihood
  private var likelihoods: LikelihoodReading

  init(path: String, history: HistoryDepth, asked: AskedLikelihood = AskedLikelihood()) {
    self.path = path
    self.history = history
    self.asked = asked
    points = PointReading(path: path)
    likelihoods = LikelihoodReading(path: path)
  }

  /// Every `stride`-th of the keys after `key`, at most `count` of them.
  static func ends(_ db: Database, after key: String, every stride: Int, count: Int) throws
    -> [String]
  {
    var ends: [String] = []
    while ends.count < count {
      let end = try String.fetchOne(
        db.cachedStatement(
          sql: "SELECT key FROM outcomes WHERE key > ? ORDER BY key LIMIT 1 OFFSET ?"),
        arguments: [ends.last ?? key, stride - 1])
      guard let end else { break }
      ends.append(end)
    }
    return ends
  }

  /// The outcomes whose keys come after `key` and not after `end`, as many as a page has.
  mutating func page(_ db: Database, after key: String, upTo end: String?) throws -> [StoredOutcome]
  {
    var read: [UncheckedOutcome] = []
    read.reserveCapacity(Self.pageSize)
    let bound = end == nil ? "" : "AND key <= ?"
    try db.forEachRow(
      "SELECT * FROM outcomes WHERE key > ? \(bound) ORDER BY key LIMIT \(Self.pageSize)",
      StatementArguments([key] + [end].compactMap(\.self)), of: path
    ) { columns in read.append(try outcome(db, columns)) }
    let checked = read.concurrentMap { [history] in $0.checked(history) }
    var page: [StoredOutcome] = []
    page.reserveCapacity(read.count)
    for (outcome, unchecked) in zip(checked, read) {
      // Read again by itself it says what is wrong with it.
      let key = unchecked.outcome.key
      if let outcome = try outcome ?? self.outcome(db, of: key) { page.append(outcome) }
    }
    return page
  }

  mutating func outcome(_ db: Database, of key: PointKey) throws -> StoredOutcome? {
    var found: StoredOutcome?
    try db.forEachRow("SELECT * FROM outcomes WHERE key = ?", [key.description], of: path) {
      guard let outcome = try outcome(db, $0).checked(history) else {
        throw $0.damaged("outcome \(key.short) differs from what was stored", "result_digest")
      }
      found = outcome
    }
    return found
  }

  private mutating func outcome(_ db: Database, _ columns: Columns) throws -> UncheckedOutcome {
    let version = Int(columns.optionalInteger("result_version") ?? 1)
    guard version <= OutcomeField.resultVersion else {
      throw columns.newer(
        "results of version \(version), and this one knows \(OutcomeField.resultVersion)")
    }
    let id = try columns.integer("id")
    let point = try points.point(columns)
    let result = TrainingResult(
      history: try epochs(db, of: id),
      ending: try ending(db, columns, of: id, point.configuration))
    let outcome = Outcome(
      key: try columns.key("key"), point: point, result: result, resultVersion: version)
    try points.check(
      outcome.key, of: point, dataset: try columns.digest("dataset_digest"),
      trainerVersion: Int(try columns.integer("trainer_version")), columns)
    let receipt = Receipt(
      host: try columns.text("host"), cpu: try columns.text("cpu"),
      blasCore: try columns.text("blas_core"), fingerprint: try columns.text("fingerprint"),
      version: try columns.text("version"),
      imagesPerSecond: columns.number("images_per_second"), seconds: columns.number("seconds"),
      finishedAt: columns.number("finished_at"))
    return UncheckedOutcome(
      outcome: outcome,
      likelihood: try likelihoods.likelihood(db, of: outcome.key) { asked.effort(of: point) },
      receipt: receipt, attempt: try columns.attempt("attempt_epoch", "attempt_counter"),
      resultDigest: try columns.digest("result_digest"))
  }

  private func ending(
    _ db: Database, _ columns: Columns, of id: Int64, _ configuration: Configuration
  ) throws -> TrainingEnding {
    switch try columns.text("status") {
    case OutcomeStatus.ok.rawValue:
      var final = FinalMeasurements(
        train: LossTerms(reconstruction: .nan, kl: .nan, total: .nan),
        latents: try latents(db, of: id, configuration), deadUnits: try deadUnits(db, of: id),
        digest: try columns.digest("digest").hex)
      for field in OutcomeField.columnFields {
        switch field.restoration {
        case .fromTheRest: continue
        case .measure(let measure): final.study[measure] = columns.optionalNumber(field.name)
        case .number(let path): final[keyPath: path] = columns.number(field.name)
        }
      }
      return .completed(final)
    case OutcomeStatus.diverged.rawValue:
      return .diverged(epoch: Int(try columns.integer("diverged_epoch")))
    default:
      throw columns.damaged("a wrong status", "status")
    }
  }

  private func epochs(_ db: Database, of id: Int64) throws -> [EpochRecord] {
    let unknown = LossTerms(reconstruction: .nan, kl: .nan, total: .nan)
    var records: [EpochRecord] = []
    try db.forEachRow(
      "SELECT * FROM epochs WHERE outcome_id = ? ORDER BY epoch", [id], of: path
    ) { columns in
      var record = EpochRecord(
        epoch: Int(try columns.integer("epoch")), trainRunningTotal: .nan, test: unknown,
        testReconstructionAtMean: .nan)
      for field in EpochRecord.fields {
        field.restore?(&record, columns.optionalNumber(field.name))
      }
      records.append(record)
    }
    return records
  }

  private func latents(_ db: Database, of id: Int64, _ configuration: Configuration) throws
    -> [LatentStatistics]
  {
    var latents: [LatentStatistics] = []
    try db.forEachRow(
      "SELECT * FROM latents WHERE outcome_id = ? ORDER BY latent", [id], of: path
    ) { columns in
      var latent = LatentStatistics(varMu: .nan, meanSigma2: nil, kl: .nan, gain: .nan)
      for field in LatentStatistics.fields {
        field.restore?(&latent, columns.optionalNumber(field.name))
      }
      // Null is no σ², or one that was not finite.
      if configuration.sampling, latent.meanSigma2 == nil { latent.meanSigma2 = .nan }
      latents.append(latent)
    }
    return latents
  }

  private func deadUnits(_ db: Database, of id: Int64) throws -> [DeadUnits] {
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT layers.key, layers.value FROM outcomes o, json_each(o.dead_units) layers
          WHERE o.id = ?
          """), arguments: [id])
    var layers: [DeadUnits] = []
    while let row = try rows.next() {
      let columns = Columns(row, path)
      layers.append(DeadUnits(layer: try columns.text(0), count: Int(try columns.integer(1))))
    }
    return layers
  }
}

/// What rows say of an outcome, before it is held against the digest that was stored with them.
private struct UncheckedOutcome: Sendable {
  let outcome: Outcome
  let likelihood: Likelihood?
  let receipt: Receipt
  let attempt: AttemptID
  let resultDigest: Digest

  /// Nil where it is not what was stored; that is looked at whatever part of it is asked for: a damaged
  /// row must not become a result.
  func checked(_ history: HistoryDepth) -> StoredOutcome? {
    guard outcome.resultDigest == resultDigest else { return nil }
    let whole = likelihood.map(outcome.adding) ?? outcome
    return StoredOutcome(
      outcome: history == .full ? whole : whole.withLastEpochs(5), receipt: receipt,
      attempt: attempt, resultDigest: resultDigest)
  }
}

extension Outcome {
  fileprivate func withLastEpochs(_ count: Int) -> Outcome {
    let part = TrainingResult(history: Array(result.history.suffix(count)), ending: result.ending)
    return Outcome(key: key, point: point, result: part, resultVersion: resultVersion)
  }
}
