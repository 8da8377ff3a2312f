import VAE

/// A grid's points by index and back, for whoever asks for many of them.
///
/// Gives what `Grid.point(at:)` and `Grid.index(of:)` give. What depends on the configuration alone
/// is worked out once and remembered, for a bounded number of configurations.
package struct GridLookup: Sendable {
  package let grid: Grid
  private var configurations: [Int: Configuration?] = [:]
  /// The positions that train as a configuration, ascending.
  private var positions: [Configuration: [Int]] = [:]
  /// Beyond it all are forgotten and met anew.
  private static let mostRemembered = 4096

  package init(_ grid: Grid) { self.grid = grid }

  /// The point at `index`, or nil where it is excluded or stands at an earlier index already.
  package mutating func point(at index: Int) -> Point? {
    let (seedIndex, configurationIndex) = index.quotientAndRemainder(
      dividingBy: grid.configurationCount)
    guard !grid.isExcluded(configurationIndex, seedIndex),
      let configuration = configuration(at: configurationIndex)
    else { return nil }
    let point = Point(configuration: configuration, seeds: grid.seeds(at: seedIndex))
    return self.index(of: point) == index ? point : nil
  }

  /// The index of `point`, or nil where the grid does not ask for it.
  package mutating func index(of point: Point) -> Int? {
    guard let seedIndex = grid.seedIndex(of: point.seeds) else { return nil }
    let found = positions(of: point.configuration).first { !grid.isExcluded($0, seedIndex) }
    return found.map { seedIndex * grid.configurationCount + $0 }
  }

  private mutating func configuration(at index: Int) -> Configuration? {
    if let known = configurations[index] { return known }
    let configuration = grid.configuration(at: index)
    if configurations.count >= Self.mostRemembered { configurations.removeAll() }
    configurations[index] = .some(configuration)
    return configuration
  }

  private mutating func positions(of configuration: Configuration) -> [Int] {
    if let known = positions[configuration] { return known }
    let found = grid.configurationIndices(of: configuration)
    if positions.count >= Self.mostRemembered { positions.removeAll() }
    positions[configuration] = found
    return found
  }
}
