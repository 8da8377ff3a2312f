internal import Sweep

/// Reads points out of rows that hold the three seeds, then the configuration's columns.
struct PointReading {
  let path: String
  private var configurations = ConfigurationColumns()

  init(path: String) { self.path = path }

  mutating func point(_ columns: Columns, from first: Int) throws -> Point {
    Point(
      configuration: try configurations.read(columns, from: first + 3),
      seeds: try columns.seeds(first))
  }
}
