internal import GRDB
internal import Platform
internal import Sweep
internal import VAE

/// Takes the rows of one store into another, both brought up to date and in nobody's hands.
struct StoreJoining {
  /// Of the store that takes.
  let connection: Connection
  /// The file of the store that is taken from.
  let other: String
  /// As the user wrote them: of the one that takes, of the other.
  let names: [String]

  /// Runs `body` with the other store's tables under `other`.
  func attached<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
    try connection.perform("read") { db in
      try db.execute(sql: "ATTACH DATABASE ? AS other", arguments: [other])
    }
    let value: Value
    do throws(StoreError) { value = try body() } catch {
      try detach()
      throw error
    }
    try detach()
    return value
  }

  private func detach() throws(StoreError) {
    try connection.perform("read") { db in try db.execute(sql: "DETACH DATABASE other") }
  }

  /// Results of one point and one fingerprint that differ: outcomes, then artifacts.
  func conflicts() throws(StoreError) -> [StoreMerge.Conflict] {
    let (outcomes, unlike) = try connection.read("read") { db in
      let outcomes = try rows(
        db,
        """
        SELECT m.key, NULL, m.result_digest, o.result_digest, m.host, o.host
        FROM main.outcomes m JOIN other.outcomes o ON o.key = m.key
        WHERE m.fingerprint = o.fingerprint AND m.result_digest <> o.result_digest
          AND m.result_version = o.result_version
        ORDER BY m.key
        """)
      // Of unlike versions one has fields that the other's digest does not cover.
      let unlike = try rows(
        db,
        """
        SELECT m.key, NULL, m.result_digest, o.result_digest, m.host, o.host
        FROM main.outcomes m JOIN other.outcomes o ON o.key = m.key
        WHERE m.fingerprint = o.fingerprint AND m.result_version <> o.result_version
        ORDER BY m.key
        """)
      return (outcomes, unlike)
    }
    let artifacts = try connection.read("read") { db in
      try rows(
        db,
        """
        SELECT p.key, p.name, p.sha256, q.sha256, m.host, o.host
        FROM main.artifacts p JOIN other.artifacts q ON q.key = p.key AND q.name = p.name
        JOIN main.outcomes m ON m.key = p.key JOIN other.outcomes o ON o.key = p.key
        WHERE m.fingerprint = o.fingerprint AND p.sha256 <> q.sha256
        ORDER BY p.key, p.name
        """)
    }
    var conflicts = outcomes
    for candidate in unlike where try isConflict(candidate) { conflicts.append(candidate) }
    for candidate in artifacts where try isArtifactConflict(candidate) {
      conflicts.append(candidate)
    }
    return conflicts
  }

  /// Whether two outcomes differ in the fields that both have.
  private func isConflict(_ candidate: StoreMerge.Conflict) throws(StoreError) -> Bool {
    var outcomes: [StoredOutcome] = []
    for file in [connection.resolved, other] {
      let reader = try StoreReader(ofChecked: file)
      if let outcome = try reader.outcome(of: candidate.key, history: .full) {
        outcomes.append(outcome)
      }
    }
    let version = outcomes.map(\.outcome.resultVersion).min() ?? 1
    return Set(outcomes.map { $0.outcome.resultDigest(asOf: version) }).count > 1
  }

  /// Whether two artifacts differ by more than the error of a likelihood, which programs before the
  /// jackknife told by another formula.
  private func isArtifactConflict(_ candidate: StoreMerge.Conflict) throws(StoreError) -> Bool {
    guard let kind = candidate.artifact.flatMap(ArtifactKind.init), case .likelihood = kind else {
      return true
    }
    var likelihoods: [Likelihood?] = []
    for file in [connection.resolved, other] {
      let data = try StoreReader(ofChecked: file).artifact(of: candidate.key, kind)
      likelihoods.append(data.flatMap { NamedArrays(data: $0) }.flatMap(Likelihood.init)?.exact)
    }
    return likelihoods.contains(nil) || likelihoods[0] != likelihoods[1]
  }

  private func rows(_ db: Database, _ sql: String) throws -> [StoreMerge.Conflict] {
    try Row.fetchAll(db, sql: sql).map { row in
      let columns = Columns(row, names[0])
      return StoreMerge.Conflict(
        key: try columns.key(0), artifact: columns.optionalText(1),
        digests: [try columns.digest(2), try columns.digest(3)],
        hosts: [try columns.text(4), try columns.text(5)])
    }
  }

  /// Takes everything over, in one transaction.
  func join() throws(StoreError) -> StoreMerge.Result {
    try connection.transaction("merge") { db in
      let first = try count(db, "main.outcomes")
      let second = try count(db, "other.outcomes")
      let both = try count(db, "main.outcomes WHERE key IN (SELECT key FROM other.outcomes)")
      var joining = RowJoining(db: db)
      try joining.run()
      let total = try count(db, "main.outcomes")
      return .joined(first: first, second: second, both: both, total: total)
    }
  }

  private func count(_ db: Database, _ rows: String) throws -> Int {
    try Int.fetchOne(db, sql: "SELECT count(*) FROM \(rows)") ?? 0
  }
}

extension Likelihood {
  /// The same without its error.
  fileprivate var exact: Likelihood {
    Likelihood(
      bound: bound, boundError: 0, mutualInformation: mutualInformation, draws: draws,
      images: images)
  }
}
