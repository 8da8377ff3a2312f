/// Dots of many runs in a few bytes each.
///
/// Up to sixty are circles, each with the words that a pointer shows. More are dots of eight paths,
/// a tenth of the size; dots of one path do not darken where they overlap, those of different ones do.
enum RunDots {
  struct Dot {
    let x: Double
    let y: Double
    /// For who points at it.
    let words: String
  }

  private static let maxCircles = 60
  private static let paths = 8

  static func marks(_ dots: [Dot], radius: Double) -> Markup {
    var marks = Markup()
    guard dots.count > maxCircles else {
      for dot in dots {
        marks += """
          <circle class="run" cx="\(dot.x)" cy="\(dot.y)" r="\(radius)">\
          <title>\(dot.words)</title></circle>
          """
      }
      return marks
    }
    for first in 0..<paths {
      let own = stride(from: first, to: dots.count, by: paths).map {
        (x: dots[$0].x, y: dots[$0].y)
      }
      marks += "<path class=\"runs\" stroke-width=\"\(2 * radius)\" d=\"\(points(own))\"/>"
    }
    return marks
  }

  /// A path that is a point at each place, to a tenth of a pixel; `mark` is drawn there.
  static func points(_ places: [(x: Double, y: Double)], mark: String = "h0") -> Markup {
    var text = ""
    var pen = (x: 0, y: 0)
    for place in places where place.x.isFinite && place.y.isFinite {
      let next = (x: Int((place.x * 10).rounded()), y: Int((place.y * 10).rounded()))
      text += "m"
      append(tenths: next.x - pen.x, to: &text)
      if next.y >= pen.y { text += " " }
      append(tenths: next.y - pen.y, to: &text)
      text += mark
      pen = next
    }
    return Markup(trusted: text)
  }

  private static func append(tenths: Int, to text: inout String) {
    if tenths < 0 { text += "-" }
    let magnitude = tenths.magnitude
    if magnitude >= 10 || magnitude == 0 { text += String(magnitude / 10) }
    if magnitude % 10 > 0 { text += ".\(magnitude % 10)" }
  }
}
