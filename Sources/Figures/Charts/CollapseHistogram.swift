package import Study

/// How many runs of one configuration have how many collapsed latents.
package struct CollapseHistogram {
  let summary: CollapseSummary
  let latentDim: Int
  /// Runs of the tallest bar among the charts that stand together.
  let tallest: Int
  let title: String

  package init(summary: CollapseSummary, latentDim: Int, tallest: Int, title: String) {
    self.summary = summary
    self.latentDim = latentDim
    self.tallest = tallest
    self.title = title
  }

  package var drawing: Drawing {
    // Beyond sixteen latents only the numbers that occur, and their neighbours, have a place.
    let counts = summary.bars.map(\.collapsed)
    let first = latentDim <= 16 ? 0 : max(0, (counts.min() ?? 0) - 1)
    let last = latentDim <= 16 ? latentDim : min(latentDim, (counts.max() ?? 0) + 1)
    let every = max(1, (last - first) / 12)
    let x = Axis(
      title: "collapsed latents in a run (of \(latentDim))",
      domain: (Double(first) - 0.6)...(Double(last) + 0.6), isLogarithmic: false,
      ticks: stride(from: first, through: last, by: every).map {
        Axis.Tick(value: Double($0), label: "\($0)")
      })
    let step = max(1, Int(Axis.step(for: Double(max(1, tallest)) / 4).rounded()))
    let top = max(step, (tallest + step - 1) / step * step)
    let y = Axis(
      title: "runs", domain: 0...(Double(top) * 1.08), isLogarithmic: false,
      ticks: stride(from: 0, through: top, by: step).map {
        Axis.Tick(value: Double($0), label: "\($0)")
      })
    let frame = Frame(x: x, y: y, left: 46, top: 10, width: 318, height: 150)
    var body = frame.axes
    let unit = frame.width / (Double(last - first) + 1.2)
    let thickness = min(40, unit * 0.7)
    for bar in summary.bars {
      let (place, high) = (frame.px(Double(bar.collapsed)), frame.py(Double(bar.runs)))
      body += """
        <rect class="bar" x="\(place - thickness / 2)" y="\(high)" width="\(thickness)" \
        height="\(frame.py(0) - high)"/>\
        <text x="\(place)" y="\(high - 4)" text-anchor="middle">\(bar.runs)</text>
        """
    }
    return Drawing(width: 380, height: 206, title: title, body: body)
  }
}
