package import VAE

extension Grid {
  /// One configuration of the sweep and how many points it is planned to have.
  package struct PlannedConfiguration: Hashable, Sendable {
    package let configuration: Configuration
    package let points: Int
    /// Positions with this configuration that `exclude:` leaves out.
    package let excluded: Int
    /// Positions whose point stands at another position too.
    package let duplicates: Int

    package init(
      configuration: Configuration, points: Int, excluded: Int = 0, duplicates: Int = 0
    ) {
      self.configuration = configuration
      self.points = points
      self.excluded = excluded
      self.duplicates = duplicates
    }
  }

  /// How many points a grid has, and how many positions fall away.
  package struct Count: Hashable, Sendable {
    /// Different points that are asked for.
    package var points = 0
    package var excluded = 0
    /// Positions whose point stands at an earlier position too.
    package var duplicates = 0

    package init(points: Int = 0, excluded: Int = 0, duplicates: Int = 0) {
      self.points = points
      self.excluded = excluded
      self.duplicates = duplicates
    }
  }

  /// Known since the grid was made, by arithmetic.
  package func count() -> Count {
    Count(points: steps.points, excluded: steps.excluded, duplicates: steps.duplicates)
  }

  /// Positions of configurations: no fewer than there are different ones.
  package var configurationPositions: Int { numbers.last?.upperBound ?? 0 }

  /// The different configurations in the order of the file, each with its number of planned points;
  /// `body` returns false to stop.
  ///
  /// - Parameter includingEmpty: Also those that `exclude:` leaves no point of.
  package func forEachConfiguration(
    includingEmpty: Bool = false, _ body: (PlannedConfiguration) -> Bool
  ) {
    for (number, stream) in streams.enumerated() {
      for index in 0..<stream.count {
        let place = GridRounds.Place(stream: number, configuration: index, seed: 0)
        guard let configuration = configuration(at: place) else { continue }
        let places = places(of: configuration)
        guard let first = places.first, first == (number, index) else { continue }
        let planned = planned(configuration, at: places)
        guard planned.points > 0 || includingEmpty else { continue }
        guard body(planned) else { return }
      }
    }
  }

  private func planned(
    _ configuration: Configuration, at places: [(stream: Int, configuration: Int)]
  ) -> PlannedConfiguration {
    let cells = seedCells(at: places)
    var (positions, excluded) = (0, 0)
    for cell in cells {
      positions += cell.counts.reduce(1, *)
      excluded += BoxCount.union(cell.counts, cell.excluded)
    }
    let points = Self.points(cells)
    return PlannedConfiguration(
      configuration: configuration, points: points, excluded: excluded,
      duplicates: positions - excluded - points)
  }

  /// The seeds of some positions of one configuration.
  private func seedCells(at places: [(stream: Int, configuration: Int)]) -> [GridCell] {
    places.map { stream, index in
      let seeds = streams[stream].seeds
      let (part, own) = streams[stream].place(of: index)
      return GridCell(
        fixed: [], owners: [],
        columns: seeds.nested.map { [.nested($0)] } ?? seeds.columns.map(GridCell.Column.seeds),
        excluded: part.excludedSeeds(at: own))
    }
  }

  /// Different seeds in all of `cells`; where designs are too large to be compared, which a grid of
  /// its own refuses, those of all of them.
  private static func points(_ cells: [GridCell]) -> Int {
    (try? cells.points())
      ?? cells.reduce(0) { $0 + $1.counts.reduce(1, *) - BoxCount.union($1.counts, $1.excluded) }
  }

  /// The points asked for, one after the other in the order of their indices.
  package var points: some Sequence<(index: Int, point: Point)> {
    (0..<positions).lazy.compactMap { index in point(at: index).map { (index, $0) } }
  }

  /// The configurations of all grids in their order; a point that two grids share is planned once.
  package static func plannedOnce(_ grids: [Grid]) -> [PlannedConfiguration] {
    var planned: [PlannedConfiguration] = []
    for (number, grid) in grids.enumerated() {
      grid.forEachConfiguration { own in
        let configuration = own.configuration
        let earlier = grids[..<number].flatMap { $0.seedCells(at: $0.places(of: configuration)) }
        guard !earlier.isEmpty else {
          planned.append(
            PlannedConfiguration(configuration: configuration, points: own.points))
          return true
        }
        let cells = grid.seedCells(at: grid.places(of: configuration))
        planned.append(
          PlannedConfiguration(
            configuration: configuration,
            points: Self.points(earlier + cells) - Self.points(earlier)))
        return true
      }
    }
    return planned
  }

  /// The seeds asked for of a configuration, where `seed` is the one seed axis.
  package func seedRanges(of configuration: Configuration) -> SeedRanges? {
    var asked = IntervalSet()
    guard hasSharedSeeds else { return nil }
    for (stream, index) in places(of: configuration) {
      guard let column = streams[stream].seeds.columns.first else { return nil }
      let (part, own) = streams[stream].place(of: index)
      var excluded = IntervalSet()
      for box in part.excludedSeeds(at: own) {
        excluded = excluded.union(box[0] ?? IntervalSet([0..<column.count]))
      }
      asked = asked.union(column.seeds(at: excluded.complement(in: 0..<column.count)))
    }
    return SeedRanges(
      asked.ranges.map { UInt32($0.lowerBound)...UInt32($0.upperBound - 1) })
  }

  /// The first `count` seeds asked for of a configuration, in the order of the file; none where the
  /// three seeds have axes of their own.
  package func seeds(of configuration: Configuration, first count: Int = .max) -> [UInt32] {
    guard hasSharedSeeds else { return [] }
    let places = places(of: configuration)
    let axes = Set(places.map(\.stream)).sorted().compactMap { streams[$0].seeds.shared }
    var seeds: [UInt32] = []
    var seen: Set<UInt32> = []
    for position in 0..<(axes.map(\.count).max() ?? 0) where seeds.count < count {
      for axis in axes where position < axis.count {
        guard case .seed(let seed) = axis[position], seeds.count < count,
          axes.count == 1 || seen.insert(seed).inserted,
          index(of: Point(configuration: configuration, seeds: Seeds(seed))) != nil
        else { continue }
        seeds.append(seed)
      }
    }
    return seeds
  }
}
