package import VAE

/// One result of a run: all that the program knows of it but how it is measured.
///
/// JSON, CSV, SQL, the wire, exports, metrics and the glossary are loops over `allCases`; the entries
/// stand in `OutcomeField+Catalogue.swift`. Two fields of one name are equal.
package final class OutcomeField: Sendable {
  /// The name in JSON, CSV and SQL, and on the wire.
  package let name: String
  /// Its type, and how it is read from an outcome.
  package let value: Value
  /// What its values are counted in; nil where they are counts or have none.
  package let unit: Unit?
  /// Which values are better.
  package let direction: Direction
  /// The first version of results that has it; nil for an optional measure, which no result digest
  /// covers: a run has it only where the sweep asks for it.
  package let since: Int?
  /// Where it stands.
  package let places: Places
  /// How it comes back into an outcome that is read from a store.
  package let restoration: Restoration
  /// What readers call it; nil where it is no metric.
  package let title: MetricTitle?
  /// What it says, for a reader of the report; names in `backquotes`, stress in **stars**.
  package let help: String
  /// Which runs can have it.
  package let scope: Scope

  package init(
    _ name: String, _ value: Value, unit: Unit? = nil, direction: Direction = .neither,
    since: Int? = 1, places: Places = .stored, restoration: Restoration = .fromTheRest,
    title: MetricTitle? = nil, help: String = "", scope: Scope = Scope()
  ) {
    self.name = name
    self.title = title
    self.value = value
    self.unit = unit
    self.direction = direction
    self.since = since
    self.places = places
    self.restoration = restoration
    self.help = help
    self.scope = scope
  }

  /// A measure that the run keeps under its own name.
  package convenience init(
    measure: StudyMeasure, _ title: MetricTitle, unit: Unit? = nil, direction: Direction,
    since: Int?,
    help: String, scope: Scope = Scope()
  ) {
    self.init(
      measure.rawValue, .real { $0.measurements?.study[measure] }, unit: unit,
      direction: direction, since: since, places: [.stored, .metric],
      restoration: .measure(measure), title: title, help: help, scope: scope)
  }

  /// What a run has of which it was asked for: it lies with the artifacts, not with the outcome.
  ///
  /// - Parameter title: nil where it is no metric.
  package convenience init(
    asked measure: StudyMeasure, _ title: MetricTitle? = nil, unit: Unit? = nil,
    direction: Direction = .neither, help: String, isLikelihood: Bool? = nil
  ) {
    self.init(
      measure.rawValue, .real { $0.measurements?.study[measure] }, unit: unit,
      direction: direction, since: nil, places: title == nil ? .json : [.json, .metric],
      restoration: .measure(measure), title: title, help: help,
      scope: Scope(sampling: true, isLikelihood: isLikelihood))
  }

  /// Whether a run of this configuration can have it.
  package func applies(to configuration: Configuration) -> Bool {
    scope.absence(in: configuration) == nil
  }

  /// Whether it exists only where a sweep asks for it.
  package var isOptional: Bool { since == nil }
}

extension OutcomeField {
  package enum Value: Sendable {
    case real(@Sendable (Outcome) -> Double?)
    case whole(@Sendable (Outcome) -> Int?)
    case text(@Sendable (Outcome) -> String?)
    /// A list or a mapping.
    case json(@Sendable (Outcome) -> JSONValue?)
  }

  package enum Unit: Sendable {
    case natsPerImage

    package var words: String {
      switch self {
      case .natsPerImage: "nats per image"
      }
    }
  }

  package enum Direction: Hashable, Sendable {
    case lower
    case higher
    case nearerTo(Double)
    case neither
  }

  /// The runs that can have a field.
  package struct Scope: Sendable {
    private let sampling: Bool?
    private let epochs: Int
    private let isLikelihood: Bool?

    /// With sampling only, or without it; from so many epochs on; where the loss is a likelihood, or
    /// where it is none.
    package init(sampling: Bool? = nil, epochs: Int = 1, isLikelihood: Bool? = nil) {
      self.sampling = sampling
      self.epochs = epochs
      self.isLikelihood = isLikelihood
    }

    /// Why a run of this configuration can't have it; nil where it can.
    package func absence(in configuration: Configuration) -> String? {
      if let sampling, sampling != configuration.sampling {
        return "it is not measured \(sampling ? "without" : "with") sampling"
      }
      if let isLikelihood, isLikelihood != configuration.hasLikelihood {
        return isLikelihood
          ? "on grey pixels, and with the squared error, the loss is no likelihood: importance_bound is "
            + "measured in its place"
          : "its loss is a likelihood: nll is measured in its place"
      }
      return configuration.epochs < epochs ? "it takes \(epochs) epochs" : nil
    }
  }

  package struct Places: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// A member of the outcome's JSON, and a column of its CSV.
    package static let json = Places(rawValue: 1)
    /// A column of the store's `outcomes`.
    package static let column = Places(rawValue: 2)
    /// A number that runs are summarised and compared by.
    package static let metric = Places(rawValue: 4)
    package static let stored: Places = [.json, .column]
  }

  package enum Restoration: Sendable {
    /// It follows from the epochs, the latents and the status, which the store keeps.
    case fromTheRest
    case measure(StudyMeasure)
    case number(any WritableKeyPath<FinalMeasurements, Double> & Sendable)

    /// The measure, where it is one.
    package var measure: StudyMeasure? {
      switch self {
      case .measure(let measure): measure
      case .fromTheRest, .number: nil
      }
    }
  }

  /// The value in an outcome; null where it has none.
  package func json(of outcome: Outcome) -> JSONValue {
    switch value {
    case .real(let read): JSONValue(read(outcome))
    case .whole(let read): JSONValue(read(outcome))
    case .text(let read): JSONValue(read(outcome))
    case .json(let read): read(outcome) ?? .null
    }
  }

  /// The value in an outcome as a number; nil where it has none.
  package func number(of outcome: Outcome) -> Double? {
    switch value {
    case .real(let read): read(outcome)
    case .whole(let read): read(outcome).map(Double.init)
    case .text, .json: nil
    }
  }
}

extension OutcomeField: Hashable {
  package static func == (left: OutcomeField, right: OutcomeField) -> Bool {
    left === right || left.name == right.name
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
