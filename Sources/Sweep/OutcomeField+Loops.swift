package import VAE

/// A set of fields with what loops over them ask for again and again.
package struct OutcomeCatalogue: Sendable {
  package let fields: [OutcomeField]
  /// Every run has those that apply to it.
  package let metrics: [Metric]
  /// Only runs have them of which a sweep asked for them.
  package let optionalMetrics: [Metric]
  /// What a new result holds.
  package let resultVersion: Int
  fileprivate let byName: [String: OutcomeField]

  package init(_ fields: [OutcomeField]) {
    self.fields = fields
    let ordered = Metric.inOrder(fields)
    metrics = ordered.filter { !$0.field.isOptional }
    optionalMetrics = ordered.filter(\.field.isOptional)
    resultVersion = fields.compactMap(\.since).max() ?? 1
    byName = Dictionary(fields.map { ($0.name, $0) }) { first, _ in first }
  }
}

extension OutcomeField {
  /// The catalogue in force.
  ///
  /// Tests put a copy with one field more in its place for the time of a closure, to see that earlier
  /// results keep their digests.
  @TaskLocal package static var catalogue = OutcomeCatalogue(standard)

  package static var allCases: [OutcomeField] { catalogue.fields }

  /// The version of new results.
  ///
  /// Those of an earlier version lack fields, and their digests cover the fields that they have.
  package static var resultVersion: Int { catalogue.resultVersion }

  /// The field of this name; nil where the catalogue has none.
  package static func named(_ name: String) -> OutcomeField? { catalogue.byName[name] }

  /// The fields of an outcome's JSON, in their order.
  package static var jsonFields: [OutcomeField] { allCases.filter { $0.places.contains(.json) } }

  /// The fields that are columns of a store, in their order.
  package static var columnFields: [OutcomeField] {
    allCases.filter { $0.places.contains(.column) }
  }
}

extension StudyMeasure {
  /// Every measure that an outcome is stored with.
  package static var allCases: [StudyMeasure] {
    OutcomeField.columnFields.compactMap(\.restoration.measure)
  }

  /// Whether a run of this configuration can have it; false for a measure that the catalogue lacks.
  package func applies(to configuration: Configuration) -> Bool {
    OutcomeField.named(rawValue)?.applies(to: configuration) ?? false
  }
}
