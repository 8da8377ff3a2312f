import Sweep
import VAE

/// A sweep's grids listed position by position, by the words of the rules alone.
///
/// The slow way that the grid's arithmetic is held against: it shares nothing with it but the values.
struct BruteForceGrid {
  typealias Position = [GridKey: GridValue]

  private(set) var steps = Grid.Steps()
  /// Every different point.
  private(set) var points: Set<Point> = []
  /// Points of positions that were left out; some may stand at another position.
  private(set) var excluded: Set<Point> = []
  private let train: [TrainKey: ParameterValue]

  init(_ blocks: [GridBlock], train: [TrainKey: ParameterValue]) throws {
    self.train = train
    for block in blocks { try add(block) }
    steps.points = points.count
  }

  private mutating func add(_ block: GridBlock) throws {
    var positions = product([[:]], block.axes)
    steps.grid += positions.count
    for zip in block.zips {
      positions = positions.flatMap { position in
        zip.rows.map { position.merging($0) { $1 } }
      }
    }
    steps.zip += positions.count
    for when in block.whens {
      positions = positions.flatMap { position in
        matches(position, when.condition) ? product([position], when.axes) : [position]
      }
    }
    steps.when += positions.count
    for position in positions {
      if block.exclusions.contains(where: { matches(position, $0) }) {
        steps.excluded += 1
        excluded.insert(try point(position))
      } else {
        points.insert(try point(position))
      }
    }
    for axes in block.includes {
      let added = product([[:]], axes)
      steps.included += added.count
      for position in added { points.insert(try point(position)) }
    }
  }

  private func product(_ positions: [Position], _ axes: [GridAxis]) -> [Position] {
    axes.reduce(positions) { positions, axis in
      positions.flatMap { position in
        Self.values(axis.values).map { position.merging([axis.key: $0]) { $1 } }
      }
    }
  }

  static func values(_ values: GridAxis.Values) -> [GridValue] {
    switch values {
    case .list(let list): list
    case .seeds(let range): range.map(GridValue.seed)
    }
  }

  private func matches(_ position: Position, _ match: GridMatch) -> Bool {
    match.terms.allSatisfy { term in
      guard let value = value(of: term.key, at: position) else { return false }
      return Self.values(term.values).contains(value)
    }
  }

  /// What a position has of a key: what an axis says, or what it comes to.
  private func value(of key: GridKey, at position: Position) -> GridValue? {
    if let said = position[key] { return said }
    let architecture = try? architecture(position)
    switch key {
    case .architecture: return architecture.map(GridValue.architecture)
    case .hidden: return architecture.map { .hidden($0.hidden) }
    case .latentDim: return architecture.map { .latentDim($0.latentDim) }
    case .train(let key):
      let shape = try? Architecture(hidden: [1], latentDim: 1)
      return shape.flatMap { try? Configuration(architecture: $0, values(position)) }?[key]
        .map(GridValue.parameter)
    case .seed, .initSeed, .orderSeed, .noiseSeed: return nil
    }
  }

  private func values(_ position: Position) -> [TrainKey: ParameterValue] {
    var values = train
    for case (.train(let key), .parameter(let value)) in position { values[key] = value }
    return values
  }

  private func architecture(_ position: Position) throws -> Architecture {
    if case .architecture(let architecture)? = position[.architecture] { return architecture }
    guard case .hidden(let hidden)? = position[.hidden],
      case .latentDim(let latentDim)? = position[.latentDim]
    else { throw NoArchitecture() }
    return try Architecture(hidden: hidden, latentDim: latentDim)
  }

  private struct NoArchitecture: Error {}

  private func point(_ position: Position) throws -> Point {
    func seed(_ key: GridKey) -> UInt32? {
      if case .seed(let seed)? = position[key] { seed } else { nil }
    }
    let shared = seed(.seed) ?? 0
    return Point(
      configuration: try Configuration(
        architecture: architecture(position), values(position)),
      seeds: Seeds(
        initialization: seed(.initSeed) ?? shared, order: seed(.orderSeed) ?? shared,
        noise: seed(.noiseSeed) ?? shared))
  }
}
