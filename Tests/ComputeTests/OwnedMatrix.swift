import Compute

/// A matrix that owns its floats, filled from a fixed sequence.
final class OwnedMatrix {
  let view: Matrix
  private let arena: Arena

  init(_ rows: Int, _ columns: Int, _ element: (Int, Int) -> Float = { _, _ in 0 }) {
    arena = Arena(count: Arena.size(rows: rows, columns: columns))
    view = arena.takeMatrix(rows: rows, columns: columns)
    for i in 0..<rows { for j in 0..<columns { view.row(i)[j] = element(i, j) } }
  }
}
