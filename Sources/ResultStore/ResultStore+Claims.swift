internal import GRDB
package import Sweep

extension ResultStore {
  /// Records what a sweep is to decide; the same family again is recorded anew only after another.
  ///
  /// - Parameters:
  ///   - family: The canonical JSON that `digest` is of.
  ///   - outcomesBefore: Outcomes of the sweep's points that the store holds already.
  package func record(
    claims digest: Digest, family: String, yaml: String, of sweep: SweepID, outcomesBefore: Int,
    at: Double
  ) throws(StoreError) {
    try connection.transaction("write to") { db in
      try db.execute(
        sql: """
          INSERT INTO claims (sweep_id, digest, family, yaml, outcomes_before, registered_at)
          VALUES (?, ?, ?, ?, ?, ?)
          """, arguments: [sweep.row, digest.hex, family, yaml, outcomesBefore, at])
    }
  }
}

/// The claims of a sweep as they stood at one start.
package struct StoredClaimFamily: Hashable, Sendable {
  /// Of the sweep they belong to.
  package let definition: Digest
  package let digest: Digest
  /// The sweep file that held them.
  package let yaml: String
  /// Outcomes that were there when they were recorded: none, and they were fixed beforehand.
  package let outcomesBefore: Int
  package let registeredAt: Double

  package init(
    definition: Digest, digest: Digest, yaml: String, outcomesBefore: Int, registeredAt: Double
  ) {
    self.definition = definition
    self.digest = digest
    self.yaml = yaml
    self.outcomesBefore = outcomesBefore
    self.registeredAt = registeredAt
  }
}

extension StoreReader {
  /// Every family in the order in which they were recorded.
  package func claimFamilies() throws(StoreError) -> [StoredClaimFamily] {
    let path = path
    return try connection.read("read") { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT s.definition_digest, c.digest, c.yaml, c.outcomes_before, c.registered_at
          FROM claims c JOIN sweeps s ON s.id = c.sweep_id ORDER BY c.id
          """)
      var families: [StoredClaimFamily] = []
      while let row = try rows.next() {
        let columns = Columns(row, path)
        families.append(
          StoredClaimFamily(
            definition: try columns.digest(0), digest: try columns.digest(1),
            yaml: try columns.text(2), outcomesBefore: Int(try columns.integer(3)),
            registeredAt: columns.number(4)))
      }
      return families
    }
  }
}
