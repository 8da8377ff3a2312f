package import Sweep

/// A trajectory as the page plays it: circles over the paths they have come, at the last snapshot
/// until the script moves them.
package struct TrajectoryPlot {
  let trajectory: Trajectory
  /// Plots that stand side by side share it.
  let extent: Double
  let title: String

  package init(trajectory: Trajectory, extent: Double, title: String) {
    self.trajectory = trajectory
    self.extent = extent
    self.title = title
  }

  static let size = 440.0

  package static func extent(_ all: [Trajectory]) -> Double {
    max(1, ((all.map(\.extent).max() ?? 1) * 1.03 * 2).rounded(.up) / 2)
  }

  private var axis: Axis { .linear("", domain: -extent...extent, ticks: 8) }

  private var frame: Frame {
    let title = "(standard deviations of the prior)"
    return Frame(
      x: Axis(title: "z₁ \(title)", domain: axis.domain, isLogarithmic: false, ticks: axis.ticks),
      y: Axis(title: "z₂ \(title)", domain: axis.domain, isLogarithmic: false, ticks: axis.ticks),
      left: 54, top: 10, width: Self.size, height: Self.size)
  }

  package var drawing: Drawing {
    let frame = frame
    let last = trajectory.steps.count - 1
    let unit = Self.size / (2 * extent)
    var body = frame.axes
    for image in trajectory.labels.indices {
      let colour = DigitLabels.colour(of: Int(trajectory.labels[image]))
      let path = frame.path(trajectory.steps.indices.map { trajectory.position($0, image) })
      body += "<path class=\"trail s\(colour)\" d=\"\(path)\"/>"
    }
    for image in trajectory.labels.indices {
      let colour = DigitLabels.colour(of: Int(trajectory.labels[image]))
      let place = trajectory.position(last, image)
      body += """
        <circle class="ring d\(colour) s\(colour)" cx="\(frame.px(place.x))" \
        cy="\(frame.py(place.y))" r="\(trajectory.radius(last, image) * unit)"/>
        """
    }
    for digit in DigitLabels.classes(of: trajectory.labels) {
      guard let centre = trajectory.centre(last, digit: digit) else { continue }
      body += """
        <text class="halo" font-size="15" data-digit="\(digit)" x="\(frame.px(centre.x))" \
        y="\(frame.py(centre.y) + 5)" text-anchor="middle">\(digit)</text>
        """
    }
    let legend = DigitLabels.legend(
      x: Self.size + 66, top: 20, of: trajectory.labels, trajectory.labelKind)
    body += "<g class=\"legend\">\(legend)</g>"
    let excess = trajectory.labelKind.legendExcess(of: trajectory.labels)
    return Drawing(
      width: Self.size + 86 + excess, height: Self.size + 56, title: title, body: body)
  }

  /// What the script moves: pixels of the plot, snapshot by snapshot.
  package var data: JSONValue {
    let frame = frame
    let unit = Self.size / (2 * extent)
    func rounded(_ value: Double) -> JSONValue { JSONValue((value * 10).rounded() / 10) }
    let snapshots = trajectory.steps.indices.map { snapshot in
      JSONValue.array(
        trajectory.labels.indices.flatMap { image -> [JSONValue] in
          let place = trajectory.position(snapshot, image)
          return [
            rounded(frame.px(place.x)), rounded(frame.py(place.y)),
            rounded(trajectory.radius(snapshot, image) * unit),
          ]
        })
    }
    return [
      "labels": .array(trajectory.labels.map { .int(Int($0)) }),
      "words": .array(trajectory.steps.indices.map { .string(trajectory.words($0)) }),
      "snapshots": .array(snapshots),
    ]
  }

  /// The same as an animation for any program: light ground, a fifth of a second per snapshot.
  package func animation() throws(FigureError) -> [UInt8] {
    let palette = Palette(
      ground: RGB(hex: Colour.paper.light),
      inks: (0..<10).map { RGB(hex: Colour.digit($0).light) } + [RGB(hex: Colour.ink.light)])
    let last = trajectory.steps.count - 1
    var frames: [IndexedImage] = []
    var ground = backdrop
    for snapshot in trajectory.steps.indices {
      if snapshot > 0 { trail(to: snapshot, on: &ground) }
      frames.append(
        picture(snapshot, ground).indexed(palette, delay: snapshot == last ? 200 : 20))
    }
    return try GIF.encode(frames, palette: palette.colours)
  }

  private static let margin = 34.0
  private static let side = 480.0

  private func pixel(_ place: (x: Double, y: Double)) -> (Double, Double) {
    let size = Self.side - 2 * Self.margin
    return (
      Self.margin + size * axis.position(place.x), Self.margin + size * (1 - axis.position(place.y))
    )
  }

  /// Axes and their labels.
  private var backdrop: Canvas {
    let ink = RGB(hex: Colour.ink.light)
    var canvas = Canvas(
      width: Int(Self.side), height: Int(Self.side), ground: RGB(hex: Colour.paper.light))
    let (low, high) = (Self.margin, Self.side - Self.margin)
    for tick in axis.ticks {
      let (across, down) = pixel((tick.value, tick.value))
      canvas.line(from: (across, low), to: (across, high), ink, 0.13)
      canvas.line(from: (low, down), to: (high, down), ink, 0.13)
      let label = tick.label.replacing("−", with: "-")
      let width = label.count * (PixelFont.width + 1)
      canvas.text(label, x: Int(across) - width / 2, y: Int(high) + 6, ink)
      canvas.text(label, x: Int(low) - width - 5, y: Int(down) - 3, ink)
    }
    canvas.line(from: (low, high), to: (high, high), ink, 0.6)
    canvas.line(from: (low, low), to: (low, high), ink, 0.6)
    canvas.text("z1", x: Int(high) - 8, y: Int(high) + 20, ink)
    canvas.text("z2", x: 6, y: Int(low) - 14, ink)
    return canvas
  }

  private func trail(to snapshot: Int, on canvas: inout Canvas) {
    for image in trajectory.labels.indices {
      canvas.line(
        from: pixel(trajectory.position(snapshot - 1, image)),
        to: pixel(trajectory.position(snapshot, image)),
        RGB(hex: Colour.digit(Int(trajectory.labels[image])).light), 0.4)
    }
  }

  private func picture(_ snapshot: Int, _ ground: Canvas) -> Canvas {
    let ink = RGB(hex: Colour.ink.light)
    var canvas = ground
    let unit = (Self.side - 2 * Self.margin) / (2 * extent)
    for image in trajectory.labels.indices {
      let place = pixel(trajectory.position(snapshot, image))
      canvas.disc(
        x: place.0, y: place.1, radius: trajectory.radius(snapshot, image) * unit,
        RGB(hex: Colour.digit(Int(trajectory.labels[image])).light))
    }
    for digit in DigitLabels.classes(of: trajectory.labels) {
      guard let centre = trajectory.centre(snapshot, digit: digit) else { continue }
      let place = pixel(centre)
      guard place.0.isFinite, place.1.isFinite, abs(place.0) < 10_000, abs(place.1) < 10_000
      else { continue }
      canvas.text("\(digit)", x: Int(place.0) - 5, y: Int(place.1) - 7, ink, scale: 2)
    }
    canvas.text(
      trajectory.words(snapshot).replacing(",", with: ""), x: Int(Self.margin) + 8, y: 10, ink,
      scale: 2)
    return canvas
  }
}
