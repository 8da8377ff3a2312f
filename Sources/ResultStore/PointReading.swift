internal import Sweep

/// Reads points out of rows that hold the three seeds and the configuration's columns.
struct PointReading {
  let path: String
  private var configurations = ConfigurationColumns()
  /// Makes the keys of one dataset and trainer version: a store holds no others.
  private var keys: (dataset: Digest, trainerVersion: Int, maker: KeyMaker)?

  init(path: String) { self.path = path }

  mutating func point(_ columns: Columns) throws -> Point {
    Point(configuration: try configurations.read(columns), seeds: try columns.seeds())
  }

  /// Whether `key` is the point's: a damaged row must not stand for another point.
  mutating func check(
    _ key: PointKey, of point: Point, dataset: Digest, trainerVersion: Int, _ columns: Columns
  ) throws {
    if keys?.dataset != dataset || keys?.trainerVersion != trainerVersion {
      keys = (dataset, trainerVersion, KeyMaker(dataset: dataset, trainerVersion: trainerVersion))
    }
    guard keys?.maker.key(of: point) == key else {
      throw columns.damaged("point \(key.short) differs from what was stored", 0)
    }
  }
}
