/// A text with a limited room in a drawing, such as a configuration's name beside its row: a longer one is
/// drawn smaller, and a much longer one narrower.
enum FittedName {
  /// Widths of a letter of a sans-serif face, in its size: the most that occurs over a whole name.
  private static let widest = (regular: 0.58, bold: 0.64)
  /// Letters are drawn no smaller than this part of their size.
  private static let smallest = 0.8

  /// The most that a text takes, in pixels.
  static func width(of text: String, size: Double, isBold: Bool = false) -> Double {
    Double(text.count) * size * (isBold ? widest.bold : widest.regular)
  }

  /// The size of its letters, and what narrows the text to `width` pixels where that is not enough.
  ///
  /// Where there is nearly room the text may well be narrower than the most that it can take: told to
  /// fill the room, it would be stretched.
  static func attributes(
    _ text: String, in width: Double, size: Double, isBold: Bool = false
  ) -> Markup {
    let part = max(0, width) / max(1, self.width(of: text, size: size, isBold: isBold))
    guard part < 1 else { return " font-size=\"\(size)\"" }
    guard part < smallest else { return " font-size=\"\(size * part)\"" }
    return " font-size=\"\(size)\" textLength=\"\(width)\" lengthAdjust=\"spacingAndGlyphs\""
  }
}
