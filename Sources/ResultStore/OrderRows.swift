internal import Foundation
internal import GRDB
package import Sweep
internal import SweepFile

/// How operators' orders lie in the store.
enum OrderRows {
  /// - Parameter sweep: Name of the sweep that it is about; a host is drained whatever is trained there.
  static func insert(
    _ db: Database, _ order: SweepOrder, sweep: String, owner: String?, at: Double
  ) throws {
    let filter = order.filter.map { JSONValue.array($0.texts.map(JSONValue.string)).compact }
    try db.cachedStatement(
      sql: "INSERT INTO orders (verb, host, filter, at, owner, sweep) VALUES (?, ?, ?, ?, ?, ?)"
    ).execute(arguments: [
      order.verb, order.host, filter, at, owner, order.host == nil ? sweep : nil,
    ])
  }

  static func name(_ db: Database, of sweep: SweepID, _ path: String) throws -> String {
    let name = try String.fetchOne(
      db, sql: "SELECT name FROM sweeps WHERE id = ?", arguments: [sweep.row])
    guard let name else { throw StoreError.damaged("read", path, "a sweep is missing") }
    return name
  }

  /// Those about the sweeps of this name, and about hosts, in the order in which they were given.
  static func all(_ db: Database, of sweep: String, _ path: String) throws -> [SweepOrder] {
    guard try db.tableExists("orders") else { return [] }
    let own = try db.hasColumn("sweep", in: "orders") ? "o.sweep" : "NULL"
    var orders: [SweepOrder] = []
    try db.forEachRow(
      """
      SELECT verb, host, filter FROM orders o
      WHERE host IS NOT NULL OR \(own) = ?1 OR (\(own) IS NULL AND EXISTS (
        SELECT 1 FROM sweeps s WHERE s.name = ?1 AND s.registered_at <= o.at))
      ORDER BY id
      """, [sweep], of: path
    ) { columns in
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

  /// What stands of one sweep holds of the sweep that takes its place under another name.
  static func takeOver(
    _ db: Database, from old: String, to new: String, at: Double, _ path: String
  ) throws {
    let standing = StandingOrders(try all(db, of: old, path))
    let known = StandingOrders(try all(db, of: new, path))
    if standing.isPaused != known.isPaused {
      try insert(db, standing.isPaused ? .pause : .resume, sweep: new, owner: nil, at: at)
    }
    guard standing.aboutPoints != known.aboutPoints else { return }
    for order in standing.aboutPoints { try insert(db, order, sweep: new, owner: nil, at: at) }
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
  /// What operators ordered of the sweeps of this one's name and of hosts, in the order in which they did.
  package func orders(of sweep: SweepID) throws(StoreError) -> [SweepOrder] {
    let path = path
    return try connection.read("read") { db in
      try OrderRows.all(db, of: OrderRows.name(db, of: sweep, path), path)
    }
  }
}

extension StoreReader {
  /// What operators ordered of the sweeps of this name and of hosts, in the order in which they did.
  package func orders(of sweep: String) throws(StoreError) -> [SweepOrder] {
    let path = path
    return try connection.read("read") { db in try OrderRows.all(db, of: sweep, path) }
  }
}
