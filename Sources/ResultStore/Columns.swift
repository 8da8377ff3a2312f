internal import Foundation
internal import GRDB
internal import Sweep
internal import VAE

/// Reads the columns of one row, left to right or by place; a missing value is damage, not a trap.
struct Columns {
  private let row: Row
  private let path: String

  init(_ row: Row, _ path: String) {
    self.row = row
    self.path = path
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

  /// The three seeds, in the order in which they stand everywhere.
  func seeds(_ column: Int) throws -> Seeds {
    Seeds(
      initialization: try seed(column), order: try seed(column + 1), noise: try seed(column + 2))
  }

  private func seed(_ column: Int) throws -> UInt32 {
    guard let seed = UInt32(exactly: try integer(column)) else {
      throw damaged("a wrong seed", column)
    }
    return seed
  }

  func key(_ column: Int) throws -> PointKey { PointKey(try digest(column)) }

  func digest(_ column: Int) throws -> Digest {
    guard let digest = Digest(hex: try text(column)) else {
      throw damaged("a wrong digest", column)
    }
    return digest
  }

  func attempt(_ column: Int) throws -> AttemptID {
    let epoch = UInt64(exactly: try integer(column))
    let counter = UInt64(exactly: try integer(column + 1))
    guard let epoch, let counter else { throw damaged("a wrong attempt", column) }
    return AttemptID(epoch: epoch, counter: counter)
  }

  func damaged(_ what: String, _ column: Int) -> StoreError {
    let names = Array(row.columnNames)
    let name = names.indices.contains(column) ? names[column] : "\(column)"
    return StoreError.damaged("read", path, "\(what) in \(name)")
  }
}
