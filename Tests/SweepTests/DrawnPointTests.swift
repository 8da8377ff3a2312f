import Sweep
import Testing
import VAE

@Suite("Points drawn from a grid")
struct DrawnPointTests {
  private static func axis(_ key: TrainKey, _ values: [ParameterValue]) -> GridAxis {
    GridAxis(key: .train(key), values: .list(values.map(GridValue.parameter)))
  }

  private static func grid(
    _ axes: [GridAxis], without exclusions: [GridMatch] = [], seeds: ClosedRange<UInt32> = 0...9
  ) throws -> Grid {
    let net = GridAxis(
      key: .architecture, values: .list([.architecture(try Architecture(parsing: "784-16-2"))]))
    return try Grid(
      blocks: [
        GridBlock(
          axes: [net] + axes + [GridAxis(key: .seed, values: .seeds(seeds))],
          exclusions: exclusions)
      ], train: [:])
  }

  private static let rates = axis(.learningRate, (1...10_000).map { .double(Double($0) / 1e5) })

  private static func drawn(_ grid: Grid, _ count: Int = 4000) -> [Configuration] {
    var drawn: [Configuration] = []
    grid.forEachDrawnPoint(count) { drawn.append($0) }
    return drawn
  }

  @Test("have the values of inner axes as often as the points have them, whatever their order")
  func innerAxes() throws {
    for epochs in [[1, 1000], [1000, 1]] {
      let grid = try Self.grid([Self.rates, Self.axis(.epochs, epochs.map { .int($0) })])
      let drawn = Self.drawn(grid)
      #expect(drawn.count == 4000)
      #expect((1850...2150).contains(drawn.count { $0.epochs == 1000 }))
      #expect(Self.drawn(grid) == drawn)
    }
  }

  @Test("come from all of the grid, its last configurations too")
  func all() throws {
    let grid = try Self.grid([Self.rates])
    let first = try #require(grid.point(at: 0)).configuration
    let last = try #require(grid.point(at: 9999)).configuration
    #expect(first != last)
    let places = Self.drawn(grid).compactMap {
      grid.index(of: Point(configuration: $0, seeds: Seeds(0)))
    }
    for tenth in 0..<10 {
      #expect((320...480).contains(places.count { $0 / 1000 == tenth }), "\(tenth)")
    }
  }

  @Test("are never those that exclusions leave out, however few are left")
  func excluded() throws {
    // Of ten million positions one in a hundred thousand is left.
    let weights = Self.axis(.klWeight, (1...100).map { .double(Double($0)) })
    let kept: Set<Int> = [17, 8123]
    let rates = (0..<10_000).filter { !kept.contains($0) }.map {
      GridValue.parameter(.double(Double($0 + 1) / 1e5))
    }
    let grid = try Self.grid(
      [Self.rates, weights],
      without: [
        GridMatch([GridMatch.Term(key: .train(.learningRate), values: .list(rates))]),
        GridMatch([
          GridMatch.Term(
            key: .train(.klWeight),
            values: .list((1...90).map { .parameter(.double(Double($0))) }))
        ]),
        GridMatch([GridMatch.Term(key: .seed, values: .seeds(2...9))]),
      ])
    #expect(grid.count().points == 2 * 10 * 2)
    let drawn = Self.drawn(grid, 400)
    #expect(drawn.count == 400)
    for configuration in drawn {
      #expect(configuration.klWeight > 90)
      #expect(grid.index(of: Point(configuration: configuration, seeds: Seeds(0))) != nil)
    }
    #expect(Set(drawn).count == 20)
  }

  @Test("count once where they stand at several positions")
  func duplicates() throws {
    // Adam has no momentum: one of its points stands at ten positions.
    let grid = try Self.grid([
      Self.axis(.optimizer, [.string("adam"), .string("sgd")]),
      Self.axis(.momentum, (0..<10).map { .double(Double($0) / 10) }),
    ])
    #expect(grid.count().points == 11 * 10)
    let drawn = Self.drawn(grid)
    #expect((280...450).contains(drawn.count { $0.optimizer.name == "adam" }))
  }
}
