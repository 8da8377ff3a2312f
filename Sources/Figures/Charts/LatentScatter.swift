import Tables
package import VAE

/// Var(μ) against the mean of σ² for every latent of every run of one configuration: a used latent
/// lies to the lower right, a collapsed one to the upper left.
package struct LatentScatter {
  let latents: [LatentStatistics]
  let x: Axis
  let y: Axis
  let threshold: Double
  let title: String

  package init(
    latents: [LatentStatistics], x: Axis, y: Axis, threshold: Double, title: String
  ) {
    self.latents = latents
    self.x = x
    self.y = y
    self.threshold = threshold
    self.title = title
  }

  package static func axes(_ all: [LatentStatistics]) -> (x: Axis, y: Axis) {
    (
      .logarithmic("Var(μ) over the test set", over: all.map { max($0.varMu, floor) } + [0.1, 1]),
      .logarithmic("mean σ²", over: all.compactMap(\.meanSigma2) + [0.1, 1])
    )
  }

  /// Below this all variances are alike: a latent whose mean does not move at all has none that a
  /// logarithm could show.
  private static let floor = 1e-8

  /// Latents drawn at the floor, further right than they belong.
  var floored: Int { latents.count { $0.varMu < Self.floor } }

  /// ` 7 with Var(μ) below 10⁻⁸ are drawn at 10⁻⁸.`; empty where there are none.
  package var floorWords: String {
    floored > 0
      ? " \(floored) with Var(μ) below 10⁻⁸ \(floored == 1 ? "is" : "are") drawn there." : ""
  }

  private static let width = 380.0

  package var drawing: Drawing {
    let frame = Frame(x: x, y: y, left: 54, top: 18, width: 310, height: 200)
    var body = frame.axes
    if x.domain.contains(threshold) {
      let place = frame.px(threshold)
      // Half of the label is some 70 pixels wide, and must stay in the picture.
      let anchor: Markup =
        place < 70 ? "start" : place > Self.width - 70 ? "end" : "middle"
      body += """
        <path class="limit" d="M\(place) \(frame.top)V\(frame.top + frame.height)"/>\
        <text class="limittext" x="\(place)" y="12" text-anchor="\(anchor)">collapsed below \
        \(Cell.number(threshold).shown())</text>
        """
    }
    var used: [RunDots.Dot] = []
    var crosses: [(x: Double, y: Double)] = []
    for latent in latents {
      guard let sigma = latent.meanSigma2, sigma > 0, latent.varMu.isFinite else { continue }
      let (across, down) = (frame.px(max(latent.varMu, Self.floor)), frame.py(sigma))
      // A cross, so that colour is not all that tells them apart.
      if latent.varMu < threshold {
        crosses.append((x: across - 3, y: down - 3))
      } else {
        used.append(
          RunDots.Dot(
            x: across, y: down, words: "Var(μ) \(latent.varMu.figure), σ² \(sigma.figure)"))
      }
    }
    body += RunDots.marks(used, radius: 3)
    if !crosses.isEmpty {
      // Each goes back to where it began, from where the next one is reckoned.
      body += "<path class=\"cross\" d=\"\(RunDots.points(crosses, mark: "l6 6m0-6l-6 6m0-6"))\"/>"
    }
    return Drawing(width: Self.width, height: 264, title: title, body: body)
  }
}
