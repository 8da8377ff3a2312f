import Sweep
import SweepFile
import TestSupport
import Testing
import VAE

/// What `control cancel --where …` names, and what an extension leaves out, against a listing.
@Suite("The points of a random sweep")
struct RandomFilterTests {
  private static let files = 1_500
  private static let parts = 4

  private static let train: [TrainKey: [ParameterValue]] = [
    .optimizer: [.string("adam"), .string("sgd"), .string("rmsprop")],
    .sampling: [.bool(true), .bool(false)], .klWeight: [.double(1), .int(2), .double(0.5)],
    .rho: [.double(0.9), .double(0.25)], .momentum: [.double(0), .double(0.9)],
    .beta1: [.double(0.8)], .learningRate: [.double(0.1), .double(0.001)],
    .batchSize: [.int(128), .int(1)],
  ]

  /// Some terms, of keys that points have or may lack, with values that they may have.
  private static func match(_ random: inout SeededGenerator) throws -> GridMatch {
    var terms: [GridMatch.Term] = []
    func one(in chances: Int) -> Bool { Int.random(in: 0..<chances, using: &random) == 0 }
    for (key, values) in train.sorted(by: { $0.key.rawValue < $1.key.rawValue }) where one(in: 6) {
      let count = Int.random(in: 1...values.count, using: &random)
      terms.append(
        GridMatch.Term(
          key: .train(key), values: .list(values.prefix(count).map(GridValue.parameter))))
    }
    if one(in: 4) {
      let net = try Architecture(parsing: one(in: 2) ? "784-3-2" : "784-5-3-2")
      terms.append(GridMatch.Term(key: .architecture, values: .list([.architecture(net)])))
    }
    if one(in: 4) {
      terms.append(
        GridMatch.Term(key: .hidden, values: .list([.hidden([3]), .hidden([5])])))
    }
    if one(in: 4) {
      terms.append(GridMatch.Term(key: .latentDim, values: .list([.latentDim(2)])))
    }
    for key in [GridKey.seed, .initSeed, .orderSeed, .noiseSeed] where one(in: 4) {
      terms.append(
        GridMatch.Term(
          key: key, values: one(in: 2) ? .seeds(1...2) : .list([.seed(0), .seed(3)])))
    }
    return GridMatch(terms)
  }

  @Test("are those that a filter accepts when they are asked one by one", arguments: 0..<parts)
  func filters(part: Int) throws {
    var (accepted, repeated, several) = (0, 0, 0)
    for number in stride(from: part, to: Self.files, by: Self.parts) {
      guard
        let grid = try? SweepFile.parse(
          yaml: RandomGridFile(seed: UInt64(number)).yaml, file: "x.yaml"
        ).grid
      else { continue }
      var random = SeededGenerator(seed: UInt64(number))
      for _ in 0..<4 {
        let filter = PointFilter(texts: [], match: try Self.match(&random))
        let listed = PositionSet(
          (0..<grid.positions).filter { grid.point(at: $0).map(filter.accepts) ?? false })
        let found = grid.positions(of: filter)
        #expect(found == listed, "file \(number): \(filter.match)")
        guard found == listed else { return }
        accepted += listed.count
        let counts = Dictionary(
          grouping: listed.sorted.compactMap { grid.point(at: $0)?.configuration }
        ) { $0 }
        #expect(grid.countByConfiguration(found) == counts.mapValues(\.count), "file \(number)")
        if counts.count > 1 { several += 1 }
      }
      if grid.steps.duplicates > 0 { repeated += 1 }
      #expect(grid.positions(of: .all).count == grid.count().points, "file \(number)")
    }
    #expect(accepted > 100 && repeated > 10 && several > 10)
  }

  @Test("that another sweep lacks are those that it has no index for", arguments: 0..<parts)
  func missing(part: Int) throws {
    var (lacking, held) = (0, 0)
    for number in stride(from: part, to: Self.files, by: Self.parts) {
      guard
        let grid = try? SweepFile.parse(
          yaml: RandomGridFile(seed: UInt64(number)).yaml, file: "x.yaml"
        ).grid,
        let other = try? SweepFile.parse(
          yaml: RandomGridFile(seed: UInt64(number + number % 3)).yaml, file: "x.yaml"
        ).grid
      else { continue }
      let listed = PositionSet(
        (0..<grid.positions).filter { index in
          grid.point(at: index).map { other.index(of: $0) == nil } ?? false
        })
      #expect(grid.positions(missingIn: other) == listed, "file \(number)")
      if listed.isEmpty { held += 1 } else { lacking += 1 }
    }
    #expect(lacking > 10 && held > 10)
  }
}

@Suite("A set of positions")
struct PositionRangeTests {
  @Test("takes and gives up ranges as it does their numbers one by one")
  func ranges() {
    var random = SeededGenerator(seed: 5)
    var (set, listed): (PositionSet, Set<Int>) = ([], [])
    for _ in 0..<400 {
      let first = Int.random(in: 0..<20_000, using: &random)
      let range = first..<first + Int.random(in: 0...9_000, using: &random)
      if Bool.random(using: &random) {
        set.insert(range)
        listed.formUnion(range)
      } else {
        set.remove(range)
        listed.subtract(range)
      }
      #expect(set.count == listed.count)
    }
    #expect(set.sorted == listed.sorted())
    #expect(set == PositionSet(listed))
    let other = PositionSet(stride(from: 0, to: 30_000, by: 3))
    #expect(set.intersection(other).sorted == listed.filter { $0 % 3 == 0 }.sorted())
  }
}
