import Sweep
import SweepFile

/// The bytes as a sweep file: a definition, or one line.
func fuzzYAML(_ bytes: UnsafeBufferPointer<UInt8>) {
  do {
    let definition = try SweepFile.parse(bytes: Array(bytes), file: "x.yaml")
    let grid = definition.grid
    // Computed, never listed: the first and the last position whatever the size.
    for index in [0, grid.positions - 1] {
      guard let point = grid.point(at: index) else { continue }
      guard let found = grid.index(of: point), grid.point(at: found) == point else {
        broken("point \(index) is not found back")
      }
    }
  } catch {
    if error.description.contains(where: \.isNewline) {
      broken("an error of more than one line: \(error)")
    }
  }
}
