package import Study
import Tables

/// Every run of several configurations in one picture that fits a screen: a row for each, the best mean
/// first.
///
/// What lies between the rows goes with the configuration, what lies within one is luck.
package struct RunStrips {
  package struct Row {
    let name: String
    let sample: Sample

    package init(name: String, sample: Sample) {
      self.name = name
      self.sample = sample
    }
  }

  let rows: [Row]
  /// With its unit.
  let measure: String
  let decimals: Int
  package let title: String

  /// - Parameter rows: In any order.
  package init(
    rows: [Row], measure: String, decimals: Int, isHigherBetter: Bool = false, title: String
  ) {
    let sorted = rows.sorted { ($0.sample.mean ?? .infinity) < ($1.sample.mean ?? .infinity) }
    self.rows = isHigherBetter ? sorted.reversed() : sorted
    self.measure = measure
    self.decimals = decimals
    self.title = title
  }

  private static let width = 860.0
  /// Names are drawn narrower rather than given more.
  private static let mostLeft = 300.0
  /// Figures too.
  private static let mostRight = 300.0
  private static let top = 8.0
  /// Rows become narrower until this is full.
  private static let height = 400.0

  private var rowHeight: Double {
    min(26, max(13, (Self.height / Double(max(1, rows.count))).rounded(.down)))
  }

  private var fontSize: Double { min(12, rowHeight - 2) }

  /// As much as the longest name needs.
  private var left: Double {
    let widest = rows.map { FittedName.width(of: $0.name, size: fontSize) }.max() ?? 0
    return min(Self.mostLeft, widest + 28)
  }

  private var axis: Axis {
    let values = Axis.withoutOutliers(
      rows.flatMap(\.sample.values), keeping: rows.compactMap(\.sample.mean))
    let usual = Axis.linear(measure, over: values, ticks: 6)
    let labels = usual.ticks.reduce(0) { $0 + FittedName.width(of: $1.label + "  ", size: 12) }
    return labels < Self.width - Self.mostLeft - Self.mostRight
      ? usual : Axis.linear(measure, over: values, ticks: 3)
  }

  /// As much as the longest figures need.
  private func right(beyond axis: Axis) -> Double {
    let widest =
      rows.map { FittedName.width(of: figures($0, beyond: axis), size: fontSize) }.max() ?? 0
    return min(Self.mostRight, max(100, widest + 16))
  }

  /// The mean, and what lies beyond the axis.
  private func figures(_ row: Row, beyond axis: Axis) -> String {
    var told = row.sample.mean.map { Axis.label($0, decimals: decimals) } ?? "no run"
    if row.sample.count < Sample.fewestForInterval { told += ", n = \(row.sample.count)" }
    return told + StripOfRuns.beyond(axis.domain, row.sample, decimals: decimals)
  }

  package var drawing: Drawing {
    let axis = axis
    let (left, right) = (left, right(beyond: axis))
    let height = Double(rows.count) * rowHeight
    let frame = Frame(
      x: axis, y: .linear("", domain: 0...1, ticks: 1), left: left, top: Self.top,
      width: Self.width - left - right, height: height)
    var body = Markup()
    for tick in axis.ticks {
      let place = frame.px(tick.value)
      body += """
        <path class="grid" d="M\(place) \(Self.top)V\(Self.top + height)"/>\
        <text class="soft" x="\(place)" y="\(Self.top + height + 16)" \
        text-anchor="middle">\(tick.label)</text>
        """
    }
    body += """
      <path class="axis" d="M\(frame.left) \(Self.top + height)H\(frame.left + frame.width)"/>\
      <text x="\(frame.left + frame.width / 2)" y="\(Self.top + height + 34)" \
      text-anchor="middle">\(measure)</text>
      """
    for (number, row) in rows.enumerated() {
      let middle = Self.top + (Double(number) + 0.5) * rowHeight
      body +=
        "<g data-name=\"\(row.name)\">\(marks(row, frame, right: right, middle: middle))</g>"
    }
    return Drawing(
      width: Self.width, height: Self.top + height + 42, title: title, body: body)
  }

  private func marks(
    _ row: Row, _ frame: Frame, right: Double, middle: Double
  ) -> Markup {
    let (size, left) = (fontSize, frame.left)
    let runs = StripOfRuns(row.sample, in: frame, decimals: decimals)
    let told = figures(row, beyond: frame.x)
    var marks: Markup = """
      <text x="\(left - 12)" y="\(middle + size / 3)" text-anchor="end"\
      \(FittedName.attributes(row.name, in: left - 12, size: size))>\
      \(row.name)</text>\
      <text class="soft" x="\(frame.left + frame.width + 12)" y="\(middle + size / 3)"\
      \(FittedName.attributes(told, in: right - 12, size: size))>\(told)</text>
      """
    marks += runs.marks(middle: middle, height: rowHeight * 0.5, radius: 2.5)
    if let mean = row.sample.mean {
      let place = frame.px(mean)
      marks +=
        "<path class=\"mean\" d=\"M\(place) \(middle - rowHeight * 0.4)v\(rowHeight * 0.8)\"/>"
    }
    return marks
  }
}
