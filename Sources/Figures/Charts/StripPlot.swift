package import Study
import Sweep
import Tables

/// The value of every run of several configurations on one axis, with the mean and its interval.
package struct StripPlot {
  package struct Row {
    let name: String
    let sample: Sample
    /// What did not end well, in words; empty where all did.
    let counts: String
    /// Of the mean; drawn from five runs on.
    let interval: Interval?
    /// Of what the interval is of, which in a nested design are not the runs.
    let sd: Double?

    package init(
      name: String, sample: Sample, interval: Interval?, sd: Double?, counts: String
    ) {
      self.name = name
      self.sample = sample
      self.interval = interval
      self.sd = sd
      self.counts = counts
    }
  }

  let rows: [Row]
  /// With its unit.
  let measure: String
  let decimals: Int
  package let title: String

  package init(rows: [Row], measure: String, decimals: Int, title: String) {
    self.rows = rows
    self.measure = measure
    self.decimals = decimals
    self.title = title
  }

  private static let rowHeight = 46.0
  private static let width = 760.0

  /// As wide as the runs are, and no wider: an interval that reaches beyond them is cut there, and so
  /// are a few runs that lie so far out that they would squeeze all others.
  private var axis: Axis {
    .linear(
      measure,
      over: Axis.withoutOutliers(
        rows.flatMap(\.sample.values), keeping: rows.compactMap(\.sample.mean)), ticks: 8)
  }

  package var drawing: Drawing {
    let axis = axis
    let height = Double(rows.count) * Self.rowHeight
    let frame = Frame(
      x: axis, y: .linear("", domain: 0...1, ticks: 1), left: 16, top: 8, width: Self.width - 32,
      height: height)
    var body = Markup()
    for tick in axis.ticks {
      let place = frame.px(tick.value)
      // A label at an end stays in the picture.
      let half = FittedName.width(of: tick.label, size: 12) / 2
      let middle = min(max(place, half), Self.width - half)
      body += "<path class=\"grid\" d=\"M\(place) 8V\(height + 8)\"/>"
      body += """
        <text class="soft" x="\(middle)" y="\(height + 24)" text-anchor="middle">\(tick.label)</text>
        """
    }
    body += """
      <path class="axis" d="M16 \(height + 8)H\(Self.width - 16)"/>\
      <text x="\(Self.width / 2)" y="\(height + 42)" text-anchor="middle">\(measure)</text>
      """
    for (number, row) in rows.enumerated() {
      body += """
        <g data-name="\(row.name)">\
        \(marks(row, frame, top: 8 + Double(number) * Self.rowHeight))</g>
        """
    }
    return Drawing(width: Self.width, height: height + 50, title: title, body: body)
  }

  private func marks(_ row: Row, _ frame: Frame, top: Double) -> Markup {
    let middle = top + 31
    var marks = Markup()
    let runs = StripOfRuns(row.sample, in: frame, decimals: decimals)
    marks += runs.marks(middle: middle, height: 16, radius: 3)
    guard let mean = row.sample.mean else { return marks + heading(row, top: top, beside: "") }
    var told = Axis.label(mean, decimals: decimals)
    let place = frame.px(mean)
    let isFew = row.sample.count < Sample.fewestForInterval
    if isFew { told += ", n < \(Sample.fewestForInterval): no interval" }
    if !isFew, let interval = row.interval {
      let domain = frame.x.domain
      let low = frame.px(max(interval.lower, domain.lowerBound))
      let high = frame.px(min(interval.upper, domain.upperBound))
      marks += "<path class=\"mean\" d=\"M\(low) \(middle)H\(high)\"/>"
      marks += frame.end(
        at: low, middle, pointing: -1, isCut: interval.lower < domain.lowerBound)
      marks += frame.end(
        at: high, middle, pointing: 1, isCut: interval.upper > domain.upperBound)
      told += " ± " + Axis.label((interval.upper - interval.lower) / 2, decimals: decimals)
    }
    marks += "<circle class=\"dot\" cx=\"\(place)\" cy=\"\(middle)\" r=\"4\"/>"
    if let sd = row.sd { told += ", sd " + Axis.label(sd, decimals: decimals) }
    told += runs.beyond
    return marks + heading(row, top: top, beside: told)
  }

  /// The row's name and counts, and at the other end of the line its figures.
  private func heading(_ row: Row, top: Double, beside told: String) -> Markup {
    let (size, edge, gap) = (12.0, 18.0, 12.0)
    let room = max(
      Self.width / 4, Self.width - 2 * edge - gap - FittedName.width(of: told, size: size))
    let fit = FittedName.attributes(
      "\(row.name)  \(row.counts)", in: room, size: size, isBold: true)
    return """
      <text class="strong" x="\(edge)" y="\(top + 14)"\(fit)>\(row.name)<tspan class="soft" \
      font-weight="400">  \(row.counts)</tspan></text>\
      <text class="soft" x="\(Self.width - edge)" y="\(top + 14)" text-anchor="end">\(told)</text>
      """
  }
}
