import Sweep
import Testing
import VAE

@Suite("A plan of artifacts")
struct ArtifactPlanTests {
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
    let plan = ArtifactPlan(pictures: [.samples], seeds: .first(2))
    let seeds = grid.points.compactMap { index, point in
      plan.kinds(wantedOf: point, at: index, in: grid).isEmpty ? nil : point.seeds.order
    }
    #expect(seeds == [9, 9, 4, 4])
  }

  @Test("wants nothing that a shape cannot give")
  func shapes() throws {
    let grid = try grid(
      ["784-256-2", "784-256-3", "784-256-4"], sampling: [true, false], seeds: [0])
    let plan = ArtifactPlan(pictures: Self.all, seeds: .all)
    var wanted: [String: Set<ArtifactKind>] = [:]
    for (index, point) in grid.points {
      let shape = point.configuration.architecture.latentDim
      wanted["\(shape) \(point.configuration.sampling)"] =
        plan.kinds(wantedOf: point, at: index, in: grid)
    }
    let all = ArtifactKind.allPictures
    #expect(wanted["2 true"] == all)
    #expect(wanted["2 false"] == all.subtracting([.trajectories]))
    #expect(wanted["3 true"] == all.subtracting([.trajectories]))
    #expect(wanted["4 false"] == [.samples, .reconstructions])
  }

  @Test("wants the likelihood of every run with sampling, whichever seeds have pictures")
  func likelihood() throws {
    let grid = try grid(["784-256-2"], sampling: [true, false], seeds: [0, 1, 2])
    let measure = ArtifactKind.likelihood(Likelihood.Effort(draws: 50, images: 100))
    let plan = ArtifactPlan(
      pictures: [.samples], seeds: .first(1), likelihood: Likelihood.Effort(draws: 50, images: 100))
    let wanted = grid.points.map { plan.kinds(wantedOf: $1, at: $0, in: grid) }
    #expect(
      wanted == [[.samples, measure], [.samples], [measure], [], [measure], []])
    #expect(!plan.isEmpty && !ArtifactPlan(pictures: [], likelihood: .usual).isEmpty)
  }

  @Test(
    "names each kind in one way",
    arguments: [
      "likelihood:1000", "likelihood:5:100", "codes", "samples", "reconstructions", "trajectories",
    ])
  func names(name: String) throws {
    #expect(try #require(ArtifactKind(rawValue: name)).rawValue == name)
  }

  @Test(
    "takes no other name",
    arguments: [
      "likelihood", "likelihood:", "likelihood:7", "likelihood:0", "likelihood:-5", "likelihood:+5",
      "likelihood:05", "likelihood:5:", "likelihood:5:0", "likelihood:5:1:1", "likelihood:1000005",
      "Codes", "",
    ])
  func noNames(name: String) { #expect(ArtifactKind(rawValue: name) == nil) }

  @Test("wants nothing of a plan of no kinds, and all seeds where it says so")
  func ends() throws {
    let grid = try grid(["784-256-2"], sampling: [true], seeds: Array(0..<20))
    func count(_ plan: ArtifactPlan) -> Int {
      grid.points.count { !plan.kinds(wantedOf: $1, at: $0, in: grid).isEmpty }
    }
    #expect(count(.none) == 0)
    #expect(count(ArtifactPlan(pictures: Self.all)) == 5)
    #expect(count(ArtifactPlan(pictures: Self.all, seeds: .all)) == 20)
  }
}
