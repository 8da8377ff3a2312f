internal import GRDB
internal import Sweep
internal import VAE

/// Finds the likelihoods that lie among the artifacts.
struct LikelihoodReading {
  let path: String
  /// Whether the store has any at all, which is asked once; nil before.
  private var hasAny: Bool?

  init(path: String) { self.path = path }

  // One after the prefix's last character: all names that begin with it, by the index.
  private static let range = (
    from: ArtifactKind.likelihoodPrefix,
    below: String(ArtifactKind.likelihoodPrefix.dropLast()) + ";"
  )

  /// The one that was asked for, nil where the point has it not yet; where nobody asked, the one with the
  /// most draws, of as many the one of the most images.
  mutating func likelihood(_ db: Database, of key: PointKey, _ asked: () -> Likelihood.Effort?)
    throws -> Likelihood?
  {
    let found = try hasAny ?? Self.isAnyStored(db)
    hasAny = found
    guard found else { return nil }
    let wanted = asked().map { ArtifactKind.likelihood($0).rawValue }
    var best: Likelihood?
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: "SELECT name, sha256, data FROM artifacts WHERE key = ? AND name >= ? AND name < ?"),
      arguments: [key.description, Self.range.from, Self.range.below])
    while let row = try rows.next() {
      let columns = Columns(row, path)
      let name = try columns.text(0)
      guard wanted == nil || wanted == name else { continue }
      let data = try columns.bytes(2)
      guard Digest(of: data) == (try columns.digest(1)),
        let likelihood = NamedArrays(data: data).flatMap(Likelihood.init)
      else {
        throw StoreError.damaged(
          "read", path, "\(name) of point \(key.short) is not what was stored")
      }
      if let best, (best.draws, best.images) >= (likelihood.draws, likelihood.images) { continue }
      best = likelihood
    }
    return best
  }

  static func isAnyStored(_ db: Database) throws -> Bool {
    try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM artifacts WHERE name >= ? AND name < ?)",
      arguments: [range.from, range.below]) ?? false
  }
}
