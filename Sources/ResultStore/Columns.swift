internal import Foundation
internal import GRDB
internal import Sweep
internal import VAE

/// Reads the columns of one row, by name or by place; a missing value is damage, not a trap.
struct Columns {
  private let row: Row
  private let path: String
  private let places: ColumnPlaces

  init(_ row: Row, _ path: String, _ places: ColumnPlaces = ColumnPlaces([])) {
    self.row = row
    self.path = path
    self.places = places
  }

  func optionalInteger(_ column: Int) -> Int64? { row[column] }

  func optionalText(_ column: Int) -> String? { row[column] }

  func bytes(_ column: Int) throws -> [UInt8] {
    guard let value: Data = row[column] else { throw damaged("no value", column) }
    return Array(value)
  }

  func optionalNumber(_ column: Int) -> Double? { row[column] }

  func integer(_ column: Int) throws -> Int64 {
    guard let value: Int64 = row[column] else { throw damaged("no value", column) }
    return value
  }

  func text(_ column: Int) throws -> String {
    guard let value: String = row[column] else { throw damaged("no value", column) }
    return value
  }

  /// A number; null stands for one that was not finite.
  func number(_ column: Int) -> Double { row[column] ?? .nan }

  func key(_ column: Int) throws -> PointKey { PointKey(try digest(column)) }

  func digest(_ column: Int) throws -> Digest {
    guard let digest = Digest(hex: try text(column)) else {
      throw damaged("a wrong digest", column)
    }
    return digest
  }

  /// An attempt's epoch and, behind it, its counter.
  func attempt(_ column: Int) throws -> AttemptID { try attempt(column, column + 1) }

  private func attempt(_ epoch: Int, _ counter: Int) throws -> AttemptID {
    let numbers = (
      UInt64(exactly: try integer(epoch)), UInt64(exactly: try integer(counter))
    )
    guard let first = numbers.0, let second = numbers.1 else {
      throw damaged("a wrong attempt", epoch)
    }
    return AttemptID(storedEpoch: first, counter: second)
  }

  func damaged(_ what: String, _ column: Int) -> StoreError {
    let names = Array(row.columnNames)
    return damaged(what, names.indices.contains(column) ? names[column] : "\(column)")
  }

  func damaged(_ what: String, _ name: String) -> StoreError {
    StoreError.damaged("read", path, "\(what) in \(name)")
  }

  func newer(_ what: String) -> StoreError { StoreError.newer("read", path, what) }
}

// By name. A store that was made before there was such a column has no value there.
extension Columns {
  private func place(_ name: String) throws -> Int {
    guard let place = places[name] else { throw damaged("no column", name) }
    return place
  }

  func value(_ name: String) -> DatabaseValue { places[name].map { row[$0] } ?? .null }

  func optionalInteger(_ name: String) -> Int64? { places[name].flatMap { row[$0] } }

  func optionalText(_ name: String) -> String? { places[name].flatMap { row[$0] } }

  func optionalNumber(_ name: String) -> Double? { places[name].flatMap { row[$0] } }

  func number(_ name: String) -> Double { optionalNumber(name) ?? .nan }

  func integer(_ name: String) throws -> Int64 { try integer(place(name)) }

  func text(_ name: String) throws -> String { try text(place(name)) }

  func key(_ name: String) throws -> PointKey { try key(place(name)) }

  func digest(_ name: String) throws -> Digest { try digest(place(name)) }

  func attempt(_ epoch: String, _ counter: String) throws -> AttemptID {
    try attempt(place(epoch), place(counter))
  }

  func seeds() throws -> Seeds {
    Seeds(
      initialization: try seed("init_seed"), order: try seed("order_seed"),
      noise: try seed("noise_seed"))
  }

  private func seed(_ name: String) throws -> UInt32 {
    guard let seed = UInt32(exactly: try integer(name)) else { throw damaged("a wrong seed", name) }
    return seed
  }
}

/// Where the columns of a query's rows stand.
struct ColumnPlaces {
  private let places: [String: Int]

  init(_ names: [String]) {
    // Of two of one name the first.
    places = Dictionary(zip(names, names.indices)) { first, _ in first }
  }

  subscript(name: String) -> Int? { places[name] }
}

extension Database {
  /// Reads the rows of a query one by one, with their columns' names.
  func forEachRow(
    _ sql: String, _ arguments: StatementArguments = [], of path: String,
    _ body: (Columns) throws -> Void
  ) throws {
    let statement = try cachedStatement(sql: sql)
    let places = ColumnPlaces(statement.columnNames)
    let rows = try Row.fetchCursor(statement, arguments: arguments)
    while let row = try rows.next() { try body(Columns(row, path, places)) }
  }

  /// Writes a row; a column that is not among the cells is null or has its default.
  func insert(into table: String, _ cells: [Cell]) throws {
    let names = cells.map { "\"\($0.name)\"" }.joined(separator: ", ")
    let marks = Array(repeating: "?", count: cells.count).joined(separator: ", ")
    try cachedStatement(sql: "INSERT INTO \(table) (\(names)) VALUES (\(marks))")
      .execute(arguments: StatementArguments(cells.map(\.value)))
  }
}

/// A column's name and the value that goes there.
struct Cell {
  let name: String
  let value: (any DatabaseValueConvertible)?

  init(_ name: String, _ value: (any DatabaseValueConvertible)?) {
    self.name = name
    self.value = value
  }

  /// What JSON and SQL share: a number that is not finite is null, a list is JSON text.
  init(_ member: JSONValue.Member) {
    name = member.name
    value =
      switch member.value {
      case .null: nil
      case .bool(let value): value
      case .int(let value): value
      case .number(let value): value.isFinite ? value : nil
      case .string(let value): value
      case .array, .object: member.value.compact
      }
  }
}

extension Double {
  /// nil where JSON and SQL have no number for it.
  var finite: Double? { isFinite ? self : nil }
}
