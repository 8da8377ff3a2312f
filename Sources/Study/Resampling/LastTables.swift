import Synchronization

/// The tables of the last sizes that were asked for; most tests of a sweep have the same few.
package final class LastTables<Table: Sendable>: Sendable {
  package struct Key: Hashable, Sendable {
    let resampling: Resampling
    let count: Int
    let drawn: Int

    package init(resampling: Resampling, count: Int, drawn: Int) {
      self.resampling = resampling
      self.count = count
      self.drawn = drawn
    }
  }

  private let most: Int
  private let tables = Mutex<[(key: Key, table: Table)]>([])

  package init(atMost most: Int) { self.most = most }

  /// Whoever asks for one that is being made waits, and finds it made.
  package func table(_ key: Key, make: () -> Table) -> Table {
    tables.withLock { tables in
      if let place = tables.firstIndex(where: { $0.key == key }) {
        // The one that nobody has asked for longest goes first.
        let found = tables.remove(at: place)
        tables.append(found)
        return found.table
      }
      let table = make()
      tables.append((key, table))
      if tables.count > most { tables.removeFirst() }
      return table
    }
  }
}
