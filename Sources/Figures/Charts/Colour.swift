/// What a mark, or a part of a page around charts, means; its colour follows from that, on light and on
/// dark ground.
///
/// The ten digits have the ten colours of M. A. Petroff, "Accessible Color Sequences for Data
/// Visualization" (2021), which stay apart under every common colour blindness; each class also
/// carries its digit.
enum Colour: Hashable, Sendable {
  case paper
  case ink
  case soft
  case faint
  case accent
  case second
  /// The ground of boxes and buttons.
  case panel
  case link
  case digit(Int)

  static let roles: [Colour] =
    [.paper, .ink, .soft, .faint, .accent, .second, .panel, .link] + (0...9).map(Colour.digit)

  /// Its custom property in the page's style sheet.
  var name: String {
    switch self {
    case .paper: "paper"
    case .ink: "ink"
    case .soft: "soft"
    case .faint: "faint"
    case .accent: "accent"
    case .second: "second"
    case .panel: "panel"
    case .link: "link"
    case .digit(let digit): "d\(digit)"
    }
  }

  var light: String {
    switch self {
    case .paper: "#ffffff"
    case .ink: "#1b1f24"
    case .soft: "#59636e"
    case .faint: "#dde1e6"
    case .accent: "#2e6fb7"
    case .second: "#bd1f01"
    case .panel: "#f5f7f9"
    case .link: "#1f5fa8"
    case .digit(let digit): Self.digits[digit % 10]
    }
  }

  var dark: String {
    switch self {
    case .paper: "#14171b"
    case .ink: "#e8eaed"
    case .soft: "#9ea7b1"
    case .faint: "#333a42"
    case .accent: "#6cb2f5"
    case .second: "#ff7a55"
    case .panel: "#1c2026"
    case .link: "#86bdf7"
    case .digit(let digit): Self.darkDigits[digit % 10]
    }
  }

  private static let digits = [
    "#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6", "#a96b59", "#e76300", "#b9ac70",
    "#717581", "#92dadd",
  ]

  /// The same hues; the three darkest lifted, so that they stand out from a dark ground.
  private static let darkDigits = [
    "#3f90da", "#ffa90e", "#e2391a", "#94a4a2", "#a85fd6", "#bd7f6c", "#e76300", "#b9ac70",
    "#858a98", "#92dadd",
  ]
}
