import Foundation
package import VAE

/// Test images in a row, and below them what each shown run makes of them.
package struct ReconstructionSheet {
  package struct Row {
    let name: String
    let images: PicturedImages

    package init(name: String, images: PicturedImages) {
      self.name = name
      self.images = images
    }
  }

  package let originals: PicturedImages
  package private(set) var rows: [Row] = []

  /// Of the drawing at the least: the names of the runs must fit above few images.
  private static let narrowest = 640.0
  /// Between the rows of the image without words.
  private static let gap = 4

  package init(originals: PicturedImages) { self.originals = originals }

  /// The arrays of one run: originals and reconstructions, in the order of their classes.
  package static func read(
    _ arrays: NamedArrays
  ) -> (originals: PicturedImages, reconstructions: PicturedImages)? {
    guard let labels = arrays.bytes("labels", rank: 1)?.values,
      let originals = arrays.images("originals"),
      let reconstructions = arrays.images("reconstructions"), (1...200).contains(labels.count),
      originals.count == labels.count, originals.hasForm(of: reconstructions)
    else { return nil }
    let order = labels.indices.sorted { (labels[$0], $0) < (labels[$1], $1) }
    return (originals.ordered(order), reconstructions.ordered(order))
  }

  package mutating func append(_ row: Row) { rows.append(row) }

  /// Of the images of a row, in pixels.
  private var width: Int { originals.columns * originals.count }

  private func paste(_ images: PicturedImages, into image: inout GreyImage, y: Int) {
    for number in 0..<min(originals.count, images.count) {
      image.paste(images, number, x: images.columns * number, y: y)
    }
  }

  private func strip(_ images: PicturedImages) -> GreyImage {
    var strip = GreyImage(width: width, height: images.rows)
    paste(images, into: &strip, y: 0)
    return strip
  }

  /// All rows in one image, without words.
  package var image: GreyImage {
    let all = [originals] + rows.map(\.images)
    let pitch = originals.rows + Self.gap
    var image = GreyImage(width: width, height: pitch * all.count - Self.gap)
    for (row, images) in all.enumerated() { paste(images, into: &image, y: pitch * row) }
    return image
  }

  package func drawing(title: String) throws(FigureError) -> Drawing {
    let scale = 1.7 * originals.scale
    let width = Double(width) * scale
    let height = Double(originals.rows) * scale
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
    return Drawing(
      width: max(width, Self.narrowest), height: top, title: title, body: body)
  }
}

extension PicturedImages {
  /// Whether both are as many images of one size.
  fileprivate func hasForm(of other: PicturedImages) -> Bool {
    (count, rows, columns) == (other.count, other.rows, other.columns)
  }

  fileprivate func ordered(_ order: [Int]) -> PicturedImages {
    PicturedImages(
      count: order.count, rows: rows, columns: columns, bytes: order.flatMap { self[$0] })
  }
}
