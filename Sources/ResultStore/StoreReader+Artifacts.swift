internal import GRDB
package import Sweep
package import VAE

/// The artifacts that a point has.
package struct StoredArtifacts: Hashable, Sendable {
  package var kinds: Set<ArtifactKind> = []
  /// Of all of them together.
  package var bytes = 0

  package init() {}
}

extension StoreReader {
  /// One artifact, as the bytes of `NamedArrays`; nil where the point has none.
  ///
  /// - Throws: `damaged` where the bytes are not those that were stored.
  package func artifact(of key: PointKey, _ kind: ArtifactKind) throws(StoreError) -> [UInt8]? {
    let path = path
    let found = try connection.read("read") { db -> (digest: Digest, data: [UInt8])? in
      try Row.fetchOne(
        db.cachedStatement(sql: "SELECT sha256, data FROM artifacts WHERE key = ? AND name = ?"),
        arguments: [key.description, kind.rawValue]
      ).map { row in
        let columns = Columns(row, path)
        return (try columns.digest(0), try columns.bytes(1))
      }
    }
    guard let found else { return nil }
    guard Digest(of: found.data) == found.digest else {
      throw .damaged("read", path, "\(kind.rawValue) of point \(key.short) is not what was stored")
    }
    return found.data
  }

  /// Whether some outcome has measures that its sweep asked for.
  package func hasOptionalMeasures() throws(StoreError) -> Bool {
    try connection.read("read") { try LikelihoodReading.isAnyStored($0) }
  }

  /// Points that have an outcome and whose artifacts are given up until a retry.
  package func givenUpArtifacts() throws(StoreError) -> Set<PointKey> {
    let path = path
    return try connection.read("read") { db in
      let losses = try ArtifactRows.replayLosses(db, path)
      return Set(losses.filter { $0.value >= FailureTally.maxLost }.keys)
    }
  }

  /// The kinds of artifacts that each point has data for; points without any are left out.
  package func artifactKinds() throws(StoreError) -> [PointKey: Set<ArtifactKind>] {
    let path = path
    return try connection.read("read") { db in
      try ArtifactRows.stored(db, path).mapValues(\.kinds)
    }
  }
}
