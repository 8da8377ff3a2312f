import Tables

/// Two latents: the codes of the test images, coloured by class.
///
/// With sampling the area of a dot is proportional to √(σ₁² σ₂²), on one scale for all plots that
/// stand side by side; without it all dots are alike.
package struct CodesPlot {
  let codes: Codes
  let scale: CodesScale
  let labels: LabelKind
  let title: String

  package init(codes: Codes, scale: CodesScale, labels: LabelKind, title: String) {
    self.labels = labels
    self.codes = codes
    self.scale = scale
    self.title = title
  }

  static let size = 440.0

  package var drawing: Drawing {
    let frame = Frame(
      x: scale.axis("z₁ (standard deviations of the prior)"),
      y: scale.axis("z₂ (standard deviations of the prior)"), left: 54, top: 30,
      width: Self.size, height: Self.size)
    var body = frame.axes + key
    for image in 0..<codes.count {
      let radius = codes.meanVariance(image).map(scale.radius) ?? 1.7
      let colour = DigitLabels.colour(of: Int(codes.labels[image]))
      body += """
        <circle class="code d\(colour)" cx="\(frame.px(codes.code(image, 0)))" \
        cy="\(frame.py(codes.code(image, 1)))" r="\(radius)"/>
        """
    }
    body += DigitLabels.labels(
      codes.centres.map { ($0.digit, frame.px($0.centre[0]), frame.py($0.centre[1])) })
    body += DigitLabels.legend(x: Self.size + 66, top: 40, of: codes.labels, labels)
    return Drawing(
      width: Self.size + 86 + labels.legendExcess(of: codes.labels), height: Self.size + 76,
      title: title, body: body)
  }

  /// What the size of a dot means.
  private var key: Markup {
    guard codes.sigma2 != nil else {
      return
        "<text class=\"soft\" x=\"54\" y=\"18\">dots of one size: no variance without sampling</text>"
    }
    var marks: Markup = "<text class=\"soft\" x=\"54\" y=\"18\">dot area ∝ √(σ₁²σ₂²):</text>"
    var place = 190.0
    for value in scale.keys {
      let radius = scale.radius(value)
      place += radius
      marks += """
        <circle class="key" cx="\(place)" cy="14" r="\(radius)"/>\
        <text class="soft" x="\(place + radius + 5)" y="18">\(Cell.number(value).shown())</text>
        """
      place += radius + 62
    }
    return marks
  }
}

/// What plots of codes that stand side by side share: their axes, and the scale of their dots.
package struct CodesScale {
  /// Both axes go from −`extent` to `extent`.
  let extent: Double
  /// Pixels of a dot's radius for a mean variance of 1.
  private let unit: Double
  /// Mean variances that the key shows.
  let keys: [Double]

  package init(_ all: [Codes]) {
    let reach = all.map(\.extent).max() ?? 1
    extent = max(1, (reach * 1.04 * 2).rounded(.up) / 2)
    let variances = all.flatMap { codes in
      (0..<codes.count).compactMap { codes.meanVariance($0) }
    }.filter { $0 > 0 }.sorted()
    guard let last = variances.last else {
      unit = 1
      keys = []
      return
    }
    let high = variances[min(variances.count - 1, variances.count * 9 / 10)]
    unit = 4 / max(high, last / 100, .leastNormalMagnitude).squareRoot()
    var keys: [Double] = []
    for share in [0.05, 0.5, 0.95] {
      let value = variances[Int(Double(variances.count - 1) * share)]
      let rounded = Axis.step(for: value)
      if !keys.contains(rounded) { keys.append(rounded) }
    }
    self.keys = keys
  }

  func radius(_ variance: Double) -> Double { unit * variance.squareRoot() }

  func axis(_ title: String) -> Axis { .linear(title, domain: -extent...extent, ticks: 8) }
}
