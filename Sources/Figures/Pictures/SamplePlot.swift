import Foundation

/// A sheet of decoded images with the values of the latents around it.
package struct SamplePlot {
  let sheet: SampleSheet
  let title: String

  package init(sheet: SampleSheet, title: String) {
    self.sheet = sheet
    self.title = title
  }

  package func drawing() throws(FigureError) -> Drawing {
    let image = sheet.image
    let dimensions = sheet.values.count
    // Two latents stand beside the plot of their codes, and are as large.
    let scale =
      dimensions == 2
      ? CodesPlot.size / Double(max(image.width, image.height))
      : dimensions == 3 ? sheet.scale : 1.4 * sheet.scale
    let (left, top) = (dimensions == 0 ? 0.0 : 54.0, dimensions == 2 ? 30.0 : 4)
    let (width, height) = (Double(image.width) * scale, Double(image.height) * scale)
    var body: Markup = """
      <image x="\(left)" y="\(top)" width="\(width)" height="\(height)" \
      href="data:image/png;base64,\(Data(try PNG.encode(image)).base64EncodedString())"/>
      """
    switch dimensions {
    case 2: body += square(left, top, width, height)
    case 3: body += slices(left, top, height, scale)
    case 4: body += squares(left, top, width, height, scale)
    default: break
    }
    let below = dimensions == 0 ? 0.0 : dimensions == 2 ? 46 : 42
    let least: (width: Double, height: Double) =
      switch dimensions {
      case 2, 4: (width: 2 * Self.reach, height: 2 * Self.reach)
      case 3: (width: left + 640, height: 0)
      default: (width: 0, height: 0)
      }
    return Drawing(
      width: max(left + width + (dimensions == 2 ? 32 : 2), least.width),
      height: max(top + height + below, least.height), title: title, body: body)
  }

  /// How far the titles of the axes reach from their middle: narrow images must leave room for them.
  private static let reach = 124.0

  private func square(_ left: Double, _ top: Double, _ width: Double, _ height: Double) -> Markup {
    var marks = titles(
      left, top, width, height, "z₁ (standard deviations of the prior)",
      "z₂ (standard deviations of the prior)")
    for (latent, values) in sheet.values.enumerated() {
      let side = (latent == 0 ? width : height) / Double(values.count)
      for (rank, value) in values.enumerated()
      where values.count < 8 || rank % 2 == (values.count - 1) / 2 % 2 {
        let middle = (Double(rank) + 0.5) * side
        let label = Axis.label(value, decimals: 1)
        if latent == 0 {
          marks += """
            <text class="soft" x="\(left + middle)" y="\(top + height + 16)" \
            text-anchor="middle">\(label)</text>
            """
        } else {
          marks += """
            <text class="soft" x="\(left - 7)" y="\(top + height - middle + 4)" \
            text-anchor="end">\(label)</text>
            """
        }
      }
    }
    return marks
  }

  private func slices(_ left: Double, _ top: Double, _ height: Double, _ scale: Double) -> Markup {
    let side = Double(sheet.tile.width * sheet.values[0].count) * scale
    var marks = Markup()
    for (rank, value) in sheet.values[2].enumerated() {
      let middle = left + (side + Double(SheetLayout.gap) * scale) * Double(rank) + side / 2
      marks += """
        <text class="soft" x="\(middle)" y="\(top + height + 17)" text-anchor="middle">z₃ = \
        \(Axis.label(value, decimals: 2))</text>
        """
    }
    let reach = sheet.values[0].last.map { Axis.label($0, decimals: 2) } ?? ""
    return marks + """
      <text x="\(left)" y="\(top + height + 36)">in each slice z₁ rises to the right and z₂ upwards, \
      from −\(reach) to \(reach) (standard deviations of the prior)</text>
      """
  }

  private func squares(
    _ left: Double, _ top: Double, _ width: Double, _ height: Double, _ scale: Double
  ) -> Markup {
    var marks = titles(left, top, width, height, "z₃; inside each block z₁", "z₄; inside z₂")
    let gap = Double(SheetLayout.gap) * scale
    for (rank, value) in sheet.values[2].enumerated() {
      let side = Double(sheet.tile.width * sheet.values[0].count) * scale
      marks += """
        <text class="soft" x="\(left + (side + gap) * Double(rank) + side / 2)" \
        y="\(top + height + 16)" text-anchor="middle">\(Axis.label(value, decimals: 2))</text>
        """
    }
    for (rank, value) in sheet.values[3].enumerated() {
      let side = Double(sheet.tile.height * sheet.values[1].count) * scale
      marks += """
        <text class="soft" x="\(left - 5)" \
        y="\(top + height - (side + gap) * Double(rank) - side / 2 + 4)" \
        text-anchor="end">\(Axis.label(value, decimals: 2))</text>
        """
    }
    return marks
  }

  private func titles(
    _ left: Double, _ top: Double, _ width: Double, _ height: Double, _ x: String, _ y: String
  ) -> Markup {
    """
    <text x="\(max(left + width / 2, Self.reach))" y="\(top + height + 34)" \
    text-anchor="middle">\(x)</text>\
    <text transform="translate(13 \(max(top + height / 2, Self.reach))) rotate(-90)" \
    text-anchor="middle">\(y)</text>
    """
  }
}
