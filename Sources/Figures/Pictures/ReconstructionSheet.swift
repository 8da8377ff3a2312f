import Foundation
package import VAE

/// Test images in a row, and below them what each shown run makes of them.
package struct ReconstructionSheet {
  package struct Row {
    let name: String
    /// Row by row: [n, 784].
    let images: [UInt8]

    package init(name: String, images: [UInt8]) {
      self.name = name
      self.images = images
    }
  }

  package let originals: [UInt8]
  package private(set) var rows: [Row] = []

  private static let tile = GreyImage.tile
  private static let scale = 1.7

  package init(originals: [UInt8]) { self.originals = originals }

  /// The arrays of one run: originals and reconstructions, in the order of their digits.
  package static func read(_ arrays: NamedArrays) -> (originals: [UInt8], reconstructions: [UInt8])?
  {
    guard let labels = arrays.bytes("labels", rank: 1),
      let originals = arrays.bytes("originals", rank: 2),
      let reconstructions = arrays.bytes("reconstructions", rank: 2),
      originals.shape == [labels.shape[0], tile * tile], reconstructions.shape == originals.shape,
      (1...200).contains(labels.shape[0])
    else { return nil }
    let order = labels.values.indices.sorted { (labels.values[$0], $0) < (labels.values[$1], $1) }
    func ordered(_ images: [UInt8]) -> [UInt8] {
      order.flatMap { images[($0 * tile * tile)..<(($0 + 1) * tile * tile)] }
    }
    return (ordered(originals.values), ordered(reconstructions.values))
  }

  package mutating func append(_ row: Row) { rows.append(row) }

  private var count: Int { originals.count / (Self.tile * Self.tile) }

  private func strip(_ images: [UInt8]) -> GreyImage {
    var strip = GreyImage(width: Self.tile * count, height: Self.tile)
    let size = Self.tile * Self.tile
    for number in 0..<min(count, images.count / size) {
      strip.paste(images[(number * size)..<((number + 1) * size)], x: Self.tile * number, y: 0)
    }
    return strip
  }

  /// All rows in one image, without words.
  package var image: GreyImage {
    let all = [originals] + rows.map(\.images)
    var image = GreyImage(width: Self.tile * count, height: (Self.tile + 4) * all.count - 4)
    let size = Self.tile * Self.tile
    for (row, images) in all.enumerated() {
      for number in 0..<min(count, images.count / size) {
        image.paste(
          images[(number * size)..<((number + 1) * size)], x: Self.tile * number,
          y: (Self.tile + 4) * row)
      }
    }
    return image
  }

  package func drawing(title: String) throws(FigureError) -> Drawing {
    let width = Double(Self.tile * count) * Self.scale
    let height = Double(Self.tile) * Self.scale
    var body = Markup()
    var top = 0.0
    for row in [Row(name: "originals", images: originals)] + rows {
      body += """
        <text class="strong" x="0" y="\(top + 13)">\(row.name)</text>\
        <image x="0" y="\(top + 19)" width="\(width)" height="\(height)" \
        href="data:image/png;base64,\(Data(try PNG.encode(strip(row.images))).base64EncodedString())"/>
        """
      top += height + 30
    }
    return Drawing(width: width, height: top, title: title, body: body)
  }
}
