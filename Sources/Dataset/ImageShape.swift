/// The size of every image of a dataset, in pixels.
package struct ImageShape: Hashable, Sendable, CustomStringConvertible {
  /// The most rows, and the most columns, that are accepted.
  package static let largestSide = 64

  package let rows: Int
  package let columns: Int

  package init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }

  /// That of MNIST and of the built-in digits.
  package static let mnist = ImageShape(rows: 28, columns: 28)

  package var pixels: Int { rows * columns }

  package var description: String { "\(rows) × \(columns)" }
}
