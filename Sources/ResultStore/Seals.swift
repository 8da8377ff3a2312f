internal import Foundation
internal import GRDB

/// A seal on every row, by which a row that the disk has changed is told from what was written: SQLite
/// itself keeps no checksums.
///
/// A row's seal is set by triggers of this program's own connection (`TEMP`), so that the file holds
/// nothing that another SQLite cannot read; only the many rows of an outcome come with theirs. The seal
/// covers the row's columns in their order; the tables' own definitions, and the version that stands
/// unprotected in the file's header, are sealed in `store`.
struct Seals: Sendable {
  static let function = "vaesweep_seal"
  static let digestFunction = "vaesweep_sha256"
  /// Written once and with their seals: a trigger would take longer than the row.
  private static let sealedByHand: Set = ["epochs", "latents"]

  /// Every table, and the columns that have a digest of their own beside them or that the row's other
  /// columns make.
  private static let tables = [
    "artifacts": ["data"], "attempts": [], "checkpoints": [], "claims": [], "configurations": [],
    "drains": [], "epochs": [], "excused": [], "failures": [], "faults": [],
    "latents": ["aggregate_variance"], "orders": [], "outcomes": [], "releases": [],
    "reopenings": [], "store": [], "sweeps": [], "workers": [],
  ]

  static var names: [String] { tables.keys.sorted() }

  private struct Table: Sendable {
    let name: String
    let columns: [String]
    let key: [String]

    func seal(of row: String) -> String {
      "\(Seals.function)(\(columns.map { "\(row)\"\($0)\"" }.joined(separator: ", ")))"
    }
  }

  private let tables: [Table]

  /// Reads what is to be sealed; nil where the store was made before there were seals.
  init?(_ db: Database) throws {
    guard try Schema.version(of: db) >= Schema.firstSealed else { return nil }
    // What a version did not have yet; that nothing is taken away, the seal of the definitions says.
    tables = try Self.names.filter { try db.tableExists($0) }.map { name in
      let excepted = Self.tables[name, default: []] + ["seal"]
      return Table(
        name: name,
        columns: try db.columns(in: name).map(\.name).filter { !excepted.contains($0) },
        key: try db.primaryKey(name).columns)
    }
  }

  /// Lets the connection seal what it writes from here on.
  func begin(_ db: Database) throws {
    for table in tables where !Self.sealedByHand.contains(table.name) {
      let place = table.key.map { "\"\($0)\" = NEW.\"\($0)\"" }.joined(separator: " AND ")
      let columns = table.columns.map { "\"\($0)\"" }.joined(separator: ", ")
      let sealing = "UPDATE \(table.name) SET seal = \(table.seal(of: "NEW.")) WHERE \(place);"
      try db.execute(
        sql: """
          CREATE TEMP TRIGGER seal_inserted_\(table.name) AFTER INSERT ON main.\(table.name)
          BEGIN \(sealing) END;
          CREATE TEMP TRIGGER seal_updated_\(table.name) AFTER UPDATE OF \(columns)
          ON main.\(table.name)
          BEGIN \(sealing) END;
          """)
    }
  }

  /// Seals the rows of these tables and the tables' definitions: of a store that is just being made, or
  /// brought up to date.
  func seal(_ db: Database, _ names: some Collection<String>) throws {
    try db.execute(
      sql: "UPDATE store SET schema_seal = ?",
      arguments: [try Self.ofDefinitions(db, version: Schema.version(of: db))])
    for table in tables where names.contains(table.name) || table.name == "store" {
      try db.execute(sql: "UPDATE \(table.name) SET seal = \(table.seal(of: ""))")
    }
  }

  /// Refuses a store whose tables are not those that were made.
  func checkDefinitions(_ db: Database, _ path: String) throws {
    guard try Self.areAsMade(db, by: Schema.version(of: db)) else {
      throw StoreError.damaged("read", path, "its tables are not those that were made")
    }
  }

  /// Whether a version made the tables, whatever the file's header says of its version.
  static func areAsMade(_ db: Database, by version: Int) throws -> Bool {
    guard try hasDefinitionsSeal(db) else { return false }
    let expected = try Int64.fetchOne(db, sql: "SELECT schema_seal FROM store")
    return try expected == ofDefinitions(db, version: version)
  }

  /// Whether these are tables of a version that has seals.
  static func hasDefinitionsSeal(_ db: Database) throws -> Bool {
    try db.tableExists("store") && db.hasColumn("schema_seal", in: "store")
  }

  /// Refuses a store with a row in this table that is not what was written.
  func check(_ db: Database, _ name: String, _ path: String) throws {
    for table in tables where table.name == name {
      let isBroken = try Bool.fetchOne(
        db,
        sql: "SELECT EXISTS (SELECT 1 FROM \(name) WHERE seal IS NOT \(table.seal(of: "")))")
      guard isBroken == false else {
        throw StoreError.damaged("read", path, "a row of \(name) differs from what was stored")
      }
    }
  }

  /// Refuses a store with an artifact whose bytes are not those of its digest.
  static func checkArtifacts(_ db: Database, _ path: String) throws {
    let isBroken = try Bool.fetchOne(
      db,
      sql: """
        SELECT EXISTS (SELECT 1 FROM artifacts WHERE upper(sha256) IS NOT hex(\(digestFunction)(data)))
        """)
    guard isBroken == false else {
      throw StoreError.damaged("read", path, "an artifact differs from what was stored")
    }
  }

  /// Of this program's tables, views and indexes; others may have been added by the user.
  private static func ofDefinitions(_ db: Database, version: Int) throws -> Int64 {
    let names =
      Self.tables.keys + [
        "unfinished", "failed", "reopenings_by_key", "failures_by_key", "drains_by_host",
      ]
    let places = Array(repeating: "?", count: names.count).joined(separator: ", ")
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT name, sql FROM main.sqlite_schema WHERE name IN (\(places)) ORDER BY name
        """, arguments: StatementArguments(names))
    return seal(
      [version.databaseValue]
        + rows.flatMap { row in [row[0] as DatabaseValue, row[1] as DatabaseValue] })
  }

  /// A row's values with their seal behind them.
  static func sealed(_ row: [(any DatabaseValueConvertible)?]) -> StatementArguments {
    let values = row.map { $0?.databaseValue ?? .null }
    return StatementArguments(values + [seal(values).databaseValue])
  }

  /// Of values in their order.
  private static func seal(_ values: [DatabaseValue]) -> Int64 {
    var seal = Seal(capacity: 32 * values.count)
    for value in values {
      switch value.storage {
      case .null: seal.addNull()
      case .int64(let number): seal.add(number)
      case .double(let number): seal.add(number)
      case .string(let text):
        var text = text
        text.withUTF8 { seal.add(text: UnsafeRawBufferPointer($0)) }
      case .blob(let data): data.withUnsafeBytes { seal.add(blob: $0) }
      }
    }
    return seal.value
  }
}
