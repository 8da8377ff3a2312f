/// The test loss of every run of one configuration over its epochs: a faint line for each seed, the
/// median, and a band from the 10 % to the 90 % quantile of the seeds.
struct LearningCurves {
  /// Of each run, epoch by epoch.
  let curves: [[Double]]
  let x: Axis
  let y: Axis
  let title: String

  /// More lines than these are not told apart: every so many is drawn.
  static let mostLines = 60
  /// Points along a line, at the most.
  private static let mostPoints = 90

  /// From the smallest loss to the middle of the losses after the first epoch, so that one bad start
  /// does not flatten all curves.
  static func axis(_ all: [[Double]]) -> Axis {
    let first = all.compactMap(\.first).filter(\.isFinite).sorted()
    let top = first.isEmpty ? 1 : first[first.count / 2]
    let low = all.compactMap { $0.filter(\.isFinite).min() }.min() ?? 0
    return .linear("test loss (nats per image)", over: [low, max(top, low)], ticks: 5)
  }

  var drawing: Drawing {
    let frame = Frame(x: x, y: y, left: 54, top: 10, width: 310, height: 200)
    let epochs = Self.shownEpochs(curves.map(\.count).max() ?? 0, logarithmic: x.isLogarithmic)
    var body = frame.axes
    // Not a clip path: its id would have to be unique in the page.
    func clamped(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
      points.filter { $0.y.isFinite }.map {
        (x: $0.x, y: min(max($0.y, y.domain.lowerBound), y.domain.upperBound))
      }
    }
    if curves.count > 1 {
      let lower = clamped(epochs.map { (x: Double($0), y: quantile(0.1, epoch: $0)) })
      let upper = clamped(epochs.map { (x: Double($0), y: quantile(0.9, epoch: $0)) })
      if lower.count > 1 {
        body += "<path class=\"band\" d=\"\(frame.path(lower + upper.reversed()))Z\"/>"
      }
    }
    let every = max(1, (curves.count + Self.mostLines - 1) / Self.mostLines)
    for place in stride(from: 0, to: curves.count, by: every) {
      let curve = curves[place]
      let points = clamped(
        epochs.filter { $0 <= curve.count }.map { (x: Double($0), y: curve[$0 - 1]) })
      body += "<path class=\"line\" d=\"\(frame.path(points))\"/>"
    }
    let middle = clamped(epochs.map { (x: Double($0), y: quantile(0.5, epoch: $0)) })
    body += "<path class=\"mean\" d=\"\(frame.path(middle))\"/>"
    if let last = middle.last, let end = epochs.last, curves.count > 0 {
      let told = quantile(0.5, epoch: end).shown(decimals: 1)
      body += """
        <text class="halo" x="\(frame.px(last.x) - 4)" y="\(frame.py(last.y) - 8)" \
        text-anchor="end">\(told)</text>
        """
    }
    return Drawing(width: 380, height: 256, title: title, body: body)
  }

  /// Linear interpolation between the order statistics of the seeds at one epoch.
  private func quantile(_ share: Double, epoch: Int) -> Double {
    let values = curves.compactMap { epoch <= $0.count ? $0[epoch - 1] : nil }
      .filter(\.isFinite).sorted()
    guard let first = values.first else { return .nan }
    let place = share * Double(values.count - 1)
    let index = Int(place)
    guard index + 1 < values.count else { return values.last ?? first }
    return values[index] + (values[index + 1] - values[index]) * (place - Double(index))
  }

  private static func shownEpochs(_ last: Int, logarithmic: Bool) -> [Int] {
    guard last > mostPoints else { return last > 0 ? Array(1...last) : [] }
    let axis = Axis(title: "", domain: 1...Double(last), isLogarithmic: logarithmic, ticks: [])
    var shown: [Int] = []
    for epoch in 1...last {
      let place = axis.position(Double(epoch)) * Double(mostPoints)
      let before = axis.position(Double(epoch - 1)) * Double(mostPoints)
      if epoch == 1 || epoch == last || Int(place) > Int(max(0, before)) { shown.append(epoch) }
    }
    return shown
  }
}
