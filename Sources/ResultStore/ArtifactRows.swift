internal import Foundation
internal import GRDB
internal import Sweep
internal import VAE

/// Who made an artifact, and when.
struct ArtifactOrigin {
  let key: PointKey
  let attempt: AttemptID
  let worker: WorkerRecordID
  let fingerprint: String
  let at: Double
}

/// How artifacts lie in `artifacts`.
enum ArtifactRows {
  /// Adds an artifact to the outcome it was made with.
  static func add(
    _ db: Database, _ artifact: Artifact, _ digest: Digest, _ origin: ArtifactOrigin, _ path: String
  ) throws -> StoreOutcome {
    guard try belongs(db, origin), !artifact.data.isEmpty else { return .unfit }
    let key = origin.key.description
    let existing = try String.fetchOne(
      db.cachedStatement(sql: "SELECT sha256 FROM artifacts WHERE key = ? AND name = ?"),
      arguments: [key, artifact.kind.rawValue])
    if let existing {
      guard let kept = Digest(hex: existing) else {
        throw StoreError.damaged("read", path, "a wrong digest in artifacts")
      }
      guard kept != digest else { return .alreadyStored }
      try recordFault(db, artifact.kind, kept: kept, other: digest, origin)
      return .differs(existing: kept)
    }
    let total = try Int.fetchOne(
      db.cachedStatement(sql: "SELECT ifnull(sum(length(data)), 0) FROM artifacts WHERE key = ?"),
      arguments: [key])
    guard (total ?? 0) + artifact.data.count <= Artifact.largestTotal else { return .unfit }
    try db.cachedStatement(
      sql: "INSERT INTO artifacts (key, name, sha256, data) VALUES (?, ?, ?, ?)"
    ).execute(arguments: [key, artifact.kind.rawValue, digest.hex, Data(artifact.data)])
    return .stored
  }

  /// Whether the attempt was granted to this worker for this point, whose outcome completed under
  /// this fingerprint, and the attempt's own outcome was no other.
  private static func belongs(_ db: Database, _ origin: ArtifactOrigin) throws -> Bool {
    guard let epoch = Int64(exactly: origin.attempt.storedEpoch),
      let counter = Int64(exactly: origin.attempt.counter)
    else { return false }
    return try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS (
            SELECT 1 FROM attempts a JOIN outcomes o ON o.key = a.key
            WHERE a.epoch = ? AND a.counter = ? AND a.key = ? AND a.session = ?
              AND o.status = 'ok' AND o.fingerprint = ?
              AND NOT EXISTS (SELECT 1 FROM faults f
                WHERE f.attempt_epoch = a.epoch AND f.attempt_counter = a.counter))
          """),
      arguments: [epoch, counter, origin.key.description, origin.worker.row, origin.fingerprint])
      ?? false
  }

  private static func recordFault(
    _ db: Database, _ kind: ArtifactKind, kept: Digest, other: Digest, _ origin: ArtifactOrigin
  ) throws {
    // The kept artifact is of the outcome's fingerprint; its host is the nearest that is known.
    try db.cachedStatement(
      sql: """
        INSERT INTO faults (key, artifact, kept_result_digest, kept_host, other_result_digest,
          other_host, attempt_epoch, attempt_counter, at)
        SELECT o.key, ?, ?, o.host, ?, w.host, ?, ?, ?
        FROM outcomes o JOIN workers w ON w.session = ? WHERE o.key = ?
        ON CONFLICT (attempt_epoch, attempt_counter) DO NOTHING
        """
    ).execute(arguments: [
      kind.rawValue, kept.hex, other.hex, origin.attempt.storedEpoch, origin.attempt.counter,
      origin.at,
      origin.worker.row, origin.key.description,
    ])
  }

  /// Failures of attempts that came after the outcome: replays that were lost.
  ///
  /// One that was the point's own fault counts as all that are allowed.
  static func replayLosses(_ db: Database, _ path: String) throws -> [PointKey: Int] {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT f.key, sum(CASE f.kind WHEN 'point' THEN \(FailureTally.maxLost) ELSE 1 END)
        FROM failures f JOIN outcomes o ON o.key = f.key
        WHERE (f.attempt_epoch, f.attempt_counter) > (o.attempt_epoch, o.attempt_counter)
          AND f.id > ifnull((SELECT max(r.failure_id) FROM reopenings r WHERE r.key = f.key), 0)
        GROUP BY f.key
        """)
    var losses: [PointKey: Int] = [:]
    while let row = try rows.next() {
      let columns = Columns(row, path)
      losses[try columns.key(0)] = Int(try columns.integer(1))
    }
    return losses
  }

  /// What every point has, and how many bytes of it.
  static func stored(_ db: Database, _ path: String) throws -> [PointKey: StoredArtifacts] {
    let rows = try Row.fetchCursor(db, sql: "SELECT key, name, length(data) FROM artifacts")
    var stored: [PointKey: StoredArtifacts] = [:]
    while let row = try rows.next() {
      let columns = Columns(row, path)
      // A kind that a later version added is not ours to judge.
      guard let kind = ArtifactKind(rawValue: try columns.text(1)) else { continue }
      let key = try columns.key(0)
      stored[key, default: StoredArtifacts()].kinds.insert(kind)
      stored[key, default: StoredArtifacts()].bytes += Int(try columns.integer(2))
    }
    return stored
  }
}
