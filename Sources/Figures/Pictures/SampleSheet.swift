package import VAE

/// Decoded images laid out by their codes.
///
/// Two latents: a square, the first latent to the right, the second upwards. Three: a row of such
/// squares, one for each value of the third. Four: a square of squares, the third latent to the
/// right, the fourth upwards. Anything else, and draws at random: rows of ten.
package struct SampleSheet {
  package let image: GreyImage
  /// Pixels of one image.
  let tile: (width: Int, height: Int)
  /// What the sheet is enlarged by where one of 28 × 28 images stands at its own size.
  let scale: Double
  /// Values of each latent, rising; empty where the images lie in no grid.
  package let values: [[Double]]
  private let count: Int

  /// Nil where the arrays are no such images.
  package init?(_ arrays: NamedArrays, latentDim: Int) {
    guard let images = arrays.images("images"), (1...1_000).contains(images.count) else {
      return nil
    }
    count = images.count
    scale = images.scale
    tile = (images.columns, images.rows)
    let codes = arrays.floats("codes", rank: 2)
    let values: [[Double]] =
      codes.flatMap {
        $0.shape == [images.count, latentDim] ? Self.grid($0.values, latentDim) : nil
      } ?? []
    let layout = SheetLayout(values.map(\.count), count: count, tile: tile)
    var image = GreyImage(width: layout.width, height: layout.height)
    for number in 0..<count {
      let ranks = values.indices.map { latent -> Int in
        let own = Double(codes?.values[number * latentDim + latent] ?? 0)
        return values[latent].firstIndex { abs($0 - own) < 1e-4 } ?? 0
      }
      let place = layout.place(ranks, number)
      image.paste(images, number, x: place.x, y: place.y)
    }
    self.image = image
    self.values = values
  }

  /// The different values of each latent, where the codes are their product.
  private static func grid(_ codes: [Float], _ latentDim: Int) -> [[Double]]? {
    guard (2...4).contains(latentDim) else { return nil }
    let count = codes.count / latentDim
    let values = (0..<latentDim).map { latent -> [Double] in
      var found: [Double] = []
      for value in (0..<count).map({ Double(codes[$0 * latentDim + latent]) }).sorted()
      where found.last.map({ value - $0 > 1e-4 }) ?? true {
        found.append(value)
      }
      return found
    }
    return values.map(\.count).reduce(1, *) == count ? values : nil
  }
}

/// Where each image of a sheet stands, in pixels.
struct SheetLayout {
  private let sizes: [Int]
  private let count: Int
  private let tile: (width: Int, height: Int)

  /// Between squares of squares.
  static let gap = 8

  init(_ sizes: [Int], count: Int, tile: (width: Int, height: Int)) {
    self.sizes = sizes
    self.count = count
    self.tile = tile
  }

  var width: Int {
    switch sizes.count {
    case 2: tile.width * sizes[0]
    case 3, 4: pitch.x * sizes[2] - Self.gap
    default: tile.width * min(10, count)
    }
  }

  var height: Int {
    switch sizes.count {
    case 2, 3: tile.height * sizes[1]
    case 4: pitch.y * sizes[3] - Self.gap
    default: tile.height * ((count + 9) / 10)
    }
  }

  /// From one square to the next.
  private var pitch: (x: Int, y: Int) {
    (tile.width * sizes[0] + Self.gap, tile.height * sizes[1] + Self.gap)
  }

  func place(_ ranks: [Int], _ number: Int) -> (x: Int, y: Int) {
    guard ranks.count >= 2 else {
      return (tile.width * (number % 10), tile.height * (number / 10))
    }
    var x = tile.width * ranks[0]
    var y = tile.height * (sizes[1] - 1 - ranks[1])
    if ranks.count >= 3 { x += pitch.x * ranks[2] }
    if ranks.count == 4 { y += pitch.y * (sizes[3] - 1 - ranks[3]) }
    return (x, y)
  }
}
