internal import GRDB
package import Sweep

extension ResultStore {
  /// Records a sweep by the digest of its definition; the same definition again is the same sweep.
  ///
  /// The file is kept as it was last started: what does not define the points, such as the artifacts
  /// that are wanted of them, may change between starts. It is worked on from here on; what else the
  /// store was started with is asked for still, but for what this is said to take the place of.
  ///
  /// - Parameters:
  ///   - extended: Definition of the sweep that it is an extension of, and takes the place of: what
  ///     operators have ordered of that holds of this too, whatever its name.
  ///   - replaces: Whether it takes the place of everything of its name, and of that one's.
  package func register(
    sweep name: String, dataset: String, definition: Digest, yaml: String,
    extending extended: Digest? = nil, replacing replaces: Bool = false, at: Double
  ) throws(StoreError) -> SweepID {
    let path = path
    let row = try connection.transaction("write to") { db -> Int64? in
      var before: [Int64] = []
      if extended != nil || replaces {
        before = try Self.current(db, name: replaces ? name : nil, definition, extended)
      }
      try db.execute(
        sql: """
          INSERT INTO sweeps (name, dataset, definition_digest, yaml, registered_at)
          VALUES (?, ?, ?, ?, ?) ON CONFLICT (definition_digest) DO UPDATE SET yaml = excluded.yaml
          """, arguments: [name, dataset, definition.hex, yaml, at])
      let row = try Int64.fetchOne(
        db, sql: "SELECT id FROM sweeps WHERE definition_digest = ?", arguments: [definition.hex])
      guard let row else { return nil }
      try db.execute(
        sql: "UPDATE sweeps SET replaced_by = NULL WHERE id = ? AND replaced_by IS NOT NULL",
        arguments: [row])
      for old in before where old != row {
        try db.execute(
          sql: "UPDATE sweeps SET replaced_by = ?, is_extended = ? WHERE id = ?",
          arguments: [row, extended == nil ? 0 : 1, old])
      }
      if let extended {
        let old = try String.fetchOne(
          db, sql: "SELECT name FROM sweeps WHERE definition_digest = ?", arguments: [extended.hex])
        if let old, old != name { try OrderRows.takeOver(db, from: old, to: name, at: at, path) }
      }
      return row
    }
    guard let row else { throw .damaged("read", path, "a sweep that was written is missing") }
    return SweepID(row: row)
  }

  /// Rows of what the sweeps of these definitions, and those of a name, have come to by now.
  ///
  /// - Parameter name: nil for that of none.
  private static func current(
    _ db: Database, name: String?, _ definition: Digest, _ extended: Digest?
  ) throws -> [Int64] {
    try Int64.fetchAll(
      db,
      sql: """
        WITH RECURSIVE reached (id, next) AS (
          SELECT id, replaced_by FROM sweeps WHERE definition_digest IN (?2, ?3) OR name = ?1
            OR (?1 IS NOT NULL AND name = (SELECT name FROM sweeps WHERE definition_digest = ?3))
          UNION SELECT s.id, s.replaced_by FROM sweeps s JOIN reached r ON s.id = r.next)
        SELECT id FROM reached WHERE next IS NULL ORDER BY id
        """, arguments: [name, definition.hex, extended?.hex])
  }
}

extension [StoredSweep] {
  /// Those that nothing has taken the place of, in the order of the sweeps.
  package var current: [StoredSweep] { filter { $0.replacedBy == nil } }

  /// Whether a sweep of this definition was started on the store.
  package func holds(_ definition: Digest) -> Bool { contains { $0.definition == definition } }

  /// Whether an operator's extension has taken the place of the sweep of this definition.
  package func isExtended(_ definition: Digest) -> Bool {
    var place = first { $0.definition == definition }
    while let sweep = place, let next = sweep.replacedBy {
      if sweep.isExtended { return true }
      place = first { $0.definition == next }
    }
    return false
  }

  /// What a start of this sweep must not leave out points of, unless it takes its place.
  ///
  /// What is worked on in its own place since it was extended, or, where it is new, in place of the
  /// sweeps of its name. Itself is not among them.
  package func replaced(by definition: Digest, named name: String) -> [StoredSweep] {
    let isKnown = holds(definition)
    var reached = Set(
      filter { isKnown ? $0.definition == definition : $0.name == name }.map(\.definition))
    while true {
      let next = Set(filter { reached.contains($0.definition) }.compactMap(\.replacedBy))
      guard !next.isSubset(of: reached) else { break }
      reached.formUnion(next)
    }
    return current.filter { reached.contains($0.definition) && $0.definition != definition }
  }
}
