import VAE

/// The parts of a grid as products without twins, of which different points can be counted.
struct GridCells {
  /// The keys of a configuration as every point has them, by number: an architecture is hidden
  /// layers and latents.
  private let keys: [GridKey]
  private let numbers: [GridKey: Int]
  private let defaults: GridDefaults
  private var values: [GridValue: Int] = [:]
  private var rowIDs: [[[Int]]: Int] = [:]
  private(set) var cells: [GridCell] = []
  /// More parts, optimisers and twins than any sweep has.
  private static let maxCells = 5000

  init(_ streams: [GridStream], train: [TrainKey: ParameterValue], defaults: GridDefaults)
    throws(InvalidValue)
  {
    self.defaults = defaults
    let keys = [.hidden, .latentDim] + TrainKey.allCases.map(GridKey.train)
    self.keys = keys
    numbers = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($0.element, $0.offset) })
    for stream in streams {
      for part in stream.parts {
        let chooser = part.factors.firstIndex { $0.keys.contains(.train(.optimizer)) }
        let chosen = chooser.map {
          part.factors[$0].rows.map { $0.optimizer ?? defaults.optimizer }
        }
        var seen: Set<ParameterValue> = []
        for optimizer in (chosen ?? [defaults.optimizer]) where seen.insert(optimizer).inserted {
          try append(part, stream.seeds, optimizer, chooser)
        }
      }
    }
  }

  /// Different points in all.
  func points() throws(InvalidValue) -> Int { try cells.points() }

  private mutating func number(of value: GridValue) -> Int {
    if let known = values[value] { return known }
    values[value] = values.count
    return values.count - 1
  }

  /// Adds the points of a part under one optimiser: once for each set of twins that exclusions treat
  /// differently.
  private mutating func append(
    _ part: GridPart, _ seeds: GridSeeds, _ optimizer: ParameterValue, _ chooser: Int?
  ) throws(InvalidValue) {
    var owners = [Int](repeating: GridCell.none, count: self.keys.count)
    var layered: [[(rows: [[Int]], places: [Int])]] = []
    var columnKeys: [[Int]] = []
    for (place, factor) in part.factors.enumerated() {
      let keys = keys(of: factor, under: optimizer)
      for key in keys { owners[key] = place }
      columnKeys.append(keys)
      layered.append(
        layers(factor, at: place, keys, optimizer, part.excluded, isChooser: place == chooser))
    }
    let fixed = self.keys.indices.map { key in
      owners[key] == GridCell.none ? fixedValue(self.keys[key], optimizer) : GridCell.none
    }
    var choices: [[(rows: [[Int]], places: [Int])]] = [[]]
    for layers in layered {
      guard cells.count + choices.count * layers.count <= Self.maxCells else {
        throw InvalidValue(
          key: "grid", value: "what exclude: and when: make of the grids",
          expected: "fewer parts: name fewer of the values that some points do not use")
      }
      choices = choices.flatMap { choice in layers.map { choice + [$0] } }
    }
    for choice in choices {
      var columns: [GridCell.Column] = []
      for (keys, layer) in zip(columnKeys, choice) {
        columns.append(.rows(keys: keys, rows: layer.rows, id: id(of: [keys] + layer.rows)))
      }
      if let nested = seeds.nested {
        columns.append(.nested(nested))
      } else {
        columns += seeds.columns.map(GridCell.Column.seeds)
      }
      let excluded = part.excluded.compactMap { box in
        Self.moved(box, onto: choice.map(\.places))
      }
      cells.append(GridCell(fixed: fixed, owners: owners, columns: columns, excluded: excluded))
    }
  }

  private mutating func id(of rows: [[Int]]) -> Int {
    if let known = rowIDs[rows] { return known }
    rowIDs[rows] = rowIDs.count
    return rowIDs.count - 1
  }

  /// The numbers of the keys that a factor sets and that apply.
  private func keys(of factor: GridFactor, under optimizer: ParameterValue) -> [Int] {
    factor.keys.flatMap { key -> [GridKey] in
      switch key {
      case .architecture: return [.hidden, .latentDim]
      case .hidden, .latentDim: return [key]
      case .train(.optimizer), .seed, .initSeed, .orderSeed, .noiseSeed: return []
      case .train(let trainKey):
        return defaults.value(of: trainKey, under: optimizer) == nil ? [] : [key]
      }
    }.compactMap { numbers[$0] }
  }

  private mutating func fixedValue(_ key: GridKey, _ optimizer: ParameterValue) -> Int {
    guard case .train(let trainKey) = key else { return GridCell.none }
    let value = trainKey == .optimizer ? optimizer : defaults.value(of: trainKey, under: optimizer)
    return value.map { number(of: .parameter($0)) } ?? GridCell.none
  }

  /// The different rows of a factor, with where each stands; again for rows that train alike where
  /// exclusions name one and not the other.
  private mutating func layers(
    _ factor: GridFactor, at column: Int, _ keys: [Int], _ optimizer: ParameterValue,
    _ excluded: [GridBox], isChooser: Bool
  ) -> [(rows: [[Int]], places: [Int])] {
    let naming = excluded.compactMap { $0[column] }
    var seen: [[Int]: Set<[Bool]>] = [:]
    var layers: [(rows: [[Int]], places: [Int])] = []
    for (place, row) in factor.rows.enumerated() {
      if isChooser, (row.optimizer ?? defaults.optimizer) != optimizer { continue }
      var values: [Int] = []
      for key in keys { values.append(value(of: self.keys[key], in: row, optimizer)) }
      let named = naming.map { $0.contains(place) }
      guard seen[values, default: []].insert(named).inserted else { continue }
      let layer = (seen[values]?.count ?? 1) - 1
      if layer == layers.count { layers.append(([], [])) }
      layers[layer].rows.append(values)
      layers[layer].places.append(place)
    }
    return layers
  }

  private mutating func value(
    of key: GridKey, in row: GridFactor.Row, _ optimizer: ParameterValue
  ) -> Int {
    switch key {
    case .hidden: row.hidden.map { number(of: .hidden($0)) } ?? GridCell.none
    case .latentDim: row.latentDim.map { number(of: .latentDim($0)) } ?? GridCell.none
    case .train: row[key].map { number(of: $0) } ?? fixedValue(key, optimizer)
    case .architecture, .seed, .initSeed, .orderSeed, .noiseSeed: GridCell.none
    }
  }

  /// A box of a part as one of a product of some of its rows; nil where it holds none of them.
  private static func moved(_ box: GridBox, onto places: [[Int]]) -> GridBox? {
    var moved = box
    for (column, places) in places.enumerated() {
      guard let set = box[column] else { continue }
      let kept = IntervalSet(numbers: places.indices.filter { set.contains(places[$0]) })
      if kept.isEmpty { return nil }
      moved[column] = kept
    }
    return moved
  }
}
