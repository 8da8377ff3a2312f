import Compute

/// Turns ink into 28 × 28 grey pixels.
struct DigitRaster {
  /// Per pixel, how deep its centre lies inside the ink, in pixels; negative outside.
  private var depth = [Double](repeating: 0, count: DigitPainter.side * DigitPainter.side)

  /// Width of the grey edge of a stroke, in pixels.
  private static let edge = 1.5

  /// Draws `segments` into `pixels`, which holds one image.
  ///
  /// A pixel's value grows linearly from 0 to 255 as its centre goes from half an edge outside the
  /// ink to half an edge inside it.
  mutating func draw(_ segments: [InkSegment], into pixels: UnsafeMutableBufferPointer<UInt8>) {
    for index in depth.indices { depth[index] = -Self.edge }
    for segment in segments { spread(segment) }
    for index in pixels.indices {
      let coverage = min(max(depth[index] / Self.edge + 0.5, 0), 1)
      pixels[index] = UInt8(coverage * 255 + 0.5)
    }
  }

  /// Raises the depth of the pixels around one segment.
  private mutating func spread(_ segment: InkSegment) {
    let from = segment.from
    let dx = segment.to.x - from.x
    let dy = segment.to.y - from.y
    let reach = segment.radius + Self.edge / 2
    let length2 = dx * dx + dy * dy
    let inverse = length2 > 0 ? 1 / length2 : 0

    let columns = pixelRange(min(from.x, segment.to.x) - reach, max(from.x, segment.to.x) + reach)
    let rows = pixelRange(min(from.y, segment.to.y) - reach, max(from.y, segment.to.y) + reach)
    for row in rows {
      let py = Double(row) + 0.5 - from.y
      for column in columns {
        let px = Double(column) + 0.5 - from.x
        let t = min(max((px * dx + py * dy) * inverse, 0), 1)
        let ex = px - t * dx
        let ey = py - t * dy
        let distance2 = ex * ex + ey * ey
        guard distance2 < reach * reach else { continue }
        let inside = segment.radius - Scalar.sqrt(distance2)
        let index = row * DigitPainter.side + column
        if inside > depth[index] { depth[index] = inside }
      }
    }
  }
}

/// The pixels whose centre can lie between two coordinates.
private func pixelRange(_ low: Double, _ high: Double) -> Range<Int> {
  let first = min(max(Int(low), 0), DigitPainter.side)
  return first..<max(min(Int(high) + 1, DigitPainter.side), first)
}
