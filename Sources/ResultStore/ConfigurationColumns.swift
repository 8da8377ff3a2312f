internal import GRDB
internal import Sweep
internal import VAE

/// GRDB has a type of this name too.
typealias Configuration = VAE.Configuration

/// The columns that hold a configuration: its shape, then a column for each train key.
struct ConfigurationColumns {
  private static let shape = ["architecture", "hidden", "latent_dim"]

  static var names: [String] { shape + TrainKey.allCases.map(\.rawValue) }

  /// The columns that `table` has, for a query: a store that has not been written to since a key was
  /// added to the catalogue lacks its column.
  static func list(_ db: Database, of table: String, as alias: String? = nil) throws -> String {
    let present = Set(try db.columns(in: table).map(\.name))
    return names.filter(present.contains).map { "\(alias ?? table).\"\($0)\"" }
      .joined(separator: ", ")
  }

  /// A train key that does not apply is null.
  static func cells(_ configuration: Configuration) -> [Cell] {
    let members = configuration.members
    return names.map { name in
      members.first { $0.name == name }.map { Cell($0) } ?? Cell(name, nil)
    }
  }

  /// Configurations read before: a sweep has few of them, and many points of each.
  private var known: [Raw: Configuration] = [:]

  /// The configuration in a row's columns.
  mutating func read(_ columns: Columns) throws -> Configuration {
    let keys = TrainKey.allCases
    let raw = Raw(
      architecture: try columns.text("architecture"),
      values: keys.map { columns.value($0.rawValue) })
    if let configuration = known[raw] { return configuration }
    var values: [TrainKey: ParameterValue] = [:]
    for (key, value) in zip(keys, raw.values) { values[key] = key.read(value) }
    do {
      let configuration = try Configuration(
        architecture: Architecture(parsing: raw.architecture), values, from: .record)
      known[raw] = configuration
      return configuration
    } catch {
      throw columns.damaged("a wrong configuration", "architecture")
    }
  }

  /// The columns as they stand, cheap to compare.
  private struct Raw: Hashable {
    let architecture: String
    let values: [DatabaseValue]
  }
}

// How a train key lies in a table.
extension TrainKey {
  private var type: String {
    switch kind {
    case .flag, .whole, .wholeOrNone: "INTEGER"
    case .real: "REAL"
    case .choice, .text: "TEXT"
    }
  }

  /// As `CREATE TABLE` has it.
  ///
  /// Null where it does not apply, and where there is no value; a column that is added to rows which
  /// are there begins with nulls.
  var columnDefinition: String {
    switch kind {
    case .flag where entersKeyAtDefault:
      return "\"\(rawValue)\" \(type) NOT NULL CHECK (\"\(rawValue)\" IN (0, 1))"
    case .wholeOrNone, .text: return "\"\(rawValue)\" \(type)"
    case .flag, .whole, .real, .choice:
      let isAlwaysThere = optimizers == nil && entersKeyAtDefault
      return "\"\(rawValue)\" \(type)" + (isAlwaysThere ? " NOT NULL" : "")
    }
  }

  /// What gives rows of an earlier time the value that they were trained with.
  func fill(_ table: String) -> (sql: String, arguments: StatementArguments)? {
    let value = Cell(JSONValue.Member(rawValue, JSONValue(defaultValue))).value
    guard let value else { return nil }
    let names = (optimizers ?? Set(OptimizerName.allCases)).map { "'\($0.rawValue)'" }.sorted()
    return (
      "UPDATE \(table) SET \"\(rawValue)\" = ? WHERE optimizer IN (\(names.joined(separator: ", ")))",
      [value]
    )
  }

  /// nil where the row has no value: the key does not apply, or is at its default.
  fileprivate func read(_ value: DatabaseValue) -> ParameterValue? {
    switch kind {
    case .flag: Int64.fromDatabaseValue(value).map { .bool($0 != 0) }
    case .whole, .wholeOrNone: Int64.fromDatabaseValue(value).map { .int(Int($0)) }
    case .real: Double.fromDatabaseValue(value).map { .double($0) }
    case .choice, .text: String.fromDatabaseValue(value).map { .string($0) }
    }
  }
}
