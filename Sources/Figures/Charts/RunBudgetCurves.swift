package import Study
import Tables

/// Figures against the number of runs of each configuration: what the best of k runs is expected to be,
/// or how often a choice by k runs is wrong.
package struct RunBudgetCurves {
  package struct Curve {
    let name: String
    let points: [Point]

    package init(name: String, points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  package struct Point {
    let k: Int
    let value: Double
    /// Told where the point is pointed at.
    let interval: Interval?

    package init(k: Int, value: Double, interval: Interval? = nil) {
      self.k = k
      self.value = value
      self.interval = interval
    }
  }

  let curves: [Curve]
  /// With its unit.
  let measure: String
  let decimals: Int
  /// A line across, such as the share of wrong choices that is accepted.
  let limit: Double?
  let title: String

  package init(
    curves: [Curve], measure: String, decimals: Int, limit: Double? = nil, title: String
  ) {
    self.curves = curves.filter { !$0.points.isEmpty }
    self.measure = measure
    self.decimals = decimals
    self.limit = limit
    self.title = title
  }

  private static let width = 760.0
  private static let rowHeight = 18.0

  package var drawing: Drawing {
    let points = curves.flatMap(\.points)
    let y = Axis.linear(measure, over: points.map(\.value) + (limit.map { [$0, 0] } ?? []))
    let labels = y.ticks.map(\.label.count).max() ?? 0
    let left = max(54, 26 + 7.5 * Double(labels))
    let frame = Frame(
      x: Self.runs(upTo: points.map(\.k).max() ?? 1), y: y, left: left, top: 12,
      width: Self.width - left - 40, height: 260)
    var body = frame.axes
    if let limit {
      let place = frame.py(limit)
      body += "<path class=\"limit\" d=\"M\(frame.left) \(place)H\(frame.left + frame.width)\"/>"
    }
    for (place, curve) in curves.enumerated() { body += line(curve, place, in: frame) }
    var down = 12 + frame.height + 58
    if curves.count > 1 {
      for (place, curve) in curves.enumerated() {
        body += """
          <path class="trace s\(place % 10)" d="M\(left) \(down)h22"/>\
          <text x="\(left + 30)" y="\(down + 4)"\(legendFit(curve, from: left))><tspan class="soft">\
          \(place + 1)  </tspan>\(curve.name)</text>
          """
        down += Self.rowHeight
      }
    }
    return Drawing(width: Self.width, height: down, title: title, body: body)
  }

  private func legendFit(_ curve: Curve, from left: Double) -> Markup {
    FittedName.attributes("99  \(curve.name)", in: Self.width - left - 46, size: 12)
  }

  private func line(_ curve: Curve, _ place: Int, in frame: Frame) -> Markup {
    let colour = Markup(stringLiteral: "\(place % 10)")
    let points = curve.points.map { (x: Double($0.k), y: $0.value) }
    var marks: Markup = "<path class=\"trace s\(colour)\" d=\"\(frame.path(points))\"/>"
    for point in curve.points {
      marks += """
        <circle class="d\(colour)" cx="\(frame.px(Double(point.k)))" cy="\(frame.py(point.value))" \
        r="3"><title>\(curve.name), \(point.k) \(point.k == 1 ? "run" : "runs"): \
        \(Axis.label(point.value, decimals: decimals))\(told(point.interval))</title></circle>
        """
    }
    if curves.count > 1, let last = curve.points.last {
      marks += """
        <text class="soft" x="\(frame.px(Double(last.k)) + 7)" \
        y="\(frame.py(last.value) + 4)">\(place + 1)</text>
        """
    }
    return marks
  }

  private func told(_ interval: Interval?) -> String {
    interval.map {
      ", 95 % interval \(Axis.label($0.lower, decimals: decimals)) to "
        + Axis.label($0.upper, decimals: decimals)
    } ?? ""
  }

  /// Logarithmic from ten runs on.
  private static func runs(upTo last: Int) -> Axis {
    let title = "runs of each configuration"
    guard last >= 10 else {
      return Axis(
        title: title, domain: 0.5...(Double(max(1, last)) + 0.5), isLogarithmic: false,
        ticks: (1...max(1, last)).map { Axis.Tick(value: Double($0), label: "\($0)") })
    }
    var ticks: [Axis.Tick] = []
    var decade = 1
    while decade <= last {
      for factor in [1, 2, 5] where decade * factor <= last {
        ticks.append(Axis.Tick(value: Double(decade * factor), label: "\(decade * factor)"))
      }
      decade *= 10
    }
    return Axis(
      title: "\(title) (logarithmic)", domain: 1...Double(last), isLogarithmic: true, ticks: ticks)
  }
}
