import Sweep
import Testing
import VAE

@Suite("A grid")
struct GridTests {
  private func architectures(_ names: String...) throws -> GridAxis {
    GridAxis(
      key: .architecture,
      values: .list(try names.map { .architecture(try Architecture(parsing: $0)) }))
  }

  private func axis(_ key: TrainKey, _ values: ParameterValue...) -> GridAxis {
    GridAxis(key: .train(key), values: .list(values.map(GridValue.parameter)))
  }

  private func seeds(_ range: ClosedRange<UInt32>) -> GridAxis {
    GridAxis(key: .seed, values: .seeds(range))
  }

  @Test("finds every point back from its values")
  func inverse() throws {
    let grid = try Grid(
      axes: [
        architectures("784-256-2", "784-256-32-8-4"), axis(.sampling, .bool(true), .bool(false)),
        seeds(5...9),
      ], train: [.epochs: .int(3)])
    #expect(grid.positions == 20)
    for index in 0..<grid.positions {
      let point = try #require(grid.point(at: index))
      #expect(grid.index(of: point) == index)
      #expect(point.configuration.epochs == 3)
    }
    #expect(Set((0..<20).compactMap { grid.point(at: $0) }).count == 20)
    #expect(grid.count().points == 20)
  }

  @Test("gives hidden layers and latents its input, and finds their points back")
  func input() throws {
    let axes = [
      GridAxis(key: .hidden, values: .list([.hidden([16]), .hidden([16, 8])])),
      GridAxis(key: .latentDim, values: .list([.latentDim(2)])), seeds(0...1),
    ]
    let grid = try Grid(blocks: [GridBlock(axes: axes)], train: [:], input: 140)
    let points = grid.points.map(\.point)
    #expect(points.map { $0.configuration.architecture.input } == [140, 140, 140, 140])
    #expect(points.compactMap { grid.index(of: $0) } == [0, 1, 2, 3])
    let usual = try Grid(blocks: [GridBlock(axes: axes)], train: [:])
    #expect(usual != grid)
    #expect(grid.hasHalves)
    #expect(usual.point(at: 0)?.configuration.architecture.description == "784-16-2")
    // The key has no input: the dataset's digest says it.
    let dataset = Digest(of: "images")
    #expect(
      grid.point(at: 0)?.key(dataset: dataset, trainerVersion: 1)
        == usual.point(at: 0)?.key(dataset: dataset, trainerVersion: 1))
  }

  @Test("varies seeds slowest and the last axis of the file fastest")
  func order() throws {
    let grid = try Grid(
      axes: [
        seeds(0...1), architectures("784-256-2", "784-256-3"),
        axis(.sampling, .bool(true), .bool(false)),
      ], train: [:])
    let points = grid.points.map(\.point)
    #expect(points.map { $0.seeds.order } == [0, 0, 0, 0, 1, 1, 1, 1])
    #expect(points.prefix(4).map { $0.configuration.architecture.latentDim } == [2, 2, 3, 3])
    #expect(points.prefix(4).map { $0.configuration.sampling } == [true, false, true, false])
  }

  @Test("counts a point once where an axis does not apply to it")
  func duplicates() throws {
    let grid = try Grid(
      axes: [
        architectures("784-256-2"), axis(.optimizer, .string("adam"), .string("rmsprop")),
        axis(.rho, .double(0.9), .double(0.99)), seeds(0...2),
      ], train: [:])
    #expect(grid.positions == 12)
    let count = grid.count()
    #expect(count.points == 9)
    #expect(count.duplicates == 3)
    let points = Array(grid.points)
    #expect(points.count == 9)
    for (index, point) in points { #expect(grid.index(of: point) == index) }
  }

  @Test("keeps the later twin of an excluded point")
  func excludedTwin() throws {
    let grid = try Grid(
      axes: [
        architectures("784-256-2"), axis(.optimizer, .string("adam"), .string("rmsprop")),
        axis(.rho, .double(0.9), .double(0.99)), seeds(0...0),
      ], train: [:],
      exclusions: [[.train(.rho): .parameter(.double(0.9))]])
    let points = Array(grid.points)
    #expect(points.map(\.index) == [1, 3])
    #expect(grid.count() == Grid.Count(points: 2, excluded: 2, duplicates: 0))
  }

  @Test("leaves out what is excluded, by configuration and by seed")
  func exclusions() throws {
    let grid = try Grid(
      axes: [
        architectures("784-256-2", "784-256-3"), axis(.sampling, .bool(true), .bool(false)),
        seeds(0...3),
      ], train: [:],
      exclusions: [
        [.train(.sampling): .parameter(.bool(false)), .seed: .seed(2)],
        [.architecture: .architecture(try Architecture(parsing: "784-256-3"))],
      ])
    let points = grid.points.map(\.point)
    #expect(points.count == 7)
    #expect(grid.count() == Grid.Count(points: 7, excluded: 9, duplicates: 0))
    var planned: [Int] = []
    grid.forEachConfiguration {
      planned.append($0.points)
      return true
    }
    #expect(planned == [4, 3])
  }

  @Test("takes hidden layers and latent dimension apart, and seeds of their own")
  func apart() throws {
    let grid = try Grid(
      axes: [
        GridAxis(key: .hidden, values: .list([.hidden([256]), .hidden([256, 32])])),
        GridAxis(key: .latentDim, values: .list([.latentDim(2), .latentDim(8)])),
        seeds(0...1), GridAxis(key: .initSeed, values: .seeds(100...102)),
      ], train: [:])
    #expect(grid.positions == 24)
    let points = grid.points.map(\.point)
    #expect(Set(points).count == 24)
    #expect(points[0].seeds == Seeds(initialization: 100, order: 0, noise: 0))
    for (index, point) in grid.points { #expect(grid.index(of: point) == index) }
  }

  @Test("holds a million points without listing them")
  func large() throws {
    let grid = try Grid(axes: [architectures("784-256-2"), seeds(0...UInt32.max)], train: [:])
    #expect(grid.positions == 1 << 32)
    let point = try #require(grid.point(at: 4_000_000_000))
    #expect(point.seeds == Seeds(4_000_000_000))
    #expect(grid.index(of: point) == 4_000_000_000)
    #expect(grid.count().points == 1 << 32)
  }

  @Test("does not find a point of another sweep")
  func foreign() throws {
    let grid = try Grid(axes: [architectures("784-256-2"), seeds(0...3)], train: [:])
    let shape = try Architecture(parsing: "784-256-2")
    let other = try Configuration(architecture: shape, [.epochs: .int(7)])
    #expect(grid.index(of: Point(configuration: other, seeds: Seeds(0))) == nil)
    let same = try Configuration(architecture: shape, [:])
    #expect(grid.index(of: Point(configuration: same, seeds: Seeds(4))) == nil)
    #expect(grid.index(of: Point(configuration: same, seeds: Seeds(3))) == 3)
  }

  @Test("refuses axes that define no configuration, or one thing twice")
  func rules() throws {
    let shape = try architectures("784-256-2")
    let refused: [([GridAxis], [TrainKey: ParameterValue])] = [
      ([shape], [:]), ([seeds(0...1)], [:]), ([shape, shape, seeds(0...1)], [:]),
      ([shape, seeds(0...1), axis(.epochs, .int(1))], [.epochs: .int(2)]),
      ([shape, seeds(0...1), axis(.epochs)], [:]),
      ([shape, seeds(0...1), axis(.learningRate, .int(1), .double(1))], [:]),
      ([shape, seeds(0...1), axis(.epochs, .int(0))], [:]),
      ([shape, seeds(0...1), axis(.rho, .double(0.9))], [:]),
      ([shape, seeds(0...1)], [.momentum: .double(0.9)]),
      ([shape, seeds(0...1), GridAxis(key: .latentDim, values: .list([.latentDim(2)]))], [:]),
    ]
    for (axes, train) in refused {
      #expect(throws: InvalidValue.self) { try Grid(axes: axes, train: train) }
    }
  }

  @Test("is counted without visiting its seeds, as visiting them would count it")
  func counting() throws {
    let small = try Grid(
      axes: [
        architectures("784-256-2", "784-256-3"),
        axis(.optimizer, .string("adam"), .string("rmsprop")),
        axis(.rho, .double(0.9), .double(0.99)),
        GridAxis(key: .initSeed, values: .seeds(0...4)),
        GridAxis(key: .orderSeed, values: .seeds(0...2)),
        GridAxis(key: .noiseSeed, values: .list([.seed(7), .seed(1)])),
      ], train: [:],
      exclusions: [
        [.initSeed: .seed(3)], [.orderSeed: .seed(0), .noiseSeed: .seed(7)],
        [.initSeed: .seed(1), .orderSeed: .seed(2)], [.initSeed: .seed(1), .orderSeed: .seed(2)],
        [.train(.rho): .parameter(.double(0.9)), .noiseSeed: .seed(1)],
        [
          .architecture: .architecture(try Architecture(parsing: "784-256-3")),
          .train(.optimizer): .parameter(.string("rmsprop")),
        ],
      ])
    let count = small.count()
    #expect(count.points == (0..<small.positions).count { small.point(at: $0) != nil })
    #expect(count.points + count.excluded + count.duplicates == small.positions)
    let all = Dictionary(grouping: small.points.map(\.point), by: \.configuration)
    var seen = 0
    small.forEachConfiguration { planned in
      seen += 1
      return planned.points == all[planned.configuration]?.count
    }
    #expect(seen == all.count)

    let large = try Grid(
      axes: [architectures("784-256-2"), seeds(0...UInt32.max)], train: [:],
      exclusions: [[.seed: .seed(3)], [.seed: .seed(UInt32.max)], [.seed: .seed(3)]])
    #expect(large.count() == Grid.Count(points: 1 << 32 - 2, excluded: 2))
  }

  @Test("plans a point once that another grid has planned, however many seeds they have")
  func sharedPoints() throws {
    let first = try Grid(
      axes: [architectures("784-256-2"), seeds(2...5)], train: [:],
      exclusions: [[.seed: .seed(4)]])
    let second = try Grid(
      axes: [architectures("784-256-2", "784-256-3"), seeds(0...UInt32.max)], train: [:],
      exclusions: [[.seed: .seed(5)], [.seed: .seed(100)]])
    let third = try Grid(
      axes: [
        architectures("784-256-2"),
        GridAxis(key: .seed, values: .list([.seed(5), .seed(100), .seed(4), .seed(9)])),
      ], train: [:])
    let planned = Grid.plannedOnce([first, second, third])
    #expect(planned.map(\.points) == [3, 1 << 32 - 2 - 2, 1 << 32 - 2, 1])
  }
}
