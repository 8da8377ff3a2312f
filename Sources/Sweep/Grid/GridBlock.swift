package import VAE

/// One grid as a sweep file asks for it: axes that multiply, rows, axes that only some points have,
/// and what is left out of their product and added to it.
///
/// The rules apply in this order: axes, zips, whens, exclusions, includes.
package struct GridBlock: Hashable, Sendable {
  /// Nil for the one grid of a file that names none.
  package let name: String?
  /// In the order of the file, seeds among them.
  package let axes: [GridAxis]
  package let zips: [GridZip]
  package let whens: [GridWhen]
  package let exclusions: [GridMatch]
  /// Products of their own, whose points are added.
  package let includes: [[GridAxis]]
  /// In place of seed axes, a nested design.
  package let nested: NestedSeeds?

  package init(
    name: String? = nil, axes: [GridAxis], zips: [GridZip] = [], whens: [GridWhen] = [],
    exclusions: [GridMatch] = [], includes: [[GridAxis]] = [], nested: NestedSeeds? = nil
  ) {
    self.name = name
    self.axes = axes
    self.zips = zips
    self.whens = whens
    self.exclusions = exclusions
    self.includes = includes
    self.nested = nested
  }

  /// Whether axes and exclusions are all it has, as in every file before zips came.
  package var isPlain: Bool {
    name == nil && zips.isEmpty && whens.isEmpty && includes.isEmpty
  }
}

/// A named axis of rows, each of which sets several keys at once.
package struct GridZip: Hashable, Sendable {
  package let name: String
  /// A key that a row leaves out has the value that `train:` gives it, or its default.
  package let rows: [[GridKey: GridValue]]

  package init(name: String, rows: [[GridKey: GridValue]]) {
    self.name = name
    self.rows = rows
  }
}

/// Axes that only the points have that match a condition.
package struct GridWhen: Hashable, Sendable {
  package let condition: GridMatch
  package let axes: [GridAxis]

  package init(condition: GridMatch, axes: [GridAxis]) {
    self.condition = condition
    self.axes = axes
  }
}

/// Points in which every named key has one of the values that are named with it.
package struct GridMatch: Hashable, Sendable {
  package struct Term: Hashable, Sendable {
    package let key: GridKey
    package let values: GridAxis.Values

    package init(key: GridKey, values: GridAxis.Values) {
      self.key = key
      self.values = values
    }
  }

  /// In the order of the file, each key once.
  package let terms: [Term]

  package init(_ terms: [Term]) { self.terms = terms }

  /// One value for each key.
  package init(_ values: [GridKey: GridValue]) {
    terms = values.sorted { $0.key.description < $1.key.description }.map {
      Term(key: $0.key, values: .list([$0.value]))
    }
  }
}

/// A grid that can't be: where in its block the fault lies, and what it is.
package struct GridFault: Error, Hashable, Sendable {
  /// A place in a block, as its file has it.
  package enum Place: Hashable, Sendable {
    case axis(GridKey)
    /// A row of a zip, counted from 0; a key of it, where it is the key's fault.
    case zip(String, row: Int, GridKey?)
    case when(Int, GridKey?)
    case exclusion(Int, GridKey?)
    case include(Int, GridKey?)
    case train(TrainKey)
    case nested
    /// What the axes make together.
    case whole
  }

  package let place: Place
  package let reason: InvalidValue
  /// The number of its block, counted from 0.
  package var block = 0

  package init(_ place: Place, _ reason: InvalidValue) {
    self.place = place
    self.reason = reason
  }
}
