internal import Dataset

extension Trainer {
  /// The likelihood of the test images under the parameters as they are; nil without sampling, and when
  /// stopped.
  package func likelihood(_ effort: Likelihood.Effort, goOn: () -> Bool) -> Likelihood? {
    evaluator.likelihood(of: dataset.test, effort, from: streams.likelihood, goOn: goOn)
  }
}
