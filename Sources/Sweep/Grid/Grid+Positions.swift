package import VAE

extension Grid {
  /// The positions of the points that a filter accepts.
  ///
  /// Worked out axis by axis: its time grows with the configurations and the seeds, and with words of
  /// bits, not with positions one by one.
  package func positions(of filter: PointFilter) -> PositionSet {
    var found = PositionSet()
    for (number, stream) in streams.enumerated() {
      let seeds = stream.seeds.positions(of: filter.match)
      let configurations = stream.positions(of: filter.match, in: self)
      insert(configurations, seeds, of: number, into: &found)
    }
    removeExcluded(from: &found)
    removeRepeated(from: &found)
    return found
  }

  /// The positions of points that `other` does not ask for.
  package func positions(missingIn other: Grid) -> PositionSet {
    var missing = PositionSet()
    for (number, stream) in streams.enumerated() {
      // More seeds of the same configurations are what a sweep is mostly extended by.
      if train == other.train, input == other.input,
        other.streams.contains(where: { $0.holds(stream) })
      {
        continue
      }
      for index in 0..<stream.count {
        let place = GridRounds.Place(stream: number, configuration: index, seed: 0)
        guard let configuration = configuration(at: place) else { continue }
        let lacking = lacking(stream.seeds, of: configuration, in: other)
        insert(IntervalSet([index..<index + 1]), lacking, of: number, into: &missing)
      }
    }
    removeExcluded(from: &missing)
    removeRepeated(from: &missing)
    return missing
  }

  /// How many of some positions have each configuration.
  package func countByConfiguration(_ positions: PositionSet) -> [Configuration: Int] {
    var counts: [Int: Int] = [:]
    positions.visit { index in
      let place = rounds.place(at: index)
      counts[numbers[place.stream].lowerBound + place.configuration, default: 0] += 1
    }
    var named: [Configuration: Int] = [:]
    for (number, count) in counts {
      guard let stream = numbers.firstIndex(where: { $0.contains(number) }) else { continue }
      let place = GridRounds.Place(
        stream: stream, configuration: number - numbers[stream].lowerBound, seed: 0)
      if let configuration = configuration(at: place) { named[configuration, default: 0] += count }
    }
    return named
  }

  private func insert(
    _ configurations: IntervalSet, _ seeds: IntervalSet, of stream: Int,
    into positions: inout PositionSet
  ) {
    forEachRange(configurations, seeds, of: stream) { positions.insert($0) }
  }

  /// Positions of a stream, round by round.
  private func forEachRange(
    _ configurations: IntervalSet, _ seeds: IntervalSet, of stream: Int,
    _ body: (Range<Int>) -> Void
  ) {
    for seed in seeds.ranges.joined() {
      for range in configurations.ranges {
        let first = rounds.index(
          of: GridRounds.Place(stream: stream, configuration: range.lowerBound, seed: seed))
        body(first..<first + range.count)
      }
    }
  }

  private func removeExcluded(from positions: inout PositionSet) {
    for (number, stream) in streams.enumerated() {
      for (part, start) in stream.partsWithStarts {
        for box in part.excluded {
          let own = part.positions(in: [GridBox(box.prefix(part.factors.count))])
          let configurations = IntervalSet(
            own.ranges.map { start + $0.lowerBound..<start + $0.upperBound })
          let seeds = stream.seeds.positions(in: GridBox(box.dropFirst(part.factors.count)))
          forEachRange(configurations, seeds, of: number) { positions.remove($0) }
        }
      }
    }
  }

  /// Of a point that stands at several positions only the first one is its own.
  private func removeRepeated(from positions: inout PositionSet) {
    guard steps.duplicates > 0, !positions.isEmpty else { return }
    var lookup = GridLookup(self)
    for (number, stream) in streams.enumerated() {
      for index in 0..<stream.count {
        let place = GridRounds.Place(stream: number, configuration: index, seed: 0)
        guard let configuration = configuration(at: place),
          places(of: configuration).count > 1
        else { continue }
        for seed in 0..<stream.seeds.count {
          let position = rounds.index(
            of: GridRounds.Place(stream: number, configuration: index, seed: seed))
          if positions.contains(position), lookup.point(at: position) == nil {
            positions.remove(position)
          }
        }
      }
    }
  }

  /// The positions among `seeds` that a configuration of `other` does not have.
  private func lacking(_ seeds: GridSeeds, of configuration: Configuration, in other: Grid)
    -> IntervalSet
  {
    let places = other.places(of: configuration)
    guard !places.isEmpty else { return IntervalSet([0..<seeds.count]) }
    return IntervalSet(
      numbers: (0..<seeds.count).filter { position in
        let point = Point(configuration: configuration, seeds: seeds.seeds(at: position))
        return !places.contains { stream, index in
          guard let seed = other.streams[stream].seeds.index(of: point.seeds) else { return false }
          return !other.isExcluded(
            GridRounds.Place(stream: stream, configuration: index, seed: seed))
        }
      })
  }
}

extension GridStream {
  /// The positions of the configurations that a match accepts, whatever it asks of seeds.
  fileprivate func positions(of match: GridMatch, in grid: Grid) -> IntervalSet {
    let terms = match.terms.filter { !$0.key.isSeed }
    guard !terms.isEmpty else { return IntervalSet([0..<count]) }
    var ranges: [Range<Int>] = []
    for (part, start) in partsWithStarts {
      let own: IntervalSet
      if let exact = part.boxes(of: terms, grid.defaults) {
        own = part.positions(in: exact)
      } else {
        own = IntervalSet(
          numbers: (0..<part.count).filter { index in
            part.configuration(at: index, input: grid.input, train: grid.train).map {
              configuration in terms.allSatisfy { $0.accepts(configuration) }
            } ?? false
          })
      }
      ranges += own.ranges.map { start + $0.lowerBound..<start + $0.upperBound }
    }
    return IntervalSet(ranges)
  }

  /// Whether every point of another stream is one of this: the same configurations, and its seeds.
  ///
  /// Not found where only some order differs: then each configuration is looked at.
  fileprivate func holds(_ other: GridStream) -> Bool {
    guard parts.count == other.parts.count,
      zip(parts, other.parts).allSatisfy({ own, far in
        own.excluded.isEmpty && own.factors.map(\.rows) == far.factors.map(\.rows)
      })
    else { return false }
    return (0..<other.seeds.count).allSatisfy { seeds.index(of: other.seeds.seeds(at: $0)) != nil }
  }
}

extension GridPart {
  /// What terms take of the factors, where that is the same as asking every configuration; nil where
  /// it is not: a key of one optimiser alone has no value under another, and an architecture may be
  /// given as halves.
  fileprivate func boxes(of terms: [GridMatch.Term], _ defaults: GridDefaults) -> [GridBox]? {
    var canonical: [GridMatch.Term] = []
    for term in terms {
      switch term.key {
      case .hidden, .latentDim: canonical.append(term)
      case .architecture, .seed, .initSeed, .orderSeed, .noiseSeed: return nil
      case .train(let key):
        guard OptimizerName.allCases.allSatisfy(key.applies), case .list(let values) = term.values
        else { return nil }
        // 1 and 1.0 are one number.
        let read = values.compactMap { value -> GridValue? in
          guard case .parameter(let parameter) = value else { return nil }
          return (try? key.checked(parameter, from: .record)).map(GridValue.parameter)
        }
        canonical.append(GridMatch.Term(key: term.key, values: .list(read)))
      }
    }
    return GridMatcher(factors: factors, seeds: [], defaults: defaults)
      .boxes(of: GridMatch(canonical))
  }

  /// The positions in the union of boxes over the factors.
  fileprivate func positions(in boxes: [GridBox]) -> IntervalSet {
    IntervalSet(boxes.flatMap { $0.positions(counts: factors.map(\.rows.count)).ranges })
  }
}

extension GridSeeds {
  /// The positions of the seeds that a match accepts, whatever else it asks.
  fileprivate func positions(of match: GridMatch) -> IntervalSet {
    let terms = match.terms.filter { $0.key.isSeed }
    guard !terms.isEmpty else { return IntervalSet([0..<count]) }
    return IntervalSet(
      numbers: (0..<count).filter { position in
        let seeds = seeds(at: position)
        return terms.allSatisfy { $0.accepts(seeds) }
      })
  }

  /// The positions in a box over the columns; a nested design is one.
  fileprivate func positions(in box: GridBox) -> IntervalSet { box.positions(counts: counts) }
}

extension GridBox {
  /// The positions of a box in a product of axes of which the last varies fastest.
  fileprivate func positions(counts: [Int]) -> IntervalSet {
    var ranges = [0..<1]
    for (set, count) in zip(self, counts) {
      guard let set, set.count < count else {
        ranges = ranges.map { $0.lowerBound * count..<$0.upperBound * count }
        continue
      }
      ranges = ranges.joined().flatMap { base in
        set.ranges.map { base * count + $0.lowerBound..<base * count + $0.upperBound }
      }
    }
    return IntervalSet(ranges)
  }
}
