package import VAE

extension Grid {
  /// The point at `index`, or nil where it is excluded or stands at an earlier index already
  /// (RMSprop points differ by `rho`, Adam points do not).
  package func point(at index: Int) -> Point? {
    let place = rounds.place(at: index)
    guard !isExcluded(place), let configuration = configuration(at: place) else { return nil }
    let point = Point(
      configuration: configuration, seeds: streams[place.stream].seeds.seeds(at: place.seed))
    return self.index(of: point) == index ? point : nil
  }

  /// The index of `point`, or nil where this grid does not ask for it.
  package func index(of point: Point) -> Int? {
    var first: Int?
    for (number, stream) in streams.enumerated() {
      guard let seed = stream.seeds.index(of: point.seeds) else { continue }
      for configuration in stream.indices(of: point.configuration, defaults) {
        let place = GridRounds.Place(stream: number, configuration: configuration, seed: seed)
        guard !isExcluded(place) else { continue }
        first = min(first ?? .max, rounds.index(of: place))
        break
      }
    }
    return first
  }

  /// The how-manieth seeds of its configuration stand at an index, counted from 0.
  package func seedPosition(at index: Int) -> Int { rounds.place(at: index).seed }

  func configuration(at place: GridRounds.Place) -> Configuration? {
    let (part, index) = streams[place.stream].place(of: place.configuration)
    return part.configuration(at: index, input: input, train: train)
  }

  func isExcluded(_ place: GridRounds.Place) -> Bool {
    let (part, index) = streams[place.stream].place(of: place.configuration)
    let boxes = part.excludedSeeds(at: index)
    guard !boxes.isEmpty else { return false }
    return boxes.hold(streams[place.stream].seeds.places(at: place.seed))
  }

  /// The number of the block that asks for a configuration first; nil where none does.
  package func block(of configuration: Configuration) -> Int? {
    places(of: configuration).first.flatMap { place in
      mainStreams.lastIndex { $0.lowerBound <= place.stream }
    }
  }

  /// Every position of a configuration, stream after stream, those of a stream ascending.
  func places(of configuration: Configuration) -> [(stream: Int, configuration: Int)] {
    streams.enumerated().flatMap { number, stream in
      stream.indices(of: configuration, defaults).map { (number, $0) }
    }
  }
}

extension [GridBox] {
  /// Whether some box holds a position, given by its place on each axis.
  func hold(_ places: [Int]) -> Bool {
    contains { box in
      zip(box, places).allSatisfy { set, place in set?.contains(place) ?? true }
    }
  }
}
