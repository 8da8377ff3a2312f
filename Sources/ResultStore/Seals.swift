internal import GRDB
internal import Sweep

/// A seal on every row but those that an outcome's digest covers, by which a row that the disk has
/// changed is told from what was written: SQLite itself keeps no checksums.
///
/// A row's seal is set by triggers of this program's own connection (`TEMP`), so that the file holds
/// nothing that another SQLite cannot read. The seal covers the row's columns in their order; the
/// tables' own definitions are sealed in `store`.
struct Seals: Sendable {
  static let function = "vaesweep_seal"

  /// Every table whose rows bear a seal, and the columns that have a digest of their own beside them.
  private static let tables = [
    "artifacts": ["data"], "attempts": [], "checkpoints": [], "claims": [], "configurations": [],
    "drains": [], "excused": [], "failures": [], "faults": [], "outcomes": OutcomeRows.digested,
    "releases": [], "reopenings": [], "store": [], "sweeps": [], "workers": [],
  ]

  static var names: [String] { tables.keys.sorted() }
  /// Tables whose rows an outcome's digest covers.
  static let digested = ["epochs", "latents"]

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
    guard try Schema.version(of: db) >= Schema.version else { return nil }
    tables = try Self.names.map { name in
      let excepted = Self.tables[name, default: []] + ["seal"]
      return Table(
        name: name,
        columns: try db.columns(in: name).map(\.name).filter { !excepted.contains($0) },
        key: try db.primaryKey(name).columns)
    }
  }

  /// Lets the connection seal what it writes from here on.
  func begin(_ db: Database) throws {
    for table in tables {
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

  /// Seals all that is there, and the tables' definitions; of a store that is just being made.
  func sealAll(_ db: Database) throws {
    try db.execute(
      sql: "UPDATE store SET schema_seal = ?", arguments: [try Self.ofDefinitions(db)])
    for table in tables {
      try db.execute(sql: "UPDATE \(table.name) SET seal = \(table.seal(of: ""))")
    }
  }

  /// Refuses a store whose tables are not those that were made.
  func checkDefinitions(_ db: Database, _ path: String) throws {
    let expected = try Int64.fetchOne(db, sql: "SELECT schema_seal FROM store")
    guard try Self.ofDefinitions(db) == expected else {
      throw StoreError.damaged("read", path, "its tables are not those that were made")
    }
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

  /// Of this program's tables, views and indexes; others may have been added by the user.
  private static func ofDefinitions(_ db: Database) throws -> Int64 {
    let names =
      Self.tables.keys + Self.digested + [
        "unfinished", "failed", "reopenings_by_key", "failures_by_key", "drains_by_host",
      ]
    let places = Array(repeating: "?", count: names.count).joined(separator: ", ")
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT name, sql FROM main.sqlite_schema WHERE name IN (\(places)) ORDER BY name
        """, arguments: StatementArguments(names))
    return seal(rows.flatMap { row in [row[0] as DatabaseValue, row[1] as DatabaseValue] })
  }

  /// Of values in their order: the head of the SHA-256 of their kinds, lengths and bytes.
  static func seal(_ values: [DatabaseValue]) -> Int64 {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32 * values.count)
    func add(_ number: UInt64) { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
    for value in values {
      switch value.storage {
      case .null: bytes.append(0)
      case .int64(let number):
        bytes.append(1)
        add(UInt64(bitPattern: number))
      case .double(let number):
        bytes.append(2)
        // SQLite may keep a negative zero as zero.
        add(number == 0 ? 0 : number.bitPattern)
      case .string(let text):
        bytes.append(3)
        add(UInt64(text.utf8.count))
        bytes += text.utf8
      case .blob(let data):
        bytes.append(4)
        add(UInt64(data.count))
        bytes += data
      }
    }
    return Int64(bitPattern: Digest(of: bytes).head)
  }
}

extension Database {
  /// Makes the function that seals known; every connection to a store has it.
  func addSealing() {
    add(
      function: DatabaseFunction(Seals.function, pure: true) { values in
        Seals.seal(values)
      })
  }
}
