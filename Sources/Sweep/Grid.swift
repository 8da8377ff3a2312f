package import VAE

/// The product of the axes of a sweep file, less what it excludes, never listed in memory.
///
/// Every position in the product has an index. Configurations vary fastest and seeds slowest, so
/// that a sweep cut short has the same seeds of every configuration. Within either group the last
/// axis of the file varies fastest. `point(at:)` and `index(of:)` are each other's inverse; both
/// take time in the number of axes, not of points.
package struct Grid: Hashable, Sendable {
  /// The axes that make the configuration, in the order of the file.
  package let configurationAxes: [GridAxis]
  /// The axes that make the seeds, in the order of the file.
  package let seedAxes: [GridAxis]
  /// In place of seed axes, a nested design.
  package let nested: NestedSeeds?
  /// Train keys that hold for all points.
  package let train: [TrainKey: ParameterValue]
  /// Points in which every named key has the named value are left out.
  package let exclusions: [[GridKey: GridValue]]
  /// Positions of the configuration axes' product.
  package let configurationCount: Int
  /// Positions of the seed axes' product: replicates of each configuration.
  package let seedCount: Int

  /// The values of the train key `limit` over the grid; nil stands for all training images.
  package var limits: [Int?] {
    let values: [GridValue]
    if let axis = configurationAxes.first(where: { $0.key == .train(.limit) }) {
      values = (0..<axis.count).map { axis[$0] }
    } else {
      values = train[.limit].map { [.parameter($0)] } ?? []
    }
    return values.map { if case .parameter(.int(let limit)) = $0 { limit } else { nil } }
  }

  /// Checks that the axes define a configuration and its seeds at every position, and normalises
  /// their values (1 and 1.0 are one learning rate).
  package init(
    axes: [GridAxis], train: [TrainKey: ParameterValue], exclusions: [[GridKey: GridValue]] = [],
    nested: NestedSeeds? = nil
  ) throws(InvalidValue) {
    try GridRules.check(axes: axes, train: train, nested: nested)
    let normalise = GridNormaliser(axes: axes, train: train)
    self.train = train
    for (key, value) in train { _ = try normalise.value(.parameter(value), of: .train(key)) }
    var normalised: [GridAxis] = []
    for axis in axes { normalised.append(try normalise.axis(axis)) }
    configurationAxes = normalised.filter { !$0.key.isSeed }
    seedAxes = normalised.filter(\.key.isSeed)
    configurationCount = try Self.product(configurationAxes)
    self.nested = nested
    if let nested { seedCount = nested.count } else { seedCount = try Self.product(seedAxes) }
    var excluded: [[GridKey: GridValue]] = []
    for exclusion in exclusions {
      excluded.append(try normalise.exclusion(exclusion, axes: normalised))
    }
    self.exclusions = excluded
    guard !configurationCount.multipliedReportingOverflow(by: seedCount).overflow else {
      throw Self.tooLarge
    }
  }

  /// Positions of the whole product, excluded and repeated ones included.
  package var positions: Int { configurationCount * seedCount }

  private static let tooLarge = InvalidValue(
    key: "grid", value: "the product of these axes", expected: "fewer than 2^62 points")

  private static func product(_ axes: [GridAxis]) throws(InvalidValue) -> Int {
    var product = 1
    for axis in axes {
      let (next, overflow) = product.multipliedReportingOverflow(by: axis.count)
      guard !overflow, next < 1 << 62 else { throw tooLarge }
      product = next
    }
    return product
  }
}
