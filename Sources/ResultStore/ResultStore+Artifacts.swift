internal import GRDB
package import Sweep

/// What the store knows of artifacts when a coordinator starts.
package struct RecoveredArtifacts: Hashable, Sendable {
  package var stored: [PointKey: StoredArtifacts] = [:]
  /// Replays of finished points that failed since their last retry.
  package var replayLosses: [PointKey: Int] = [:]
  /// Replays of an earlier epoch that ended in no way: a worker may still hold them.
  package var open: [OpenAttempt] = []

  package init() {}
}

extension ResultStore {
  /// Reads what a coordinator must know of artifacts to go on, in one consistent state.
  package func recoverArtifacts() throws(StoreError) -> RecoveredArtifacts {
    let path = path
    return try connection.read("read") { db in
      var reading = PointReading(path: path)
      var recovered = RecoveredArtifacts()
      recovered.stored = try ArtifactRows.stored(db, path)
      recovered.replayLosses = try ArtifactRows.replayLosses(db, path)
      // An attempt younger than the one that gave the outcome is a replay, or has been outrun; one
      // whose outcome differed has ended.
      recovered.open = try Self.openAttempts(
        db, &reading,
        where: """
          EXISTS (SELECT 1 FROM outcomes o WHERE o.key = a.key
            AND (a.epoch, a.counter) > (o.attempt_epoch, o.attempt_counter))
          AND NOT EXISTS (SELECT 1 FROM faults t
            WHERE t.attempt_epoch = a.epoch AND t.attempt_counter = a.counter)
          """)
      return recovered
    }
  }
}
