import VAE

/// A grid's points by index and back, for whoever asks for many of them.
///
/// Gives what `Grid.point(at:)` and `Grid.index(of:)` give. What depends on the configuration alone
/// is worked out once and remembered, for a bounded number of configurations.
package struct GridLookup: Sendable {
  package let grid: Grid
  private var configurations: [Int: Configuration?] = [:]
  /// The positions that train as a configuration.
  private var places: [Configuration: [Known]] = [:]
  /// Beyond it all are forgotten and met anew.
  private static let maxRemembered = 4096

  /// A position of a configuration, with what is left out of its seeds.
  private struct Known: Sendable {
    let stream: Int
    let configuration: Int
    let excluded: [GridBox]
  }

  package init(_ grid: Grid) { self.grid = grid }

  /// The point at `index`, or nil where it is excluded or stands at an earlier index already.
  package mutating func point(at index: Int) -> Point? {
    let place = grid.rounds.place(at: index)
    guard let configuration = configuration(at: place) else { return nil }
    let seeds = grid.streams[place.stream].seeds
    let point = Point(configuration: configuration, seeds: seeds.seeds(at: place.seed))
    return self.index(of: point) == index ? point : nil
  }

  /// The index of `point`, or nil where the grid does not ask for it.
  package mutating func index(of point: Point) -> Int? {
    var first: Int?
    var (stream, seed): (Int, Int?) = (-1, nil)
    for known in places(of: point.configuration) {
      if known.stream != stream {
        (stream, seed) = (known.stream, grid.streams[known.stream].seeds.index(of: point.seeds))
      }
      guard let seed else { continue }
      if !known.excluded.isEmpty,
        known.excluded.hold(grid.streams[stream].seeds.places(at: seed))
      {
        continue
      }
      let index = grid.rounds.index(
        of: GridRounds.Place(stream: stream, configuration: known.configuration, seed: seed))
      first = min(first ?? .max, index)
    }
    return first
  }

  private mutating func configuration(at place: GridRounds.Place) -> Configuration? {
    let number = grid.numbers[place.stream].lowerBound + place.configuration
    if let known = configurations[number] { return known }
    let configuration = grid.configuration(at: place)
    if configurations.count >= Self.maxRemembered { configurations.removeAll() }
    configurations[number] = .some(configuration)
    return configuration
  }

  private mutating func places(of configuration: Configuration) -> [Known] {
    if let known = places[configuration] { return known }
    let found = grid.places(of: configuration).map { stream, index in
      let (part, own) = grid.streams[stream].place(of: index)
      return Known(
        stream: stream, configuration: index, excluded: part.excludedSeeds(at: own))
    }
    if places.count >= Self.maxRemembered { places.removeAll() }
    places[configuration] = found
    return found
  }
}
