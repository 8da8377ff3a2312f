internal import GRDB
internal import Sweep
internal import VAE

extension Double {
  /// nil where JSON and SQL have no number for it.
  var finite: Double? { isFinite ? self : nil }
}

/// The columns of `outcomes` that hold the study's measures.
enum StudyColumns {
  static let count = StudyMeasure.allCases.count
  static let list = StudyMeasure.allCases.map(\.rawValue).joined(separator: ", ")
  /// As `CREATE TABLE` has them.
  static let definitions = StudyMeasure.allCases.map { "  \($0.rawValue) REAL" }
    .joined(separator: ",\n")
}

/// How an outcome lies in `outcomes`, `epochs` and `latents`.
enum OutcomeRows {
  /// Columns behind `id`, `key`, those of the configuration and the seeds.
  private static let others = """
    seed, dataset_digest, trainer_version, status, diverged_epoch, train_running_total,
    train_total, train_reconstruction, train_kl, test_total, test_total_last5,
    test_reconstruction, test_kl, test_reconstruction_at_mean,
    \(StudyColumns.list), collapsed, dead_units, digest, result_digest,
    host, cpu, blas_core, fingerprint, version, images_per_second, seconds, finished_at, attempt_epoch, attempt_counter
    """

  private static let insertion = """
    INSERT INTO outcomes (key, \(ConfigurationColumns.list), init_seed, order_seed, noise_seed,
      \(others))
    VALUES (\(Array(repeating: "?", count: 32 + ConfigurationColumns.names.count + StudyColumns.count)
      .joined(separator: ", ")))
    """

  static func insert(
    _ db: Database, _ outcome: Outcome, _ receipt: Receipt, _ attempt: AttemptID,
    resultDigest: Digest, identity: StoreIdentity
  ) throws {
    let seeds = outcome.point.seeds
    let last = outcome.result.history.last
    let final = outcome.measurements
    let dead = final.map { final in
      JSONValue.object(final.deadUnits.map { JSONValue.Member($0.layer, .int($0.count)) }).compact
    }
    var values: [(any DatabaseValueConvertible)?] = [outcome.key.description]
    values += ConfigurationColumns.values(outcome.point.configuration)
    values += [seeds.initialization, seeds.order, seeds.noise]
    values += [
      seeds.shared, identity.datasetDigest.hex, identity.trainerVersion, outcome.status.rawValue,
      outcome.divergedEpoch,
    ]
    values += [
      last?.trainRunningTotal.finite, final?.train.total.finite,
      final?.train.reconstruction.finite, final?.train.kl.finite, last?.test.total.finite,
      outcome.testTotalLast5?.finite, last?.test.reconstruction.finite, last?.test.kl.finite,
      last?.testReconstructionAtMean.finite,
    ]
    values += StudyMeasure.allCases.map { final?.study[$0] }
    values += [outcome.collapsed(), dead, final?.digest, resultDigest.hex]
    values += [
      receipt.host, receipt.cpu, receipt.blasCore, receipt.fingerprint, receipt.version,
      receipt.imagesPerSecond.finite, receipt.seconds.finite, receipt.finishedAt.finite,
      attempt.epoch, attempt.counter,
    ]
    try db.cachedStatement(sql: insertion).execute(arguments: StatementArguments(values))
    let id = db.lastInsertedRowID
    try insert(db, outcome.result.history, of: id)
    try insert(db, final?.latents ?? [], of: id)
  }

  private static func insert(_ db: Database, _ history: [EpochRecord], of id: Int64) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO epochs (outcome_id, epoch, train_running_total, test_total,
          test_reconstruction, test_kl, test_reconstruction_at_mean, seal)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """)
    for record in history {
      try statement.execute(
        arguments: Seals.sealed([
          id, record.epoch, record.trainRunningTotal.finite, record.test.total.finite,
          record.test.reconstruction.finite, record.test.kl.finite,
          record.testReconstructionAtMean.finite,
        ]))
    }
  }

  private static func insert(_ db: Database, _ latents: [LatentStatistics], of id: Int64) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO latents (outcome_id, latent, var_mu, mean_sigma2, kl, gain, mean_mu, seal)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """)
    for (index, latent) in latents.enumerated() {
      try statement.execute(
        arguments: Seals.sealed([
          id, index, latent.varMu.finite, latent.meanSigma2?.finite, latent.kl.finite,
          latent.gain.finite, latent.meanMu.finite,
        ]))
    }
  }
}
