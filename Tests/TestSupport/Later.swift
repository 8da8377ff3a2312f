import Sweep
package import VAE

/// What later versions may add: a train key, a measure of every run, a measure on request.
package enum Later {
  package static let decay = TrainKey(
    "later_decay", .real(.fromZero), default: .double(0), of: [.adam, .sgd],
    help: "A key that only this test has.")
  package static let measure = StudyMeasure(rawValue: "later_measure")
  package static let optional = StudyMeasure(rawValue: "later_optional")

  /// Runs `body` under catalogues that have them.
  package static func inForce<Result>(_ body: () throws -> Result) rethrows -> Result {
    let fields =
      OutcomeField.standard + [
        OutcomeField(
          measure: measure, MetricTitle("a measure", .codes), direction: .lower, since: 2,
          help: "A measure."),
        OutcomeField(
          measure: optional, MetricTitle("one on request", .likelihood), direction: .higher,
          since: nil, help: "On request."),
      ]
    return try TrainKey.$allCases.withValue(TrainKey.standard + [decay]) {
      try OutcomeField.$catalogue.withValue(OutcomeCatalogue(fields), operation: body)
    }
  }
}

extension Later {
  /// Runs `body` under the catalogues as they are.
  package static func before<Result>(_ body: () throws -> Result) rethrows -> Result {
    try TrainKey.$allCases.withValue(TrainKey.standard) {
      try OutcomeField.$catalogue.withValue(
        OutcomeCatalogue(OutcomeField.standard), operation: body)
    }
  }
}
