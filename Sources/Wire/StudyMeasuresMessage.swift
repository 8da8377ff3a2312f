internal import Sweep
internal import VAE

extension StudyMeasures {
  /// - Throws: Where a value is not finite, is one that the configuration can't have, or is none of the
  ///   catalogue's.
  init(_ messages: [Vaesweep_Measure], of configuration: Configuration) throws(WireError) {
    self.init()
    for message in messages {
      let measure = StudyMeasure(rawValue: message.name)
      guard let field = OutcomeField.named(message.name), field.restoration.measure == measure
      else {
        throw .invalid(
          field: "measure",
          reason:
            "is none that this version knows: '\(FieldRules.clean(message.name, longest: 64))'")
      }
      guard message.value.isFinite, field.applies(to: configuration) else {
        throw .invalid(
          field: field.name, reason: "is \(message.value) where the point can have no such value")
      }
      guard self[measure] == nil else {
        throw .invalid(field: field.name, reason: "is named twice")
      }
      self[measure] = message.value
    }
  }

  /// Every measure that there is, by its name.
  var messages: [Vaesweep_Measure] {
    measures.map { measure in
      var message = Vaesweep_Measure()
      message.name = measure.rawValue
      message.value = self[measure] ?? .nan
      return message
    }
  }
}
