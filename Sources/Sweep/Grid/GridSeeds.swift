import VAE

/// The seeds of every configuration of a part of a grid: the product of its seed axes, the last one
/// fastest, or a nested design.
struct GridSeeds: Hashable, Sendable {
  let columns: [SeedColumn]
  let nested: NestedSeeds?
  let count: Int

  init(axes: [GridAxis], nested: NestedSeeds?) throws(InvalidValue) {
    columns = axes.map { axis in SeedColumn(axis, keys: Self.seeds(setBy: axis.key, among: axes)) }
    self.nested = nested
    count = try GridSize.product(nested.map { [$0.count] } ?? axes.map(\.count))
  }

  /// The one axis `seed`, which sets all three; nil for any other design.
  var shared: GridAxis? {
    columns.count == 1 && columns[0].axis.key == .seed ? columns[0].axis : nil
  }

  /// Positions of each column; a nested design is one.
  var counts: [Int] { nested.map { [$0.count] } ?? columns.map(\.count) }

  /// The places of each column at a position.
  func places(at index: Int) -> [Int] {
    if nested != nil { return [index] }
    var rest = index
    var places = [Int](repeating: 0, count: columns.count)
    for place in columns.indices.reversed() {
      (rest, places[place]) = rest.quotientAndRemainder(dividingBy: columns[place].count)
    }
    return places
  }

  /// The seeds at a position.
  func seeds(at index: Int) -> Seeds {
    if let nested { return nested.seeds(at: index) }
    var rest = index
    var (initialization, order, noise) = (UInt32(0), UInt32(0), UInt32(0))
    for column in columns.reversed() {
      let (left, place) = rest.quotientAndRemainder(dividingBy: column.count)
      rest = left
      let seed = column.seed(at: place)
      if column.sets(.initialization) { initialization = seed }
      if column.sets(.order) { order = seed }
      if column.sets(.noise) { noise = seed }
    }
    return Seeds(initialization: initialization, order: order, noise: noise)
  }

  /// Where `seeds` stand, or nil.
  func index(of seeds: Seeds) -> Int? {
    if let nested { return nested.index(of: seeds) }
    var index = 0
    for column in columns {
      guard let factor = column.factors.first else { return nil }
      let seed = factor.level(of: seeds)
      for other in column.factors where other.level(of: seeds) != seed { return nil }
      guard let place = column.place(of: seed) else { return nil }
      index = index * column.count + place
    }
    return index
  }

  /// `seed` sets whichever of the three have no axis of their own.
  private static func seeds(setBy key: GridKey, among axes: [GridAxis]) -> [SeedFactor] {
    func has(_ key: GridKey) -> Bool { axes.contains { $0.key == key } }
    switch key {
    case .initSeed: return [.initialization]
    case .orderSeed: return [.order]
    case .noiseSeed: return [.noise]
    case .architecture, .hidden, .latentDim, .seed, .train:
      return (has(.initSeed) ? [] : [.initialization]) + (has(.orderSeed) ? [] : [.order])
        + (has(.noiseSeed) ? [] : [.noise])
    }
  }
}

/// A seed axis with the seeds it sets, all to one value.
struct SeedColumn: Hashable, Sendable {
  let axis: GridAxis
  let factors: [SeedFactor]
  /// Of an axis that is a list.
  private let listed: [UInt32: Int]

  init(_ axis: GridAxis, keys factors: [SeedFactor]) {
    self.axis = axis
    self.factors = factors
    var listed: [UInt32: Int] = [:]
    if case .list(let values) = axis.values {
      for (place, value) in values.enumerated() {
        if case .seed(let seed) = value { listed[seed] = place }
      }
    }
    self.listed = listed
  }

  var count: Int { axis.count }

  func sets(_ factor: SeedFactor) -> Bool { factors.contains(factor) }

  func seed(at place: Int) -> UInt32 {
    if case .seed(let seed) = axis[place] { seed } else { 0 }
  }

  func place(of seed: UInt32) -> Int? {
    switch axis.values {
    case .list: listed[seed]
    case .seeds(let range): range.contains(seed) ? Int(seed - range.lowerBound) : nil
    }
  }

  /// The seeds at `places`, or on the whole axis.
  func seeds(at places: IntervalSet? = nil) -> IntervalSet {
    switch axis.values {
    case .list:
      guard let places else { return IntervalSet(numbers: listed.keys.map { Int($0) }) }
      return IntervalSet(numbers: listed.filter { places.contains($0.value) }.map { Int($0.key) })
    case .seeds(let range):
      let first = Int(range.lowerBound)
      guard let places else { return IntervalSet([first..<first + range.count]) }
      return IntervalSet(
        places.ranges.map { first + $0.lowerBound..<first + $0.upperBound })
    }
  }

  /// The places of `seeds` on this axis.
  func places(of seeds: IntervalSet) -> IntervalSet {
    switch axis.values {
    case .list:
      return IntervalSet(numbers: listed.filter { seeds.contains(Int($0.key)) }.map(\.value))
    case .seeds(let range):
      let first = Int(range.lowerBound)
      let own = seeds.intersection(IntervalSet([first..<first + range.count]))
      return IntervalSet(own.ranges.map { $0.lowerBound - first..<$0.upperBound - first })
    }
  }
}

/// How large a grid may be.
enum GridSize {
  static let tooLarge = InvalidValue(
    key: "grid", value: "the product of these axes", expected: "fewer than 2^62 points")

  static func product(_ counts: [Int]) throws(InvalidValue) -> Int {
    var product = 1
    for count in counts {
      let (next, overflow) = product.multipliedReportingOverflow(by: count)
      guard !overflow, next < 1 << 62 else { throw tooLarge }
      product = next
    }
    return product
  }

  static func sum(_ counts: [Int]) throws(InvalidValue) -> Int {
    var sum = 0
    for count in counts {
      let (next, overflow) = sum.addingReportingOverflow(count)
      guard !overflow, next < 1 << 62 else { throw tooLarge }
      sum = next
    }
    return sum
  }
}
