/// The plotting area of a chart between its two axes.
struct Frame {
  let x: Axis
  let y: Axis
  let left: Double
  let top: Double
  let width: Double
  let height: Double

  func px(_ value: Double) -> Double { left + width * x.position(value) }
  func py(_ value: Double) -> Double { top + height * (1 - y.position(value)) }

  /// Grid lines, tick labels and titles.
  var axes: Markup { horizontal + vertical }

  private var horizontal: Markup {
    var marks = Markup()
    let bottom = top + height
    for tick in x.ticks {
      let place = px(tick.value)
      marks += "<path class=\"grid\" d=\"M\(place) \(top)V\(bottom)\"/>"
      marks += """
        <text class="soft" x="\(place)" y="\(bottom + 16)" text-anchor="middle">\(tick.label)</text>
        """
    }
    marks += "<path class=\"axis\" d=\"M\(left) \(bottom)H\(left + width)\"/>"
    marks += """
      <text x="\(left + width / 2)" y="\(bottom + 34)" text-anchor="middle">\(x.title)</text>
      """
    return marks
  }

  private var vertical: Markup {
    var marks = Markup()
    for tick in y.ticks {
      let place = py(tick.value)
      marks += "<path class=\"grid\" d=\"M\(left) \(place)H\(left + width)\"/>"
      marks += """
        <text class="soft" x="\(left - 7)" y="\(place + 4)" text-anchor="end">\(tick.label)</text>
        """
    }
    let middle = top + height / 2
    marks += "<path class=\"axis\" d=\"M\(left) \(top)V\(top + height)\"/>"
    marks += """
      <text transform="translate(13 \(middle)) rotate(-90)" text-anchor="middle">\(y.title)</text>
      """
    return marks
  }

  /// The end of a horizontal interval: a bar, or an arrow where it is cut because it goes on beyond
  /// the axis.
  ///
  /// - Parameter pointing: −1 for the lower end, 1 for the upper.
  func end(at place: Double, _ middle: Double, pointing: Double, isCut: Bool) -> Markup {
    guard isCut else { return "<path class=\"mean\" d=\"M\(place) \(middle - 5)v10\"/>" }
    return """
      <path class="leaves" d="M\(place + 5 * pointing) \(middle)L\(place - 3 * pointing) \
      \(middle - 5)V\(middle + 5)Z"/>
      """
  }

  /// The path through `points`, in data coordinates.
  func path(_ points: some Sequence<(x: Double, y: Double)>) -> Markup {
    var text = ""
    var pen = "M"
    for point in points {
      text += pen
      Markup.append(coordinate: px(point.x), to: &text)
      text += " "
      Markup.append(coordinate: py(point.y), to: &text)
      pen = "L"
    }
    return Markup(trusted: text)
  }
}
