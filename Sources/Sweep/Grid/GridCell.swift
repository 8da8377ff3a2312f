import VAE

/// A part of a grid under one optimiser: a product of which all rows train differently, so that no
/// two of its positions are one point, less boxes of it.
///
/// Values are numbers that equal values share.
struct GridCell: Sendable {
  enum Column: Hashable, Sendable {
    /// Rows of values of configuration keys; columns with one id have the same rows.
    case rows(keys: [Int], rows: [[Int]], id: Int)
    case seeds(SeedColumn)
    case nested(NestedSeeds)

    var count: Int {
      switch self {
      case .rows(_, let rows, _): rows.count
      case .seeds(let column): column.count
      case .nested(let nested): nested.count
      }
    }
  }

  /// No value: the key does not apply, or a column sets it.
  static let none = -1
  /// Pairs of unlike seed designs are compared seed by seed up to so many.
  static let maxPairs = 100_000

  /// Of each configuration key: its one value.
  var fixed: [Int]
  /// Of each configuration key: the column that sets it.
  var owners: [Int]
  var columns: [Column]
  var excluded: [GridBox]

  var counts: [Int] { columns.map(\.count) }

  /// What the points of `other` within one of its boxes take of this product: boxes of it.
  func taken(by other: GridCell, within box: GridBox? = nil) throws(InvalidValue) -> [GridBox] {
    var common = GridBox(repeating: nil, count: columns.count)
    for key in fixed.indices where other.owners[key] == Self.none {
      let value = other.fixed[key]
      guard owners[key] != Self.none else {
        guard fixed[key] == value else { return [] }
        continue
      }
      guard
        narrow(&common, owners[key], to: places(owners[key], [key]) { $0 == [value] })
      else { return [] }
    }
    var boxes = [common]
    for (place, column) in other.columns.enumerated() {
      let narrowed = box.flatMap { $0[place] }
      let choices = try choices(of: column, at: narrowed)
      guard boxes.count * choices.count <= Self.maxPairs else { throw Self.tooManyPairs }
      boxes = boxes.flatMap { box in
        choices.compactMap { choice in
          var narrowed = box
          for (place, set) in choice where !narrow(&narrowed, place, to: set) { return nil }
          return narrowed
        }
      }
      if boxes.isEmpty { return [] }
    }
    return boxes
  }

  static let tooManyPairs = InvalidValue(
    key: "seed", value: "a point that two grids share",
    expected:
      "asked for by one of them, or the same seed axes in both: with so many seeds these can't be "
      + "compared")

  private func narrow(_ box: inout GridBox, _ column: Int, to places: IntervalSet) -> Bool {
    let both = box[column].map { $0.intersection(places) } ?? places
    box[column] = both
    return !both.isEmpty
  }

  /// The places of a column whose rows have values of some of its keys that `test` accepts.
  private func places(_ column: Int, _ wanted: [Int], _ test: ([Int]) -> Bool) -> IntervalSet {
    guard case .rows(let keys, let rows, _) = columns[column] else { return IntervalSet() }
    let offsets = wanted.compactMap(keys.firstIndex)
    return IntervalSet(
      numbers: rows.indices.filter { row in test(offsets.map { rows[row][$0] }) })
  }

  /// The ways in which a column of another cell agrees with this one, each with what it takes of
  /// which columns.
  private func choices(of column: Column, at places: IntervalSet?) throws(InvalidValue)
    -> [[Int: IntervalSet]]
  {
    switch column {
    case .rows(let keys, let rows, let id): rowChoices(keys, rows, id, places)
    case .seeds(let seeds): try seedChoices(seeds, places)
    case .nested(let nested): try nestedChoices(nested, places)
    }
  }

  private func rowChoices(_ keys: [Int], _ rows: [[Int]], _ id: Int, _ places: IntervalSet?)
    -> [[Int: IntervalSet]]
  {
    let touched = Set(keys.map { owners[$0] }).subtracting([Self.none])
    if let only = touched.first, touched.count == 1,
      case .rows(_, _, id) = columns[only]
    {
      return [places.map { [only: $0] } ?? [:]]
    }
    var matching: [[Int]] = []
    for (place, row) in rows.enumerated() where places?.contains(place) ?? true {
      let agrees = zip(keys, row).allSatisfy { key, value in
        owners[key] != Self.none || fixed[key] == value
      }
      if agrees { matching.append(row) }
    }
    guard !matching.isEmpty else { return [] }
    guard !touched.isEmpty else { return [[:]] }
    // Which of the row's values each column of this cell must have.
    func shared(_ column: Int) -> [Int] { keys.indices.filter { owners[keys[$0]] == column } }
    if let only = touched.first, touched.count == 1 {
      let shared = shared(only)
      let wanted = Set(matching.map { row in shared.map { row[$0] } })
      let found = self.places(only, shared.map { keys[$0] }, wanted.contains)
      return found.isEmpty ? [] : [[only: found]]
    }
    return matching.compactMap { row in
      var choice: [Int: IntervalSet] = [:]
      for column in touched {
        let shared = shared(column)
        let values = shared.map { row[$0] }
        let found = self.places(column, shared.map { keys[$0] }) { $0 == values }
        if found.isEmpty { return nil }
        choice[column] = found
      }
      return choice
    }
  }

  private func seedChoices(_ seeds: SeedColumn, _ places: IntervalSet?) throws(InvalidValue)
    -> [[Int: IntervalSet]]
  {
    var touched: [(place: Int, column: SeedColumn)] = []
    for (place, column) in columns.enumerated() {
      switch column {
      case .rows: break
      case .seeds(let own) where own == seeds:
        return [places.map { [place: $0] } ?? [:]]
      case .seeds(let own):
        if own.factors.contains(where: seeds.sets) { touched.append((place, own)) }
      case .nested(let nested):
        let values = seeds.seeds(at: places)
        guard nested.count <= Self.maxPairs else { throw Self.tooManyPairs }
        let found = (0..<nested.count).filter { index in
          let own = nested.seeds(at: index)
          // One value for all the seeds that the column sets.
          let levels = Set(seeds.factors.map { Int($0.level(of: own)) })
          return levels.count == 1 && levels.allSatisfy(values.contains)
        }
        return found.isEmpty ? [] : [[place: IntervalSet(numbers: found)]]
      }
    }
    var values = seeds.seeds(at: places)
    for (_, column) in touched { values = values.intersection(column.seeds()) }
    guard !values.isEmpty else { return [] }
    if let only = touched.first, touched.count == 1 {
      return [[only.place: only.column.places(of: values)]]
    }
    // One value on several axes: a diagonal.
    guard values.count <= Self.maxPairs else { throw Self.tooManyPairs }
    return values.ranges.flatMap { $0 }.map { value in
      var choice: [Int: IntervalSet] = [:]
      for (place, column) in touched {
        choice[place] = column.places(of: IntervalSet([value..<value + 1]))
      }
      return choice
    }
  }

  private func nestedChoices(_ nested: NestedSeeds, _ places: IntervalSet?) throws(InvalidValue)
    -> [[Int: IntervalSet]]
  {
    if let place = columns.firstIndex(of: .nested(nested)) {
      return [places.map { [place: $0] } ?? [:]]
    }
    guard nested.count <= Self.maxPairs else { throw Self.tooManyPairs }
    return (0..<nested.count).compactMap { index in
      if let places, !places.contains(index) { return nil }
      let seeds = nested.seeds(at: index)
      var choice: [Int: IntervalSet] = [:]
      for (place, column) in columns.enumerated() {
        switch column {
        case .rows: break
        case .seeds(let own):
          guard let factor = own.factors.first else { return nil }
          let seed = factor.level(of: seeds)
          guard own.factors.allSatisfy({ $0.level(of: seeds) == seed }),
            let found = own.place(of: seed)
          else { return nil }
          choice[place] = IntervalSet([found..<found + 1])
        case .nested(let other):
          guard let found = other.index(of: seeds) else { return nil }
          choice[place] = IntervalSet([found..<found + 1])
        }
      }
      return choice
    }
  }
}

extension [GridCell] {
  /// How many different points the cells have together.
  func points() throws(InvalidValue) -> Int {
    // Seeds on axes of their own come first: what they share with one seed for all is then no
    // diagonal.
    let ordered = sorted { $0.columns.count(where: \.isSeeds) > $1.columns.count(where: \.isSeeds) }
    var points = 0
    for (number, cell) in ordered.enumerated() {
      var taken: [BoxCount.Taken] = []
      if !cell.excluded.isEmpty { taken.append(BoxCount.Taken(boxes: cell.excluded, except: [])) }
      for other in ordered[..<number] {
        let boxes = try cell.taken(by: other)
        if boxes.isEmpty { continue }
        var except: [GridBox] = []
        for box in other.excluded { except += try cell.taken(by: other, within: box) }
        taken.append(BoxCount.Taken(boxes: boxes, except: except))
      }
      points = try GridSize.sum([points, BoxCount.left(cell.counts, after: taken)])
    }
    return points
  }
}

extension GridCell.Column {
  fileprivate var isSeeds: Bool {
    switch self {
    case .seeds: true
    case .rows, .nested: false
    }
  }
}
