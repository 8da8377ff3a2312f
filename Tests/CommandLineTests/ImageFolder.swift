import TestSupport

extension Program {
  /// Writes four IDX files to a subfolder: stripes whose place and width go with the class.
  func writeImages(
    _ folder: String, rows: Int = 28, columns: Int = 28, classes: ClosedRange<Int> = 0...9,
    train: Int = 40, test: Int = 20, prefix: String = "", testName: String = "t10k"
  ) throws {
    func word(_ value: Int) -> [UInt8] {
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
    for (split, count) in [("train", train), (testName, test)] {
      let labels = (0..<count).map { classes.lowerBound + $0 % classes.count }
      var pixels: [UInt8] = []
      pixels.reserveCapacity(count * rows * columns)
      for (image, label) in labels.enumerated() {
        for k in 0..<rows * columns {
          let (row, column) = (k / columns, k % columns)
          let isInk =
            (row + image / classes.count % 3) % (2 + label % 5) == 0
            || column == (label * 7 + image % 2) % columns
          pixels.append(isInk ? UInt8(120 + (image * 37 + row * 5) % 130) : 0)
        }
      }
      let name = "\(folder)/\(prefix)\(split)"
      try self.folder.write(
        word(0x803) + word(count) + word(rows) + word(columns) + pixels,
        to: "\(name)-images-idx3-ubyte")
      try self.folder.write(
        word(0x801) + word(count) + labels.map { UInt8($0) }, to: "\(name)-labels-idx1-ubyte")
    }
  }
}
