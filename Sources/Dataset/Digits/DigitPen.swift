import Compute

/// A piece of a stroke: a line of ink, round at its ends.
struct InkSegment {
  var from: DigitPoint
  var to: DigitPoint
  /// Half the width of the stroke here, in pixels.
  var radius: Double
}

/// How one image's writer bends a glyph: jittered control points, a smooth warp, then slant,
/// rotation and proportions, and the fit into the 20 × 20 pixels in the middle of the image, centred
/// by mass, as MNIST does it.
struct DigitPen {
  private var random: DigitRandom
  /// Two sine waves per axis: (across x, across y, phase, amplitude).
  private var waves: [SIMD4<Double>] = []

  /// Lines per span between two control points.
  private static let linesPerSpan = 6

  init(random: DigitRandom) { self.random = random }

  /// Draws a label, and the ink of an image that shows it.
  mutating func write(into segments: inout [InkSegment]) -> UInt8 {
    let label = random.below(10)
    let glyphs = DigitGlyph.all[label]
    let glyph = glyphs[random.below(glyphs.count)]

    let points = glyph.points.map { point in
      DigitPoint(x: point.x + 0.036 * random.bell(), y: point.y + 0.036 * random.bell())
    }
    waves = (0..<4).map { _ in
      SIMD4(
        random.uniform(-5, 5), random.uniform(-5, 5), random.uniform(0, 6.25),
        random.uniform(0, 0.045))
    }
    segments.removeAll(keepingCapacity: true)
    let radius = 0.85 + 0.75 * random.uniform() * random.uniform() + 0.45 * random.uniform()
    for stroke in glyph.strokes {
      appendStroke(stroke.map { points[$0] }, radius: radius, to: &segments)
    }
    deform(&segments)
    fit(&segments)
    return UInt8(label)
  }

  /// A Catmull–Rom curve through `points`, as short lines whose width drifts from end to end.
  private mutating func appendStroke(
    _ points: [DigitPoint], radius: Double, to segments: inout [InkSegment]
  ) {
    let start = radius * (1 + 0.12 * random.bell())
    let end = radius * (1 + 0.12 * random.bell())
    let spans = points.count - 1
    let lines = spans * Self.linesPerSpan
    var previous = points[0]
    for line in 1...lines {
      let span = (line - 1) / Self.linesPerSpan
      let t = Double(line - span * Self.linesPerSpan) / Double(Self.linesPerSpan)
      let next = curve(
        points[max(span - 1, 0)], points[span], points[span + 1], points[min(span + 2, spans)], t)
      let along = Double(line) / Double(lines)
      segments.append(
        InkSegment(from: previous, to: next, radius: max(0.6, start + (end - start) * along)))
      previous = next
    }
  }

  private mutating func deform(_ segments: inout [InkSegment]) {
    let angle = 0.1 * random.bell()
    let slant = 0.16 + 0.2 * random.bell()
    let width = min(max(0.84 + 0.13 * random.bell(), 0.45), 1.15)
    let cosine = Scalar.cos(angle)
    let sine = Scalar.sin(angle)
    for index in segments.indices {
      segments[index].from = moved(segments[index].from)
      segments[index].to = moved(segments[index].to)
    }
    func moved(_ point: DigitPoint) -> DigitPoint {
      let warped = warp(point)
      let x = (warped.x - 0.5) * width - slant * (warped.y - 0.5)
      let y = warped.y - 0.5
      return DigitPoint(x: cosine * x - sine * y, y: sine * x + cosine * y)
    }
  }

  private func warp(_ point: DigitPoint) -> DigitPoint {
    func offset(_ wave: SIMD4<Double>) -> Double {
      wave.w * Scalar.sin(wave.x * point.x + wave.y * point.y + wave.z)
    }
    return DigitPoint(
      x: point.x + offset(waves[0]) + offset(waves[1]),
      y: point.y + offset(waves[2]) + offset(waves[3]))
  }

  /// Scales the ink so that it just fills 20 pixels, stroke and all, and puts its centre of mass,
  /// as far as the image's edge allows, into the middle of the image.
  private mutating func fit(_ segments: inout [InkSegment]) {
    var low = segments[0].from
    var high = low
    var mass = 0.0
    var center = DigitPoint(x: 0, y: 0)
    var radius = 0.0
    for segment in segments {
      for point in [segment.from, segment.to] {
        low = DigitPoint(x: min(low.x, point.x), y: min(low.y, point.y))
        high = DigitPoint(x: max(high.x, point.x), y: max(high.y, point.y))
      }
      let dx = segment.to.x - segment.from.x
      let dy = segment.to.y - segment.from.y
      let weight = Scalar.sqrt(dx * dx + dy * dy) * segment.radius
      mass += weight
      center.x += weight * (segment.from.x + segment.to.x) / 2
      center.y += weight * (segment.from.y + segment.to.y) / 2
      radius = max(radius, segment.radius)
    }
    center = DigitPoint(x: center.x / mass, y: center.y / mass)
    let margin = radius + 0.4
    let scale =
      (20 * (1 - 0.04 * random.uniform()) - 2 * margin) / max(high.x - low.x, high.y - low.y)

    func shift(_ low: Double, _ center: Double, _ high: Double) -> Double {
      let wanted = 14 - scale * center
      return min(max(wanted, margin - scale * low), 28 - margin - scale * high)
    }
    let x = shift(low.x, center.x, high.x)
    let y = shift(low.y, center.y, high.y)
    for index in segments.indices {
      segments[index].from.x = segments[index].from.x * scale + x
      segments[index].from.y = segments[index].from.y * scale + y
      segments[index].to.x = segments[index].to.x * scale + x
      segments[index].to.y = segments[index].to.y * scale + y
    }
  }
}

/// The Catmull–Rom curve from `b` to `c`, at `t` from 0 to 1, with neighbours `a` and `d`.
private func curve(
  _ a: DigitPoint, _ b: DigitPoint, _ c: DigitPoint, _ d: DigitPoint, _ t: Double
) -> DigitPoint {
  func axis(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double {
    let linear = (c - a) * t
    let square = (2 * a - 5 * b + 4 * c - d) * (t * t)
    let cube = (3 * b - a - 3 * c + d) * (t * t * t)
    return b + (linear + square + cube) / 2
  }
  return DigitPoint(x: axis(a.x, b.x, c.x, d.x), y: axis(a.y, b.y, c.y, d.y))
}
