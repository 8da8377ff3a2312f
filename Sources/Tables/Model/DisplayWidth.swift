extension String {
  /// The number of terminal cells it takes: two for East Asian wide characters and emoji, none for
  /// marks that stand on another character.
  package var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

  /// The same in at most as many cells, `…` at its end where something is cut off.
  package func cut(toWidth width: Int) -> String {
    guard displayWidth > width else { return self }
    guard width > 0 else { return "" }
    var (text, used) = ("", 0)
    for character in self {
      let wide = character.displayWidth
      guard used + wide < width else { break }
      text.append(character)
      used += wide
    }
    return text + "…"
  }

  /// The same with spaces behind it, or before it, up to a width.
  package func padded(toWidth width: Int, onLeft: Bool = false) -> String {
    let padding = String(repeating: " ", count: max(0, width - displayWidth))
    return onLeft ? padding + self : self + padding
  }
}

extension Character {
  fileprivate var displayWidth: Int {
    // The emoji selector widens what it follows.
    if unicodeScalars.contains("\u{fe0f}") { return 2 }
    return unicodeScalars.map(\.displayWidth).max() ?? 0
  }
}

extension Unicode.Scalar {
  fileprivate var displayWidth: Int {
    if value < 0x300 { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    if properties.isEmojiPresentation { return 2 }
    return Self.wide.contains { $0.contains(value) } ? 2 : 1
  }

  /// Blocks whose characters are W or F in Unicode's EastAsianWidth.txt (version 15).
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xa960...0xa97f, 0xac00...0xd7a3,
    0xf900...0xfaff, 0xfe30...0xfe6f, 0xff01...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f,
    0x1f900...0x1f9ff, 0x20000...0x3fffd,
  ]
}
