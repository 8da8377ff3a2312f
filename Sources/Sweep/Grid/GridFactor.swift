import VAE

/// One axis of a part of a grid, or a zip: rows that each set some keys of the configuration.
struct GridFactor: Sendable {
  typealias Row = [GridKey: GridValue]

  /// Each key that some row sets, in the order of the file.
  let keys: [GridKey]
  let rows: [Row]
  /// Where a row stands, of a factor with one key.
  private let places: [GridValue: Int]

  init(keys: [GridKey], rows: [Row]) {
    self.keys = keys
    self.rows = rows
    var places: [GridValue: Int] = [:]
    if keys.count == 1 {
      for (place, row) in rows.enumerated() {
        for value in row.values { places[value] = place }
      }
    }
    self.places = places
  }

  init(_ axis: GridAxis) {
    self.init(keys: [axis.key], rows: (0..<axis.count).map { [axis.key: axis[$0]] })
  }

  init(_ zip: GridZip) {
    let named = zip.rows.reduce(into: Set<GridKey>()) { $0.formUnion($1.keys) }
    self.init(keys: GridKey.allInOrder.filter(named.contains), rows: zip.rows)
  }

  /// The same with the rows at some places alone.
  func filtered(_ places: IntervalSet) -> GridFactor {
    GridFactor(keys: keys, rows: places.ranges.flatMap { rows[$0] })
  }

  /// The rows that a configuration may have come from, ascending.
  ///
  /// Several only where a key does not apply to it.
  func places(of configuration: Configuration, _ defaults: GridDefaults) -> [Int] {
    if keys.count == 1, let key = keys.first {
      guard let value = key.value(in: configuration) else { return Array(rows.indices) }
      return places[value].map { [$0] } ?? []
    }
    let optimizer = ParameterValue.string(configuration.optimizer.name)
    return rows.indices.filter { place in
      keys.allSatisfy { key in
        if let value = rows[place][key] {
          guard let own = key.value(in: configuration) else { return true }
          return own == value
        }
        guard case .train(let key) = key else { return true }
        return configuration[key] == defaults.unsetValue(of: key, under: optimizer)
      }
    }
  }
}

extension GridKey {
  /// Every key, those of the shape first.
  package static var allInOrder: [GridKey] { names.compactMap(GridKey.init(name:)) }

  /// The value a configuration has for this key, as an axis would write it; nil where it does not
  /// apply.
  func value(in configuration: Configuration) -> GridValue? {
    switch self {
    case .architecture: .architecture(configuration.architecture)
    case .hidden: .hidden(configuration.architecture.hidden)
    case .latentDim: .latentDim(configuration.architecture.latentDim)
    case .train(let key): configuration[key].map(GridValue.parameter)
    case .seed, .initSeed, .orderSeed, .noiseSeed: nil
    }
  }
}
