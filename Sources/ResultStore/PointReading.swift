internal import Sweep
internal import VAE

/// Reads points out of rows that hold the three seeds, then the configuration's columns.
struct PointReading {
  let path: String
  private var configurations = ConfigurationColumns()

  init(path: String) { self.path = path }

  mutating func point(_ columns: Columns, from first: Int) throws -> Point {
    Point(
      configuration: try configurations.read(columns, from: first + 3),
      seeds: Seeds(
        initialization: try columns.seed(first), order: try columns.seed(first + 1),
        noise: try columns.seed(first + 2)))
  }
}
