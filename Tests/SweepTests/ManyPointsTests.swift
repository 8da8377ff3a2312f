import Sweep
import Testing
import VAE

@Suite("For many points")
struct ManyPointsTests {
  private static let dataset = Digest(of: "a dataset")

  /// Two optimisers of which one has rho, two shapes, and seeds of which some are left out.
  private static func grid() throws -> Grid {
    try Grid(
      axes: [
        GridAxis(
          key: .architecture,
          values: .list([
            .architecture(try Architecture(parsing: "784-16-2")),
            .architecture(try Architecture(parsing: "784-256-32-8-4")),
          ])),
        GridAxis(
          key: .train(.optimizer),
          values: .list([.parameter(.string("adam")), .parameter(.string("rmsprop"))])),
        GridAxis(
          key: .train(.rho), values: .list([.parameter(.double(0.9)), .parameter(.double(0.5))])),
        GridAxis(key: .initSeed, values: .seeds(0...6)),
        GridAxis(key: .orderSeed, values: .list([.seed(3), .seed(1)])),
        GridAxis(key: .noiseSeed, values: .seeds(4_294_967_290...4_294_967_295)),
      ], train: [.learningRate: .double(1e-7)],
      exclusions: [[.initSeed: .seed(2), .train(.optimizer): .parameter(.string("adam"))]])
  }

  @Test("a grid's look-up gives what the grid gives, both ways")
  func lookup() throws {
    let grid = try Self.grid()
    var lookup = GridLookup(grid)
    for index in 0..<grid.positions {
      let point = grid.point(at: index)
      #expect(lookup.point(at: index) == point)
      if let point { #expect(lookup.index(of: point) == index) }
    }
    let stranger = Point(
      configuration: try Configuration(architecture: Architecture(parsing: "784-17-2"), [:]),
      seeds: Seeds(0))
    #expect(lookup.index(of: stranger) == nil)
  }

  @Test("the maker of keys gives the keys of the points")
  func keys() throws {
    let grid = try Self.grid()
    var keys = KeyMaker(dataset: Self.dataset, trainerVersion: 7)
    for (_, point) in grid.points {
      #expect(keys.key(of: point) == point.key(dataset: Self.dataset, trainerVersion: 7))
    }
  }

  @Test("a set of positions is a set")
  func positions() {
    var random = SystemRandomNumberGenerator()
    var set = PositionSet()
    var model: Set<Int> = []
    for _ in 0..<20_000 {
      let near = Int.random(in: 0..<10_000, using: &random)
      let position = Bool.random(using: &random) ? near : near << 40
      if Bool.random(using: &random) {
        #expect(set.insert(position) == model.insert(position).inserted)
      } else {
        #expect(set.remove(position) == (model.remove(position) != nil))
      }
      #expect(set.count == model.count)
    }
    #expect(model.allSatisfy(set.contains))
    #expect(set == PositionSet(model))
    for position in model { set.remove(position) }
    #expect(set.isEmpty)
    #expect(set == [])
  }

  @Test("a digest is its digits, in their order, and nothing else is one")
  func digests() throws {
    let digests = (0..<200).map { Digest(of: "\($0)") }
    for digest in digests { #expect(Digest(hex: digest.hex) == digest) }
    #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
    // SHA-256 of the empty text (FIPS 180-4 example values).
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    #expect(Digest(of: "").hex == empty)
    for wrong in [String(empty.dropLast()), empty + "0", empty.uppercased(), "", "é"] {
      #expect(Digest(hex: wrong) == nil)
    }
  }

  @Test("numbers are printed as ECMAScript prints them, and read back as the same bits")
  func numbers() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let wild = Double(bitPattern: random.next())
      let tame = Double.random(in: -1000...1000, using: &random)
      for number in [wild, tame, tame.rounded(), tame * 1e-5, tame * 1e18]
      where number.isFinite && number != 0 {
        let text = JSONValue.number(number).canonical
        #expect(Double(text) == number)
        let magnitude = abs(number)
        #expect(text.contains("e") == (magnitude >= 1e21 || magnitude < 1e-6), "\(text)")
        #expect(
          !text.hasSuffix(".0") && !text.contains("e+0") && !text.contains("e-0")
            && !text.hasSuffix("."), "\(text)")
      }
    }
  }
}
