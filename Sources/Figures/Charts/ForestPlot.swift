package import Study

/// Differences of several configurations to one reference, each with its interval, on one axis.
///
/// The axis is as wide as the estimates need; an interval that reaches beyond it is cut there and ends
/// in an arrow, so that one of three seeds does not squeeze all the others into a line.
package struct ForestPlot {
  package struct Row {
    let name: String
    let estimate: Double
    let interval: Interval?
    /// What stands at the right end: the figures in words.
    let words: String
    /// Whether few runs, or a caution, make it nothing to lean on.
    let isFaint: Bool

    package init(
      name: String, estimate: Double, interval: Interval?, words: String, isFaint: Bool
    ) {
      self.name = name
      self.estimate = estimate
      self.interval = interval
      self.words = words
      self.isFaint = isFaint
    }
  }

  let rows: [Row]
  /// With its unit.
  let measure: String
  /// Where there is no difference.
  let origin: Double
  package let title: String

  package init(rows: [Row], measure: String, origin: Double = 0, title: String) {
    self.rows = rows
    self.measure = measure
    self.origin = origin
    self.title = title
  }

  private static let rowHeight = 26.0
  private static let width = 860.0
  private static let left = 300.0
  private static let right = 220.0
  private static let top = 8.0

  /// From the smallest to the largest estimate, and as much of the intervals as makes it three times
  /// as wide.
  private var axis: Axis {
    let estimates = rows.map(\.estimate) + [origin]
    let (low, high) = (estimates.min() ?? 0, estimates.max() ?? 1)
    let reach = max(high - low, narrowestInterval)
    let ends = rows.compactMap(\.interval).flatMap { [$0.lower, $0.upper] }.map {
      min(max($0, low - reach), high + reach)
    }
    return .linear(measure, over: estimates + ends, ticks: 6)
  }

  /// The width of the intervals' lower half at its middle, so that estimates that are all equal still
  /// have an axis that shows something.
  private var narrowestInterval: Double {
    let widths = rows.compactMap(\.interval).map { $0.upper - $0.lower }.sorted()
    return widths.isEmpty ? 0 : widths[widths.count / 4]
  }

  package var drawing: Drawing {
    let axis = axis
    let height = Double(rows.count) * Self.rowHeight
    let frame = Frame(
      x: axis, y: .linear("", domain: 0...1, ticks: 1), left: Self.left, top: Self.top,
      width: Self.width - Self.left - Self.right, height: height)
    var body = Markup()
    for tick in axis.ticks {
      let place = frame.px(tick.value)
      body += "<path class=\"grid\" d=\"M\(place) \(Self.top)V\(Self.top + height)\"/>"
      body += """
        <text class="soft" x="\(place)" y="\(Self.top + height + 16)" \
        text-anchor="middle">\(tick.label)</text>
        """
    }
    let none = frame.px(origin)
    body += """
      <path class="limit" d="M\(none) \(Self.top)V\(Self.top + height)"/>\
      <path class="axis" d="M\(frame.left) \(Self.top + height)H\(frame.left + frame.width)"/>\
      <text x="\(frame.left + frame.width / 2)" y="\(Self.top + height + 34)" \
      text-anchor="middle">\(measure)</text>
      """
    for (number, row) in rows.enumerated() {
      let middle = Self.top + (Double(number) + 0.5) * Self.rowHeight
      body += "<g data-name=\"\(row.name)\">\(marks(row, frame, middle: middle))</g>"
    }
    return Drawing(
      width: Self.width, height: Self.top + height + 42, title: title, body: body)
  }

  private func marks(_ row: Row, _ frame: Frame, middle: Double) -> Markup {
    let faint: Markup = row.isFaint ? " fill-opacity=\".6\"" : ""
    var marks: Markup = """
      <text x="\(Self.left - 12)" y="\(middle + 4)" text-anchor="end"\(faint)\
      \(FittedName.attributes(row.name, in: Self.left - 12, size: 12))>\(row.name)</text>\
      <text class="soft" x="\(Self.width - Self.right + 12)" y="\(middle + 4)"\
      \(FittedName.attributes(row.words, in: Self.right - 12, size: 12))>\(row.words)</text>
      """
    if let interval = row.interval {
      let domain = frame.x.domain
      let (low, high) = (
        frame.px(max(interval.lower, domain.lowerBound)),
        frame.px(min(interval.upper, domain.upperBound))
      )
      marks += "<path class=\"mean\" d=\"M\(low) \(middle)H\(high)\"/>"
      marks += frame.end(at: low, middle, pointing: -1, isCut: interval.lower < domain.lowerBound)
      marks += frame.end(at: high, middle, pointing: 1, isCut: interval.upper > domain.upperBound)
    }
    let place = frame.px(row.estimate)
    return marks
      + "<circle class=\"\(row.isFaint ? "run" : "dot")\" cx=\"\(place)\" cy=\"\(middle)\" r=\"4\"/>"
  }
}
