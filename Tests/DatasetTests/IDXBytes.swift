import Dataset
import TestSupport

/// The bytes of IDX files for tests.
enum IDXBytes {
  static func header(_ magic: UInt32, _ dimensions: UInt32...) -> [UInt8] {
    header(magic, dimensions)
  }

  static func header(_ magic: UInt32, _ dimensions: [UInt32]) -> [UInt8] {
    ([magic] + dimensions).flatMap { word in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
    }
  }

  static func images(_ count: Int, _ rows: Int = 28, _ columns: Int = 28) -> [UInt8] {
    header(0x803, UInt32(count), UInt32(rows), UInt32(columns)) + pixels(count * rows * columns)
  }

  static func pixels(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 / 3) }
  }

  /// Labels in turn, ten of them from 0 on unless told.
  static func labels(_ count: Int, _ classes: ClosedRange<Int> = 0...9) -> [UInt8] {
    header(0x801, UInt32(count))
      + (0..<count).map { UInt8(classes.lowerBound + $0 % classes.count) }
  }

  /// The four files, in their order.
  static func dataset(train: Int = 12, test: Int = 5) -> [[UInt8]] {
    [images(train), labels(train), images(test), labels(test)]
  }
}

extension TemporaryFolder {
  /// Writes four IDX files to a subfolder and returns its path.
  @discardableResult
  func writeDataset(
    _ files: [[UInt8]] = IDXBytes.dataset(), to folder: String,
    naming: (IDXFile) -> String = { $0.name }
  ) throws -> String {
    for file in IDXFile.allCases {
      try write(files[file.rawValue], to: "\(folder)/\(naming(file))")
    }
    return self[folder]
  }

  /// Data folders whose cache lies in this folder and that know nothing else of the machine.
  func folders(
    explicit: String? = nil, environment: [String: String] = [:]
  ) -> DataFolders {
    let own = ["XDG_CACHE_HOME": path, "HOME": path]
    return DataFolders(explicit: explicit, environment: own.merging(environment) { $1 })
  }

  /// Names in the cache, apart from the index.
  var cached: [String] { names(in: "vaesweep").filter { $0 != "sources" } }
}

/// Runs `body` and returns the dataset error it throws, if any.
func datasetError(_ body: () throws -> Void) -> DatasetError? {
  do {
    try body()
    return nil
  } catch {
    return error as? DatasetError
  }
}
