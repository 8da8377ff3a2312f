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

  /// Counts without visiting any seed.
  package func count() -> Count {
    var count = Count()
    forEachConfiguration(includingEmpty: true) { planned in
      count.points += planned.points
      count.excluded += planned.excluded
      count.duplicates += planned.duplicates
      return true
    }
    return count
  }

  /// The different configurations in the order of the file, each with its number of planned points;
  /// `body` returns false to stop.
  ///
  /// - Parameter includingEmpty: Also those that `exclude:` leaves no point of.
  package func forEachConfiguration(
    includingEmpty: Bool = false, _ body: (PlannedConfiguration) -> Bool
  ) {
    let seedCounts = nested.map { [$0.count] } ?? seedAxes.map(\.count)
    for index in 0..<configurationCount {
      guard let configuration = configuration(at: index) else { continue }
      let same = configurationIndices(of: configuration)
      guard same.first == index else { continue }
      let left = same.map { exclusions(ofConfigurationAt: $0) }
      let excluded = left.reduce(0) {
        $0 + SeedBoxes.positions(inAll: [$1], counts: seedCounts)
      }
      let points = seedCount - SeedBoxes.positions(inAll: left, counts: seedCounts)
      guard points > 0 || includingEmpty else { continue }
      let planned = PlannedConfiguration(
        configuration: configuration, points: points, excluded: excluded,
        duplicates: same.count * seedCount - excluded - points)
      guard body(planned) else { return }
    }
  }

  /// The points asked for, one after the other in the order of their indices.
  package var points: some Sequence<(index: Int, point: Point)> {
    (0..<positions).lazy.compactMap { index in point(at: index).map { (index, $0) } }
  }

  /// Every combination of seeds, excluded or not.
  package var allSeeds: some Sequence<Seeds> { (0..<seedCount).lazy.map { seeds(at: $0) } }

  /// The configurations of all grids in their order; a point that two grids share is planned once.
  ///
  /// Exact and quick where the one seed axis is `seed`, as it is in nearly every sweep. Where the
  /// three seeds have axes of their own, the points of a later grid are looked at one by one, up to
  /// a hundred thousand of a configuration; beyond that what two grids share is counted in both.
  package static func plannedOnce(_ grids: [Grid]) -> [PlannedConfiguration] {
    var planned: [PlannedConfiguration] = []
    for (number, grid) in grids.enumerated() {
      let earlier = grids[..<number]
      grid.forEachConfiguration { own in
        let configuration = own.configuration
        let points: Int
        if let seeds = grid.seedRanges(of: configuration),
          let others = seedRanges(of: configuration, in: earlier)
        {
          points = seeds.subtracting(others).count
        } else if grid.seedCount <= 100_000 {
          points = grid.allSeeds.count { seeds in
            let point = Point(configuration: configuration, seeds: seeds)
            return grid.index(of: point) != nil && !earlier.contains { $0.index(of: point) != nil }
          }
        } else {
          points = own.points
        }
        planned.append(PlannedConfiguration(configuration: configuration, points: points))
        return true
      }
    }
    return planned
  }

  /// The seeds that any of `grids` asks for of a configuration; nil where one counts them otherwise.
  private static func seedRanges(of configuration: Configuration, in grids: ArraySlice<Grid>)
    -> SeedRanges?
  {
    var union = SeedRanges([])
    for grid in grids {
      guard let seeds = grid.seedRanges(of: configuration) else { return nil }
      union = union.union(seeds)
    }
    return union
  }

  /// The seeds asked for of a configuration, where `seed` is the one seed axis.
  package func seedRanges(of configuration: Configuration) -> SeedRanges? {
    guard seedAxes.count == 1, let axis = seedAxes.first, axis.key == .seed else { return nil }
    let same = configurationIndices(of: configuration)
    guard !same.isEmpty else { return SeedRanges([]) }
    // Left out is what every position with this configuration leaves out.
    var left: Set<Int>?
    for index in same {
      let boxes = exclusions(ofConfigurationAt: index).boxes
      if boxes.contains([nil]) { continue }
      let places = Set(boxes.compactMap(\.first).compactMap(\.self))
      left = left?.intersection(places) ?? places
    }
    guard let left else { return SeedRanges([]) }
    func range(_ value: GridValue) -> ClosedRange<UInt32>? {
      if case .seed(let seed) = value { seed...seed } else { nil }
    }
    let excluded = SeedRanges(left.compactMap { range(axis[$0]) })
    switch axis.values {
    case .seeds(let range): return SeedRanges([range]).subtracting(excluded)
    case .list(let values): return SeedRanges(values.compactMap(range)).subtracting(excluded)
    }
  }

  /// The seed positions that are left out of the configuration at a position.
  private func exclusions(ofConfigurationAt index: Int) -> SeedBoxes {
    var boxes = SeedBoxes()
    guard !exclusions.isEmpty else { return boxes }
    let values = configurationValues(at: index)
    for exclusion in exclusions {
      let applies = exclusion.allSatisfy { $0.key.isSeed || values[$0.key] == $0.value }
      guard applies else { continue }
      // A nested design has no seed that an exclusion could name.
      boxes.append(
        nested != nil
          ? [nil] : seedAxes.map { axis in exclusion[axis.key].flatMap { axis.position(of: $0) } })
    }
    return boxes
  }

  /// The first `count` seeds asked for of a configuration, in the order of the file; none where the
  /// three seeds have axes of their own.
  package func seeds(of configuration: Configuration, first count: Int) -> [UInt32] {
    guard seedAxes.count == 1, let axis = seedAxes.first, axis.key == .seed else { return [] }
    var seeds: [UInt32] = []
    for position in 0..<axis.count where seeds.count < count {
      guard case .seed(let seed) = axis[position],
        index(of: Point(configuration: configuration, seeds: Seeds(seed))) != nil
      else { continue }
      seeds.append(seed)
    }
    return seeds
  }
}
