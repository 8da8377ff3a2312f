import Figures
import Sweep

/// What the page's measures are, and which way is better: a reader of a verdict on `coverage` must know
/// that less of it is more.
enum Glossary {
  /// Measures that are explained together, in the order of a run.
  static let terms: [(metrics: [Metric], words: Markup)] = [
    (
      [.testTotalLast5, .testTotal, .testReconstruction, .testKL, .testReconstructionAtMean],
      """
      Losses over the test set in nats per image; lower is better. \
      <code>test_reconstruction_at_mean</code> is the reconstruction loss at z = μ, with sampling and \
      without.
      """
    ),
    (
      [.trainTotal],
      "The same total over the training set after the last epoch; lower is better."
    ),
    (
      [.coverage, .coverageWhitened],
      """
      Energy distance of aggregate codes (one draw of z for each image) to draws from N(0, I): 0 where \
      they are alike, so that <b>lower is better</b>, against what the word suggests. Whitened: after \
      the codes are brought to mean 0 and unit covariance, what is left is their shape alone.
      """
    ),
    (
      [.generationDensity, .generationDensityFitted],
      """
      Density of decoded draws about the test images: how far what is generated lies where images lie; \
      higher is better, 1 where both are distributed alike, and above 1 where draws crowd in the thick \
      of the images.
      """
    ),
    (
      [.generationCoverage, .generationCoverageFitted],
      """
      Share of the test images that have a decoded draw near by, from 0 to 1: how much of the variety \
      of images is generated; higher is better. The ending <code>_fitted</code> marks draws from a \
      Gaussian fitted to the training codes instead of N(0, I), without sampling only.
      """
    ),
    (
      [.radiusStart, .radiusAfter5, .radiusRatio],
      """
      Median over the test images of r = (Πⱼ σⱼ²)<sup>1/2d</sup>, the mean radius of a code’s cloud, \
      before the first step and after five epochs, and the second over the first; with sampling only. \
      Neither way is better: a ratio far below 1 says that clouds shrank.
      """
    ),
    (
      [.codeMeanLargest],
      """
      The largest distance of a latent’s mean over the test set from zero; nearer to 0 is closer to \
      the prior.
      """
    ),
    (
      [.codeVarianceSmallest, .codeVarianceLargest],
      """
      The smallest and the largest variance of a latent’s aggregate posterior (Var(μ) plus, with \
      sampling, the mean of σ²); nearer to 1 is closer to the prior.
      """
    ),
  ]

  static var list: Markup {
    var list: Markup = "<dl class=\"glossary\">\n"
    for term in terms {
      var names = Markup()
      for (place, metric) in term.metrics.enumerated() {
        names +=
          place > 0 ? ",<br><code>\(metric.rawValue)</code>" : "<code>\(metric.rawValue)</code>"
      }
      list += "<dt>\(names)</dt><dd>\(term.words)</dd>\n"
    }
    return list + "</dl>\n"
  }
}
