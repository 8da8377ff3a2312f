/// A hyper-parameter of a training run: all that the program knows of it but its maths.
///
/// Validation, defaults, flags, the point's key, YAML, JSON, CSV, SQL and the wire are loops over
/// `allCases`; the entries stand in `TrainKey+Catalogue.swift`. Two keys of one name are equal.
package struct TrainKey: Sendable, RawRepresentable, CaseIterable {
  private let entry: Entry

  /// The name in YAML, JSON, CSV and SQL; in kebab case, the flag of `vaesweep train`.
  package var rawValue: String { entry.name }
  /// What its values are, and their range.
  package var kind: Kind { entry.kind }
  /// The value of a run that names none.
  package var defaultValue: ParameterValue { entry.defaultValue }
  /// The optimisers it applies to where it belongs to the optimiser; nil where it applies to every run.
  package var optimizers: Set<OptimizerName>? { entry.optimizers }
  /// Whether a point's key holds it at its default too.
  ///
  /// A key added to the catalogue later is left out there, so that the points of earlier sweeps keep
  /// their keys.
  package var entersKeyAtDefault: Bool { entry.entersKeyAtDefault }
  /// Whether it goes without saying at its default, where it changes nothing.
  ///
  /// A key added later must change nothing there, for the sake of earlier points; and no limit is none.
  package var isSilentAtDefault: Bool { !entersKeyAtDefault || defaultValue == .null }
  /// What it is, in one sentence.
  package var help: String { entry.help }

  package init(
    _ name: String, _ kind: Kind, default defaultValue: ParameterValue,
    of optimizers: Set<OptimizerName>? = nil, entersKeyAtDefault: Bool = false, help: String
  ) {
    entry = Entry(
      name: name, kind: kind, defaultValue: defaultValue, optimizers: optimizers,
      entersKeyAtDefault: entersKeyAtDefault, help: help)
  }

  /// The key of this name; nil where the catalogue has none.
  package init?(rawValue name: String) {
    guard let key = Self.allCases.first(where: { $0.rawValue == name }) else { return nil }
    self = key
  }

  /// Whether `none` is a value of it.
  package var acceptsNone: Bool {
    switch kind {
    case .wholeOrNone, .text: true
    case .flag, .whole, .real, .choice: false
    }
  }

  /// Whether runs of this optimiser have it.
  package func applies(to optimizer: OptimizerName) -> Bool {
    entry.optimizers?.contains(optimizer) ?? true
  }

  /// One for each key: a configuration holds a dozen keys.
  private final class Entry: Sendable {
    let name: String
    let kind: Kind
    let defaultValue: ParameterValue
    let optimizers: Set<OptimizerName>?
    let entersKeyAtDefault: Bool
    let help: String

    init(
      name: String, kind: Kind, defaultValue: ParameterValue, optimizers: Set<OptimizerName>?,
      entersKeyAtDefault: Bool, help: String
    ) {
      self.name = name
      self.kind = kind
      self.defaultValue = defaultValue
      self.optimizers = optimizers
      self.entersKeyAtDefault = entersKeyAtDefault
      self.help = help
    }
  }
}

extension TrainKey: Hashable {
  package static func == (left: TrainKey, right: TrainKey) -> Bool {
    left.entry === right.entry || left.rawValue == right.rawValue
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
