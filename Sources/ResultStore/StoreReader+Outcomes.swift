internal import GRDB
internal import Sweep
internal import VAE

extension StoreReader {
  /// Every outcome in the order of the keys; `body` returns false to stop.
  ///
  /// Read in pages, between which the coordinator commits: an outcome stored meanwhile appears
  /// where its key has not been passed yet.
  package func forEachOutcome(
    history: HistoryDepth = .lastFive, _ body: (StoredOutcome) -> Bool
  ) throws(StoreError) {
    var reading = OutcomeReading(path: path, history: history)
    var last = ""
    while true {
      let page = try connection.read("read") { db in try reading.page(db, after: last) }
      for outcome in page where !body(outcome) { return }
      guard page.count == OutcomeReading.pageSize, let key = page.last?.outcome.key else { return }
      last = key.description
    }
  }

  /// Every outcome in the order of the keys.
  package func outcomes(history: HistoryDepth = .lastFive) throws(StoreError) -> [StoredOutcome] {
    var outcomes: [StoredOutcome] = []
    try forEachOutcome(history: history) {
      outcomes.append($0)
      return true
    }
    return outcomes
  }
}

/// Puts outcomes together from their rows.
private struct OutcomeReading {
  static let pageSize = 256

  let path: String
  let history: HistoryDepth
  private var points: PointReading

  init(path: String, history: HistoryDepth) {
    self.path = path
    self.history = history
    points = PointReading(path: path)
  }

  private static let selection = """
    SELECT id, key, status, diverged_epoch, train_total, train_reconstruction, train_kl, digest,
      result_digest, host, cpu, blas_core, fingerprint, version, images_per_second, seconds,
      finished_at, attempt_epoch, attempt_counter, dataset_digest, trainer_version, init_seed, order_seed, noise_seed,
      \(ConfigurationColumns.list), \(StudyColumns.list)
    FROM outcomes WHERE key > ? ORDER BY key LIMIT \(pageSize)
    """

  mutating func page(_ db: Database, after key: String) throws -> [StoredOutcome] {
    let rows = try Row.fetchCursor(db.cachedStatement(sql: Self.selection), arguments: [key])
    var page: [StoredOutcome] = []
    page.reserveCapacity(Self.pageSize)
    while let row = try rows.next() { page.append(try outcome(db, Columns(row, path))) }
    return page
  }

  private mutating func outcome(_ db: Database, _ columns: Columns) throws -> StoredOutcome {
    let id = try columns.integer(0)
    let point = try points.point(columns, from: 21)
    let result = TrainingResult(
      history: try epochs(db, of: id),
      ending: try ending(db, columns, of: id, point.configuration))
    let outcome = Outcome(key: try columns.key(1), point: point, result: result)
    // Checked whatever part of it is asked for: a damaged row must not become a result.
    try points.check(
      outcome.key, of: point, dataset: try columns.digest(19),
      trainerVersion: Int(try columns.integer(20)), columns)
    let digest = try columns.digest(8)
    guard outcome.resultDigest == digest else {
      throw columns.damaged("outcome \(outcome.key.short) differs from what was stored", 8)
    }
    let receipt = Receipt(
      host: try columns.text(9), cpu: try columns.text(10), blasCore: try columns.text(11),
      fingerprint: try columns.text(12), version: try columns.text(13),
      imagesPerSecond: columns.number(14), seconds: columns.number(15),
      finishedAt: columns.number(16))
    return StoredOutcome(
      outcome: history == .full ? outcome : outcome.withLastEpochs(5), receipt: receipt,
      attempt: try columns.attempt(17), resultDigest: digest)
  }

  private func ending(
    _ db: Database, _ columns: Columns, of id: Int64, _ configuration: Configuration
  ) throws -> TrainingEnding {
    switch try columns.text(2) {
    case OutcomeStatus.ok.rawValue:
      return .completed(
        FinalMeasurements(
          train: LossTerms(
            reconstruction: columns.number(5), kl: columns.number(6), total: columns.number(4)),
          latents: try latents(db, of: id, configuration), deadUnits: try deadUnits(db, of: id),
          study: study(columns),
          digest: try columns.digest(7).hex))
    case OutcomeStatus.diverged.rawValue:
      return .diverged(epoch: Int(try columns.integer(3)))
    default:
      throw columns.damaged("a wrong status", 2)
    }
  }

  private func study(_ columns: Columns) -> StudyMeasures {
    var study = StudyMeasures()
    // Behind the seeds and the configuration.
    let first = 24 + ConfigurationColumns.names.count
    for (index, measure) in StudyMeasure.allCases.enumerated() {
      study[measure] = columns.optionalNumber(first + index)
    }
    return study
  }

  private func epochs(_ db: Database, of id: Int64) throws -> [EpochRecord] {
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT epoch, train_running_total, test_total, test_reconstruction, test_kl,
            test_reconstruction_at_mean
          FROM epochs WHERE outcome_id = ? ORDER BY epoch
          """), arguments: [id])
    var records: [EpochRecord] = []
    while let row = try rows.next() {
      let columns = Columns(row, path)
      records.append(
        EpochRecord(
          epoch: Int(try columns.integer(0)), trainRunningTotal: columns.number(1),
          test: LossTerms(
            reconstruction: columns.number(3), kl: columns.number(4), total: columns.number(2)),
          testReconstructionAtMean: columns.number(5)))
    }
    return records
  }

  private func latents(_ db: Database, of id: Int64, _ configuration: Configuration) throws
    -> [LatentStatistics]
  {
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT var_mu, mean_sigma2, kl, gain, mean_mu
          FROM latents WHERE outcome_id = ? ORDER BY latent
          """), arguments: [id])
    var latents: [LatentStatistics] = []
    while let row = try rows.next() {
      let columns = Columns(row, path)
      latents.append(
        LatentStatistics(
          varMu: columns.number(0),
          meanSigma2: configuration.sampling ? columns.number(1) : nil, kl: columns.number(2),
          gain: columns.number(3), meanMu: columns.number(4)))
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

extension Outcome {
  fileprivate func withLastEpochs(_ count: Int) -> Outcome {
    let part = TrainingResult(history: Array(result.history.suffix(count)), ending: result.ending)
    return Outcome(key: key, point: point, result: part)
  }
}
