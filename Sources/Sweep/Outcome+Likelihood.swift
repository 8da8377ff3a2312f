package import VAE

extension Outcome {
  /// The outcome with the measures of its run's likelihood, which no result digest covers.
  ///
  /// On grey pixels, and with the squared error, the loss is no likelihood, and the bound has another name.
  package func adding(_ likelihood: Likelihood) -> Outcome {
    guard case .completed(var final) = result.ending else { return self }
    let isLikelihood = point.configuration.hasLikelihood
    final.study[isLikelihood ? .nll : .importanceBound] = likelihood.bound
    final.study[isLikelihood ? .nllError : .importanceBoundError] = likelihood.boundError
    final.study[.mutualInformation] = likelihood.mutualInformation
    final.study[.likelihoodDraws] = Double(likelihood.draws)
    final.study[.likelihoodImages] = Double(likelihood.images)
    return Outcome(
      key: key, point: point,
      result: TrainingResult(history: result.history, ending: .completed(final)),
      resultVersion: resultVersion)
  }
}

extension Configuration {
  /// Whether the loss is a negative log likelihood of the pixels: Bernoulli, and pixels of 0 and 1.
  package var hasLikelihood: Bool { loss == .bce && binarization != .none }
}
