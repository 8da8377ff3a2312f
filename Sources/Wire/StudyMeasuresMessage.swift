internal import VAE

extension StudyMeasures {
  /// - Throws: Where a value is not finite, or is one that the configuration can't have.
  init(_ message: Vaesweep_Measurements, of configuration: Configuration) throws(WireError) {
    self.init()
    for measure in StudyMeasure.allCases {
      guard let value = message[measure] else { continue }
      guard value.isFinite, measure.applies(to: configuration) else {
        throw .invalid(
          field: measure.rawValue, reason: "is \(value) where the point can have no such value")
      }
      self[measure] = value
    }
  }

  func write(to message: inout Vaesweep_Measurements) {
    for measure in StudyMeasure.allCases { message[measure] = self[measure] }
  }
}

extension Vaesweep_Measurements {
  /// The field of a measure; nil where it is absent.
  fileprivate subscript(measure: StudyMeasure) -> Double? {
    get {
      switch measure {
      case .coverage: hasCoverage ? coverage : nil
      case .coverageWhitened: hasCoverageWhitened ? coverageWhitened : nil
      case .generationDensity: hasGenerationDensity ? generationDensity : nil
      case .generationCoverage: hasGenerationCoverage ? generationCoverage : nil
      case .generationDensityFitted: hasGenerationDensityFitted ? generationDensityFitted : nil
      case .generationCoverageFitted: hasGenerationCoverageFitted ? generationCoverageFitted : nil
      case .radiusStart: hasRadiusStart ? radiusStart : nil
      case .radiusAfter5: hasRadiusAfter5 ? radiusAfter5 : nil
      }
    }
    set {
      guard let newValue else { return }
      switch measure {
      case .coverage: coverage = newValue
      case .coverageWhitened: coverageWhitened = newValue
      case .generationDensity: generationDensity = newValue
      case .generationCoverage: generationCoverage = newValue
      case .generationDensityFitted: generationDensityFitted = newValue
      case .generationCoverageFitted: generationCoverageFitted = newValue
      case .radiusStart: radiusStart = newValue
      case .radiusAfter5: radiusAfter5 = newValue
      }
    }
  }
}
