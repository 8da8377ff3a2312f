import VAE

/// Var(μ) against the mean of σ² for every latent of every run of one configuration: a used latent
/// lies to the lower right, a collapsed one to the upper left.
struct LatentScatter {
  let latents: [LatentStatistics]
  let x: Axis
  let y: Axis
  let threshold: Double
  let title: String

  static func axes(_ all: [LatentStatistics]) -> (x: Axis, y: Axis) {
    (
      .logarithmic("Var(μ) over the test set", over: all.map { max($0.varMu, floor) } + [0.1, 1]),
      .logarithmic("mean σ²", over: all.compactMap(\.meanSigma2) + [0.1, 1])
    )
  }

  /// Below this all variances are alike.
  private static let floor = 1e-8

  var drawing: Drawing {
    let frame = Frame(x: x, y: y, left: 54, top: 18, width: 310, height: 200)
    var body = frame.axes
    if x.domain.contains(threshold) {
      let place = frame.px(threshold)
      body += """
        <path class="limit" d="M\(place) \(frame.top)V\(frame.top + frame.height)"/>\
        <text class="limittext" x="\(place)" y="12" text-anchor="middle">collapsed below \
        \(Cell.number(threshold).shown())</text>
        """
    }
    for latent in latents {
      guard let sigma = latent.meanSigma2, sigma > 0, latent.varMu.isFinite else { continue }
      let (across, down) = (frame.px(max(latent.varMu, Self.floor)), frame.py(sigma))
      if latent.varMu < threshold {
        // A cross, so that colour is not all that tells them apart.
        body += """
          <path class="cross" d="M\(across - 3) \(down - 3)l6 6m0 -6l-6 6"/>
          """
      } else {
        body += "<circle class=\"run\" cx=\"\(across)\" cy=\"\(down)\" r=\"3\"/>"
      }
    }
    return Drawing(width: 380, height: 264, title: title, body: body)
  }
}
