import Sweep
import Testing
import VAE

@Suite("A picture plan")
struct PicturePlanTests {
  private func grid(_ architectures: [String], sampling: [Bool], seeds: [UInt32]) throws -> Grid {
    try Grid(
      axes: [
        GridAxis(key: .seed, values: .list(seeds.map(GridValue.seed))),
        GridAxis(
          key: .architecture,
          values: .list(
            try architectures.map { .architecture(try Architecture(parsing: $0)) })),
        GridAxis(
          key: .train(.sampling), values: .list(sampling.map { .parameter(.bool($0)) })),
      ], train: [:])
  }

  private static let all = Set(PictureKind.allCases)

  @Test("wants the first seeds of the list, in the order of the list, of every configuration")
  func firstSeeds() throws {
    let grid = try grid(["784-256-2", "784-256-4"], sampling: [true], seeds: [9, 4, 7, 1])
    let plan = PicturePlan(kinds: [.samples], seeds: .first(2))
    let seeds = grid.points.compactMap { index, point in
      plan.kinds(wantedOf: point, at: index, in: grid).isEmpty ? nil : point.seeds.order
    }
    #expect(seeds == [9, 9, 4, 4])
  }

  @Test("wants nothing that a shape cannot give")
  func shapes() throws {
    let grid = try grid(
      ["784-256-2", "784-256-3", "784-256-4"], sampling: [true, false], seeds: [0])
    let plan = PicturePlan(kinds: Self.all, seeds: .all)
    var wanted: [String: Set<PictureKind>] = [:]
    for (index, point) in grid.points {
      let shape = point.configuration.architecture.latentDim
      wanted["\(shape) \(point.configuration.sampling)"] =
        plan.kinds(wantedOf: point, at: index, in: grid)
    }
    #expect(wanted["2 true"] == Self.all)
    #expect(wanted["2 false"] == Self.all.subtracting([.trajectories]))
    #expect(wanted["3 true"] == Self.all.subtracting([.trajectories]))
    #expect(wanted["4 false"] == [.samples, .reconstructions])
  }

  @Test("wants nothing of a plan of no kinds, and all seeds where it says so")
  func ends() throws {
    let grid = try grid(["784-256-2"], sampling: [true], seeds: Array(0..<20))
    func count(_ plan: PicturePlan) -> Int {
      grid.points.count { !plan.kinds(wantedOf: $1, at: $0, in: grid).isEmpty }
    }
    #expect(count(.none) == 0)
    #expect(count(PicturePlan(kinds: Self.all)) == 5)
    #expect(count(PicturePlan(kinds: Self.all, seeds: .all)) == 20)
  }
}
