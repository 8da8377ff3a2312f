package import VAE

extension Grid {
  /// One configuration of the sweep and how many points it is planned to have.
  package struct PlannedConfiguration: Hashable, Sendable {
    package let configuration: Configuration
    package let points: Int

    package init(configuration: Configuration, points: Int) {
      self.configuration = configuration
      self.points = points
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

  /// Counts without visiting every seed, unless an exclusion names one.
  package func count() -> Count {
    var count = Count()
    for index in 0..<configurationCount {
      let (points, excluded) = self.points(ofConfigurationAt: index)
      count.points += points
      count.excluded += excluded
      count.duplicates += seedCount - points - excluded
    }
    return count
  }

  /// The configurations in the order of the file, each with its number of planned points;
  /// `body` returns false to stop.
  package func forEachConfiguration(_ body: (PlannedConfiguration) -> Bool) {
    for index in 0..<configurationCount {
      let (points, _) = self.points(ofConfigurationAt: index)
      guard points > 0, let configuration = configuration(at: index) else { continue }
      let planned = PlannedConfiguration(configuration: configuration, points: points)
      guard body(planned) else { return }
    }
  }

  /// The points asked for, one after the other in the order of their indices.
  package var points: some Sequence<(index: Int, point: Point)> {
    (0..<positions).lazy.compactMap { index in point(at: index).map { (index, $0) } }
  }

  /// Every combination of seeds, excluded or not.
  package var allSeeds: some Sequence<Seeds> { (0..<seedCount).lazy.map { seeds(at: $0) } }

  /// Points and excluded positions of one configuration over all seeds.
  private func points(ofConfigurationAt index: Int) -> (points: Int, excluded: Int) {
    guard exclusionsNameSeeds else {
      if isExcluded(index, 0) { return (0, seedCount) }
      return (point(at: index) == nil ? 0 : seedCount, 0)
    }
    var points = 0
    var excluded = 0
    for seedIndex in 0..<seedCount {
      if isExcluded(index, seedIndex) {
        excluded += 1
      } else if point(at: seedIndex * configurationCount + index) != nil {
        points += 1
      }
    }
    return (points, excluded)
  }

  private var exclusionsNameSeeds: Bool {
    exclusions.contains { $0.keys.contains(where: \.isSeed) }
  }
}
