internal import GRDB
internal import Sweep
internal import VAE

// Columns that a store of an earlier time may lack: they are added when a coordinator next opens it.
extension Schema {
  struct AddedColumn {
    let table: String
    let name: String
    /// As `CREATE TABLE` has it; null or with a default, as there may be rows.
    let definition: String
    /// What the rows that are there get.
    var fill: (sql: String, arguments: StatementArguments)?
  }

  /// Which outcome fields a row has, and its result digest covers.
  static let resultVersion =
    "result_version INTEGER NOT NULL DEFAULT 1 CHECK (result_version > 0)"

  static let replacedBy = "replaced_by INTEGER REFERENCES sweeps (id)"

  static let isExtended = "is_extended INTEGER"

  private static var addedColumns: [AddedColumn] {
    var columns = [
      AddedColumn(table: "outcomes", name: "result_version", definition: resultVersion),
      AddedColumn(table: "workers", name: "owner", definition: "owner TEXT"),
      AddedColumn(table: "drains", name: "owner", definition: "owner TEXT"),
      AddedColumn(table: "sweeps", name: "replaced_by", definition: replacedBy),
      AddedColumn(table: "sweeps", name: "is_extended", definition: isExtended),
      AddedColumn(table: "orders", name: "sweep", definition: "sweep TEXT"),
    ]
    for key in TrainKey.allCases {
      for table in ["configurations", "outcomes"] {
        columns.append(
          AddedColumn(
            table: table, name: key.rawValue, definition: key.columnDefinition,
            fill: key.fill(table)))
      }
    }
    for field in OutcomeField.columnFields {
      columns.append(
        AddedColumn(table: "outcomes", name: field.name, definition: field.columnDefinition))
    }
    return columns
  }

  /// The columns that this store lacks.
  static func lackingColumns(_ db: Database) throws -> [AddedColumn] {
    // A table that is not there yet is made with all of its columns.
    try addedColumns.filter {
      try db.tableExists($0.table) && !db.hasColumn($0.name, in: $0.table)
    }
  }

  /// Adds columns and fills them.
  ///
  /// - Returns: The tables whose rows must be sealed anew.
  static func add(_ columns: [AddedColumn], to db: Database) throws -> Set<String> {
    for column in columns {
      try db.execute(sql: "ALTER TABLE \(column.table) ADD COLUMN \(column.definition)")
      if let fill = column.fill { try db.execute(sql: fill.sql, arguments: fill.arguments) }
    }
    return Set(columns.map(\.table))
  }

  /// A train key of this store that the catalogue does not have: a newer version has added it.
  static func unknownTrainKey(_ db: Database) throws -> String? {
    let known = Set(ConfigurationColumns.names + ["id", "seal"])
    return try db.columns(in: "configurations").map(\.name).first { !known.contains($0) }
  }
}

extension OutcomeField {
  /// As `CREATE TABLE` has it.
  var columnDefinition: String {
    let type =
      switch value {
      case .real: "REAL"
      case .whole: "INTEGER"
      case .text, .json: "TEXT"
      }
    return "\(name) \(type)\(Self.checks[name].map { " \($0)" } ?? "")"
  }

  /// What holds between the columns of a row.
  private static let checks = [
    "status": "NOT NULL CHECK (status IN ('ok', 'diverged'))",
    "diverged_epoch": "CHECK ((diverged_epoch IS NOT NULL) = (status = 'diverged'))",
    "collapsed": "CHECK (collapsed BETWEEN 0 AND latent_dim)",
    "dead_units": "CHECK (dead_units IS NULL OR json_valid(dead_units))",
    "digest": "CHECK ((digest IS NOT NULL) = (status = 'ok'))",
  ]
}
