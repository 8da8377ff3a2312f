/// A configuration's name beside or above its row: one with no room in the drawing is drawn narrower.
enum FittedName {
  /// Widths of a letter of a sans-serif face, in its size: the most that occurs over a whole name.
  private static let widest = (regular: 0.58, bold: 0.64)

  /// The most that a text takes, in pixels.
  static func width(of text: String, size: Double, isBold: Bool = false) -> Double {
    Double(text.count) * size * (isBold ? widest.bold : widest.regular)
  }

  /// Empty where there is room; else what narrows the text to `width` pixels.
  static func attributes(
    _ name: String, in width: Double, size: Double, isBold: Bool = false
  ) -> Markup {
    guard self.width(of: name, size: size, isBold: isBold) > width else { return "" }
    return " textLength=\"\(width)\" lengthAdjust=\"spacingAndGlyphs\""
  }
}
