/// What readers call a metric, and what it stands with where many are shown.
package struct MetricTitle: Hashable, Sendable {
  package let words: String
  package let group: MetricGroup

  package init(_ words: String, _ group: MetricGroup) {
    self.words = words
    self.group = group
  }
}

/// Metrics that belong together, in the order in which they are shown.
package enum MetricGroup: CaseIterable, Hashable, Sendable {
  case testLosses
  case trainingLoss
  case codes
  case generation
  case likelihood
  case radii

  package var words: String {
    switch self {
    case .testLosses: "Losses over the test images"
    case .trainingLoss: "Loss over the training images"
    case .codes: "Codes against the prior"
    case .generation: "What is generated"
    case .likelihood: "Likelihood"
    case .radii: "Radii of the codes’ clouds"
    }
  }
}
