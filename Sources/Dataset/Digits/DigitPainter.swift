/// Paints one built-in image after the other into the same memory.
final class DigitPainter {
  /// The image painted last.
  let pixels: UnsafeMutableBufferPointer<UInt8>
  private var segments: [InkSegment] = []
  private var raster = DigitRaster()

  /// Rows and columns of an image.
  static let side = ImageShape.mnist.rows

  init() {
    pixels = .allocate(capacity: DigitPainter.side * DigitPainter.side)
    pixels.initialize(repeating: 0)
  }

  /// Paints image `index` of a split, which depends on nothing else, and returns its label.
  func paint(_ split: DigitSplit, index: Int) -> UInt8 {
    var pen = DigitPen(random: DigitRandom(split: split, index: index))
    let label = pen.write(into: &segments)
    raster.draw(segments, into: pixels)
    return label
  }

  deinit { pixels.deallocate() }
}
