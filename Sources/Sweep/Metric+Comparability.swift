package import VAE

/// Why two configurations can't be compared by a metric.
package struct NotComparable: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  package init(description: String) { self.description = description }
}

extension Metric {
  /// Throws where the metric means different things in the two configurations.
  package func requireComparable(
    _ first: Configuration, _ second: Configuration
  ) throws(NotComparable) {
    // Codes and images, not losses: neither sampling nor the loss changes what they mean.
    guard isLoss else { return }
    let other = Metric.testReconstructionAtMean
    guard first.loss == second.loss else {
      throw NotComparable(
        description: "\(rawValue) with loss bce and with loss mse is not comparable: the two are "
          + "different measures of error")
    }
    guard first.binarization == second.binarization else {
      throw NotComparable(
        description: "\(rawValue) under different values of binarize is not comparable: the images "
          + "that are to be reconstructed are others")
    }
    guard self != other else { return }
    guard first.sampling == second.sampling else {
      throw NotComparable(
        description: "\(rawValue) with and without sampling is not comparable: with sampling it is "
          + "taken at a random code and its KL term counts the variances too, without it at the "
          + "mean code with a quadratic penalty; compare \(other.rawValue), which is the error at "
          + "the mean code in both (--metric \(other.rawValue))")
    }
    let isTotal = [.testTotalLast5, .testTotal, .trainTotal].contains(self)
    guard !isTotal || first.klWeight == second.klWeight else {
      throw NotComparable(
        description: "\(rawValue) under different values of kl_weight is not comparable: each "
          + "weighs its KL term differently; compare test_reconstruction, test_kl or "
          + other.rawValue)
    }
  }
}
