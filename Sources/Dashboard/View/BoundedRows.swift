package import Sweep

/// Rows of JSON up to a number of bytes, whatever the number of workers, points or configurations: a page
/// that everybody reads every second must stay small.
package struct BoundedRows: Sendable {
  /// Bytes of the rows of one list.
  package static let mostBytes = 150_000
  /// Bytes of lines in words, which stand beside a list.
  package static let mostBytesOfWords = 20_000

  package let rows: [JSONValue]
  /// Rows that there was no room for.
  package let leftOut: Int

  /// Takes as many rows from the front as have room.
  package init(_ all: some Collection<JSONValue>, within most: Int = mostBytes) {
    var rows: [JSONValue] = []
    var bytes = 0
    for row in all {
      // Its comma too.
      bytes += row.compact.utf8.count + 1
      guard bytes <= most else { break }
      rows.append(row)
    }
    self.rows = rows
    leftOut = all.count - rows.count
  }

  package var json: JSONValue { .array(rows) }
}
