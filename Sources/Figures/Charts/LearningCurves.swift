import Tables

/// The test loss of every run of one configuration over its epochs: a faint line for each seed, the
/// median, and a band from the 10 % to the 90 % quantile of the seeds.
package struct LearningCurves {
  /// Of each run, epoch by epoch.
  package let curves: [[Double]]
  let x: Axis
  let y: Axis
  let title: String

  package init(curves: [[Double]], x: Axis, y: Axis, title: String) {
    self.curves = curves
    self.x = x
    self.y = y
    self.title = title
  }

  /// More lines than these are not told apart: every so many is drawn.
  package static let maxLines = 60
  /// Points along a line, at the most.
  private static let maxPoints = 90

  /// From the smallest loss to the largest 90 % quantile of any configuration at any epoch: no band
  /// and no median leaves the picture, and one bad run does not flatten all the others.
  ///
  /// - Parameter configurations: Of each, the curves of its runs.
  package static func axis(_ configurations: [[[Double]]]) -> Axis {
    let tops = configurations.flatMap { curves in
      (1...max(1, curves.map(\.count).max() ?? 1)).map { quantile(0.9, of: curves, epoch: $0) }
    }
    let low = configurations.joined().compactMap { $0.filter(\.isFinite).min() }.min() ?? 0
    let top = tops.filter(\.isFinite).max() ?? 1
    return .linear("test loss (nats per image)", over: [low, max(top, low)], ticks: 5)
  }

  /// Runs of which some epoch lies above the picture.
  package var leaving: Int {
    curves.count { $0.contains { $0.isFinite && $0 > y.domain.upperBound } }
  }

  /// The largest loss of any epoch.
  package var largest: Double? { curves.joined().filter(\.isFinite).max() }

  package var drawing: Drawing {
    let frame = frame
    let epochs = Self.shownEpochs(curves.map(\.count).max() ?? 0, logarithmic: x.isLogarithmic)
    var body = frame.axes
    func quantiles(_ share: Double) -> [(x: Double, y: Double)] {
      epochs.map { (x: Double($0), y: Self.quantile(share, of: curves, epoch: $0)) }
        .filter(\.y.isFinite)
    }
    if curves.count > 1 {
      let (lower, upper) = (quantiles(0.1), quantiles(0.9))
      if lower.count > 1 {
        body += "<path class=\"band\" d=\"\(frame.path(lower + upper.reversed()))Z\"/>"
      }
    }
    let every = max(1, (curves.count + Self.maxLines - 1) / Self.maxLines)
    for place in stride(from: 0, to: curves.count, by: every) {
      body += line(curves[place], epochs, in: frame)
    }
    let middle = quantiles(0.5)
    if middle.count > 1 { body += "<path class=\"mean\" d=\"\(frame.path(middle))\"/>" }
    if let last = middle.last {
      let (across, down) = (frame.px(last.x), frame.py(last.y))
      // A single epoch makes no line.
      if middle.count == 1 {
        body += "<circle class=\"dot\" cx=\"\(across)\" cy=\"\(down)\" r=\"4\"/>"
      }
      body += """
        <text class="halo" x="\(across - 4)" y="\(down - 8)" \
        text-anchor="end">\(last.y.shown(decimals: 1))</text>
        """
    }
    return Drawing(width: Self.width, height: 256, title: title, body: body)
  }

  private static let width = 380.0

  /// Wide enough on the left that the title of the axis is clear of the longest label of a tick.
  private var frame: Frame {
    let longest = y.ticks.map(\.label.count).max() ?? 0
    let left = max(54, 26 + 7.5 * Double(longest))
    return Frame(
      x: x, y: y, left: left, top: 12, width: Self.width - 16 - left, height: 200)
  }

  /// One run: cut off where it leaves the picture, and marked there; a point where it is but one.
  private func line(_ curve: [Double], _ epochs: [Int], in frame: Frame) -> Markup {
    let points = epochs.filter { $0 <= curve.count && curve[$0 - 1].isFinite }.map {
      (x: frame.px(Double($0)), y: frame.py(curve[$0 - 1]))
    }
    if points.count == 1, let only = points.first, only.y >= frame.top {
      return "<circle class=\"run\" cx=\"\(only.x)\" cy=\"\(only.y)\" r=\"3\"/>"
    }
    let cut = CutLine(points, above: frame.top)
    var marks = Markup()
    if !cut.path.isEmpty { marks += "<path class=\"line\" d=\"\(cut.path)\"/>" }
    for place in cut.leaves {
      marks += "<path class=\"leaves\" d=\"M\(place - 3) \(frame.top - 2)h6l-3 -6z\"/>"
    }
    return marks
  }

  /// Linear interpolation between the order statistics of the seeds at one epoch.
  private static func quantile(_ share: Double, of curves: [[Double]], epoch: Int) -> Double {
    let values = curves.compactMap { epoch <= $0.count ? $0[epoch - 1] : nil }
      .filter(\.isFinite).sorted()
    guard let first = values.first else { return .nan }
    let place = share * Double(values.count - 1)
    let index = Int(place)
    guard index + 1 < values.count else { return values.last ?? first }
    return values[index] + (values[index + 1] - values[index]) * (place - Double(index))
  }

  private static func shownEpochs(_ last: Int, logarithmic: Bool) -> [Int] {
    guard last > maxPoints else { return last > 0 ? Array(1...last) : [] }
    let axis = Axis(title: "", domain: 1...Double(last), isLogarithmic: logarithmic, ticks: [])
    var shown: [Int] = []
    for epoch in 1...last {
      let place = axis.position(Double(epoch)) * Double(maxPoints)
      let before = axis.position(Double(epoch - 1)) * Double(maxPoints)
      if epoch == 1 || epoch == last || Int(place) > Int(max(0, before)) { shown.append(epoch) }
    }
    return shown
  }
}

/// A line in pixels, cut off at the upper edge of a picture.
///
/// Not a clip path: its id would have to be unique in the page. Not moved to the edge either: that
/// would draw values that no run had.
struct CutLine {
  private(set) var path = Markup()
  /// Where along the edge the line leaves the picture, or lies beyond it from the first point on.
  private(set) var leaves: [Double] = []

  init(_ points: [(x: Double, y: Double)], above top: Double) {
    for (place, point) in points.enumerated() {
      let isHere = point.y >= top
      guard place > 0 else {
        if isHere { path += "M\(point.x) \(point.y)" } else { leaves.append(point.x) }
        continue
      }
      let before = points[place - 1]
      let wasHere = before.y >= top
      // Where the piece that ends here meets the edge, of use where it crosses it.
      let crossing = before.x + (point.x - before.x) * (top - before.y) / (point.y - before.y)
      if isHere {
        if !wasHere { path += "M\(crossing) \(top)" }
        path += "L\(point.x) \(point.y)"
      } else if wasHere {
        path += "L\(crossing) \(top)"
        leaves.append(crossing)
      }
    }
  }
}
