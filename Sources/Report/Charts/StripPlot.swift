import Study
import Sweep

/// The value of every run of several configurations on one axis, with the mean and its interval.
struct StripPlot {
  struct Row {
    let name: String
    let sample: Sample
    /// What did not end well, in words; empty where all did.
    let counts: String
  }

  let rows: [Row]
  /// With its unit.
  let measure: String
  let decimals: Int
  let title: String

  private static let rowHeight = 46.0
  private static let width = 760.0

  var drawing: Drawing {
    let values = rows.flatMap { row in
      row.sample.values + (Interval.ofMean(row.sample).map { [$0.lower, $0.upper] } ?? [])
    }
    let axis = Axis.linear(measure, over: values, ticks: 8)
    let height = Double(rows.count) * Self.rowHeight
    let frame = Frame(
      x: axis, y: .linear("", domain: 0...1, ticks: 1), left: 16, top: 8, width: Self.width - 32,
      height: height)
    var body = Markup()
    for tick in axis.ticks {
      let place = frame.px(tick.value)
      body += "<path class=\"grid\" d=\"M\(place) 8V\(height + 8)\"/>"
      body += """
        <text class="soft" x="\(place)" y="\(height + 24)" text-anchor="middle">\(tick.label)</text>
        """
    }
    body += """
      <path class="axis" d="M16 \(height + 8)H\(Self.width - 16)"/>\
      <text x="\(Self.width / 2)" y="\(height + 42)" text-anchor="middle">\(measure)</text>
      """
    for (number, row) in rows.enumerated() {
      body += marks(row, frame, top: 8 + Double(number) * Self.rowHeight)
    }
    return Drawing(width: Self.width, height: height + 50, title: title, body: body)
  }

  private func marks(_ row: Row, _ frame: Frame, top: Double) -> Markup {
    let middle = top + 31
    var marks: Markup = """
      <text class="strong" x="18" y="\(top + 14)">\(row.name)<tspan class="soft" \
      font-weight="400">  \(row.counts)</tspan></text>
      """
    for (place, value) in row.sample.values.enumerated() {
      // Runs of equal value stay apart; the offset means nothing.
      let turn = Double(place + 1) * 0.618034
      let offset = (turn - turn.rounded(.down) - 0.5) * 16
      marks += """
        <circle class="run" cx="\(frame.px(value))" cy="\(middle + offset)" r="3">\
        <title>\(Axis.label(value, decimals: decimals))</title></circle>
        """
    }
    guard let mean = row.sample.mean else { return marks }
    var told = Axis.label(mean, decimals: decimals)
    let place = frame.px(mean)
    if let interval = Interval.ofMean(row.sample) {
      let (low, high) = (frame.px(interval.lower), frame.px(interval.upper))
      let ends: Markup = "M\(low) \(middle - 6)v12M\(high) \(middle - 6)v12"
      marks += "<path class=\"mean\" d=\"M\(low) \(middle)H\(high)\(ends)\"/>"
      told += " ± " + ((interval.upper - interval.lower) / 2).shown(decimals: decimals)
    }
    marks += "<circle class=\"dot\" cx=\"\(place)\" cy=\"\(middle)\" r=\"4\"/>"
    if let deviation = row.sample.standardDeviation {
      told += ", sd " + deviation.shown(decimals: decimals)
    }
    return marks + """
      <text class="soft" x="\(Self.width - 18)" y="\(top + 14)" text-anchor="end">\(told)</text>
      """
  }
}
