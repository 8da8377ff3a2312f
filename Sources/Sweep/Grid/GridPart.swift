import VAE

/// A product of factors that all points of a part of a grid have, less what is left out of it.
struct GridPart: Sendable {
  /// The last one varies fastest.
  let factors: [GridFactor]
  let count: Int
  /// Over the factors, then the columns of the seeds.
  var excluded: [GridBox] = []
  private let unset: [TrainKey]

  init(_ factors: [GridFactor]) throws(InvalidValue) {
    self.factors = factors
    count = try GridSize.product(factors.map(\.rows.count))
    let set = Set(factors.flatMap(\.keys))
    unset = TrainKey.allCases.filter { !set.contains(.train($0)) }
  }

  /// The place on each factor at a position.
  func places(at index: Int) -> [Int] {
    var rest = index
    var places = [Int](repeating: 0, count: factors.count)
    for place in factors.indices.reversed() {
      (rest, places[place]) = rest.quotientAndRemainder(dividingBy: factors[place].rows.count)
    }
    return places
  }

  /// The configuration at a position, excluded or not.
  ///
  /// - Parameter input: Of architectures that are given as hidden layers and latents.
  func configuration(
    at index: Int, input: Int, train: [TrainKey: ParameterValue]
  ) -> Configuration? {
    var values = train
    var architecture: Architecture?
    var hidden: [Int] = []
    var latentDim = 0
    var rest = index
    for factor in factors.reversed() {
      let (left, place) = rest.quotientAndRemainder(dividingBy: factor.rows.count)
      rest = left
      for (key, value) in factor.rows[place] {
        switch (key, value) {
        case (_, .architecture(let value)): architecture = value
        case (_, .hidden(let widths)): hidden = widths
        case (_, .latentDim(let value)): latentDim = value
        case (.train(let key), .parameter(let value)): values[key] = value
        case (_, .seed), (_, .parameter): return nil
        }
      }
    }
    // The compiler has checked every value, so neither can fail.
    guard
      let shape = architecture
        ?? (try? Architecture(input: input, hidden: hidden, latentDim: latentDim))
    else { return nil }
    return try? Configuration(architecture: shape, values)
  }

  /// Every position that trains as `configuration`, in ascending order.
  func indices(of configuration: Configuration, _ defaults: GridDefaults) -> [Int] {
    let optimizer = ParameterValue.string(configuration.optimizer.name)
    for key in unset where configuration[key] != defaults.unsetValue(of: key, under: optimizer) {
      return []
    }
    var indices = [0]
    for factor in factors {
      let places = factor.places(of: configuration, defaults)
      indices = indices.flatMap { index in places.map { index * factor.rows.count + $0 } }
      if indices.isEmpty { return [] }
    }
    return indices
  }

  /// What is left out of the seeds of the configuration at a position: boxes of the seeds' columns.
  func excludedSeeds(at index: Int) -> [GridBox] {
    guard !excluded.isEmpty else { return [] }
    let places = places(at: index)
    return excluded.compactMap { box in
      for (place, set) in zip(places, box) {
        if let set, !set.contains(place) { return nil }
      }
      return Array(box[factors.count...])
    }
  }
}

/// Parts of a grid that have the same seeds: every configuration of them has each of those.
struct GridStream: Sendable {
  let parts: [GridPart]
  let seeds: GridSeeds
  /// Positions before each part, and in all.
  private let starts: [Int]

  init(_ parts: [GridPart], _ seeds: GridSeeds) throws(InvalidValue) {
    self.parts = parts
    self.seeds = seeds
    var starts = [0]
    for part in parts { starts.append(try GridSize.sum([starts[starts.count - 1], part.count])) }
    self.starts = starts
    _ = try GridSize.product([starts[parts.count], seeds.count])
  }

  /// Positions of configurations.
  var count: Int { starts[parts.count] }

  var positions: Int { count * seeds.count }

  /// Each part with where its configurations begin.
  var partsWithStarts: Zip2Sequence<[GridPart], [Int]> { zip(parts, starts) }

  /// Where the configuration at a position stands: its part, and its position there.
  func place(of index: Int) -> (part: GridPart, index: Int) {
    var (low, high) = (0, parts.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] <= index { low = middle } else { high = middle - 1 }
    }
    return (parts[low], index - starts[low])
  }

  /// Every position that trains as `configuration`, in ascending order.
  func indices(of configuration: Configuration, _ defaults: GridDefaults) -> [Int] {
    zip(parts, starts).flatMap { part, start in
      part.indices(of: configuration, defaults).map { start + $0 }
    }
  }
}
