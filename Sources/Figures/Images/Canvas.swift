import Foundation

/// A colour image that circles and lines are painted on, then laid into a palette.
struct Canvas {
  let width: Int
  let height: Int
  private var pixels: [RGB]

  init(width: Int, height: Int, ground: RGB) {
    self.width = width
    self.height = height
    pixels = [RGB](repeating: ground, count: width * height)
  }

  /// Lays `share` of `colour` over one pixel; outside the image nothing happens.
  mutating func blend(_ colour: RGB, _ share: Double, x: Int, y: Int) {
    guard x >= 0, y >= 0, x < width, y < height, share > 0 else { return }
    pixels[y * width + x] = pixels[y * width + x].mixed(colour, min(1, share))
  }

  /// A disc with a ring around it; the edge is smoothed over one pixel.
  mutating func disc(
    x: Double, y: Double, radius: Double, _ colour: RGB, fill: Double = 0.15, ring: Double = 1.5
  ) {
    let reach = radius + ring
    guard reach.isFinite, reach < 10_000, x.isFinite, y.isFinite else { return }
    let rows = Int((y - reach - 1).rounded(.down))...Int((y + reach + 1).rounded(.up))
    let columns = Int((x - reach - 1).rounded(.down))...Int((x + reach + 1).rounded(.up))
    for row in rows where row >= 0 && row < height {
      for column in columns where column >= 0 && column < width {
        let distance = hypot(Double(column) + 0.5 - x, Double(row) + 0.5 - y)
        let inside = max(0, min(1, radius + 0.5 - distance))
        let within = max(0, min(1, ring / 2 + 0.5 - abs(distance - radius)))
        blend(colour, max(fill * inside, within * 0.9), x: column, y: row)
      }
    }
  }

  /// A line one pixel wide.
  mutating func line(
    from start: (Double, Double), to end: (Double, Double), _ colour: RGB, _ share: Double
  ) {
    let length = hypot(end.0 - start.0, end.1 - start.1)
    guard length.isFinite, length < 100_000 else { return }
    let steps = max(1, Int(length.rounded(.up)))
    for step in 0..<steps {
      let part = Double(step) / Double(steps)
      let (x, y) = (start.0 + (end.0 - start.0) * part, start.1 + (end.1 - start.1) * part)
      blend(colour, share, x: Int(x.rounded(.down)), y: Int(y.rounded(.down)))
    }
  }

  /// Text in the letters of `PixelFont`, its upper left corner at (x, y).
  mutating func text(_ text: String, x: Int, y: Int, _ colour: RGB, scale: Int = 1) {
    var left = x
    for character in text {
      for (row, line) in PixelFont.rows(of: character).enumerated() {
        for column in 0..<PixelFont.width where line >> (PixelFont.width - 1 - column) & 1 == 1 {
          for part in 0..<(scale * scale) {
            blend(
              colour, 1, x: left + column * scale + part % scale, y: y + row * scale + part / scale)
          }
        }
      }
      left += (PixelFont.width + 1) * scale
    }
  }

  /// Every pixel as the nearest colour of `palette`.
  func indexed(_ palette: Palette, delay: Int) -> IndexedImage {
    IndexedImage(
      width: width, height: height, pixels: palette.places(of: pixels), delay: delay)
  }
}

/// The colours of an animation: a ramp from the ground to each colour that is painted.
struct Palette {
  let colours: [RGB]

  init(ground: RGB, inks: [RGB]) {
    let steps = max(1, min(24, 255 / max(1, inks.count)))
    var colours = [ground]
    for ink in inks {
      for step in 1...steps { colours.append(ground.mixed(ink, Double(step) / Double(steps))) }
    }
    self.colours = Array(colours.prefix(256))
  }

  func places(of pixels: [RGB]) -> [UInt8] {
    var known: [RGB: UInt8] = [:]
    return pixels.map { pixel in
      if let place = known[pixel] { return place }
      var best = 0
      var least = Int.max
      for (place, colour) in colours.enumerated() {
        let distance = colour.distance(pixel)
        if distance < least { (best, least) = (place, distance) }
      }
      known[pixel] = UInt8(best)
      return UInt8(best)
    }
  }
}
