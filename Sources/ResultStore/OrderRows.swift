internal import Foundation
internal import GRDB
package import Sweep
internal import SweepFile

/// How operators' orders lie in the store.
enum OrderRows {
  static func insert(_ db: Database, _ order: SweepOrder, owner: String?, at: Double) throws {
    let filter = order.filter.map { JSONValue.array($0.texts.map(JSONValue.string)).compact }
    try db.cachedStatement(
      sql: "INSERT INTO orders (verb, host, filter, at, owner) VALUES (?, ?, ?, ?, ?)"
    ).execute(arguments: [order.verb, order.host, filter, at, owner])
  }

  /// In the order in which they were given.
  static func all(_ db: Database, _ path: String) throws -> [SweepOrder] {
    guard try db.tableExists("orders") else { return [] }
    var orders: [SweepOrder] = []
    try db.forEachRow("SELECT verb, host, filter FROM orders ORDER BY id", of: path) { columns in
      let verb = try columns.text("verb")
      do {
        guard
          let order = try SweepOrder(
            verb: verb, host: columns.optionalText("host"), filter: try texts(columns))
        else { throw columns.damaged("no order", "verb") }
        orders.append(order)
      } catch let error as SweepFileError {
        throw columns.newer("an order to \(verb) points by something else (\(error))")
      }
    }
    return orders
  }

  private static func texts(_ columns: Columns) throws -> [String] {
    guard let text = columns.optionalText("filter") else { return [] }
    do {
      return try JSONDecoder().decode([String].self, from: Data(text.utf8))
    } catch {
      throw columns.damaged("no list of texts", "filter")
    }
  }
}

extension ResultStore {
  /// What operators ordered, in the order in which they did.
  package func orders() throws(StoreError) -> [SweepOrder] {
    let path = path
    return try connection.read("read") { db in try OrderRows.all(db, path) }
  }
}

extension StoreReader {
  /// What operators ordered, in the order in which they did.
  package func orders() throws(StoreError) -> [SweepOrder] {
    let path = path
    return try connection.read("read") { db in try OrderRows.all(db, path) }
  }
}
