/// A configuration's name beside its row: one that would begin outside the drawing is drawn narrower.
enum FittedName {
  /// Widths of a letter of a sans-serif face, in its size: the most that occurs over a whole name.
  private static let widest = 0.58

  /// Empty where there is room; else what narrows the text to `width` pixels.
  static func attributes(_ name: String, in width: Double, size: Double) -> Markup {
    guard Double(name.count) * size * widest > width else { return "" }
    return " textLength=\"\(width)\" lengthAdjust=\"spacingAndGlyphs\""
  }
}
