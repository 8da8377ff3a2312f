package import VAE

/// A grey image, row by row; 0 is black and 255 is white.
package struct GreyImage: Hashable, Sendable {
  package let width: Int
  package let height: Int
  package private(set) var pixels: [UInt8]

  package init(width: Int, height: Int, ground: UInt8 = 255) {
    self.width = width
    self.height = height
    pixels = [UInt8](repeating: ground, count: width * height)
  }

  /// Puts one of `images` with its upper left corner at (x, y), dark strokes on light ground as ink on
  /// paper: the dataset has them the other way.
  package mutating func paste(_ images: PicturedImages, _ number: Int, x: Int, y: Int) {
    guard (0..<images.count).contains(number), x >= 0, y >= 0, x + images.columns <= width,
      y + images.rows <= height
    else { return }
    let image = images[number]
    var source = image.startIndex
    for row in 0..<images.rows {
      let start = (y + row) * width + x
      for column in 0..<images.columns {
        pixels[start + column] = 255 - image[source]
        source += 1
      }
    }
  }
}

extension PicturedImages {
  /// What an image is enlarged by where those of 28 × 28 stand at their own size.
  var scale: Double { 28 / Double(max(rows, columns)) }
}

/// A colour of eight bits a channel.
package struct RGB: Hashable, Sendable {
  var red: UInt8
  var green: UInt8
  var blue: UInt8

  /// `#rrggbb`.
  init(hex: String) {
    let number = UInt32(hex.dropFirst(), radix: 16) ?? 0
    red = UInt8(truncatingIfNeeded: number >> 16)
    green = UInt8(truncatingIfNeeded: number >> 8)
    blue = UInt8(truncatingIfNeeded: number)
  }

  package init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// This colour with `share` of `other` over it.
  func mixed(_ other: RGB, _ share: Double) -> RGB {
    func mix(_ own: UInt8, _ other: UInt8) -> UInt8 {
      UInt8(max(0, min(255, (Double(own) + (Double(other) - Double(own)) * share).rounded())))
    }
    return RGB(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
  }

  func distance(_ other: RGB) -> Int {
    let (r, g, b) = (
      Int(red) - Int(other.red), Int(green) - Int(other.green), Int(blue) - Int(other.blue)
    )
    return r * r + g * g + b * b
  }
}
