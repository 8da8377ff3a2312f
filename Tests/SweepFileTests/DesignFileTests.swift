import Sweep
import SweepFile
import Testing
import VAE

@Suite("A nested design in a sweep file")
struct VarianceFileTests {
  private func sweep(_ text: String) throws -> SweepDefinition {
    try SweepFile.parse(
      yaml: "name: x\ngrid:\n  architecture: [784-256-2, 784-256-4]\n" + text, file: "x.yaml")
  }

  @Test("stands in place of a seed axis, its points found by index and back")
  func points() throws {
    let sweep = try sweep("variance: {factor: order_seed, levels: 30, redraws: 5}\n")
    #expect(sweep.grid.count() == Grid.Count(points: 300))
    #expect(sweep.grid.positions == 300)
    var keys: Set<Seeds> = []
    var redraws: [UInt32: Set<UInt32>] = [:]
    for (index, point) in sweep.grid.points {
      #expect(sweep.grid.index(of: point) == index)
      keys.insert(point.seeds)
      redraws[point.seeds.order, default: []].insert(point.seeds.initialization)
      #expect(point.seeds.initialization == point.seeds.noise)
    }
    #expect(keys.count == 150)
    #expect(redraws.count == 30)
    // Every level has redraws of its own.
    #expect(redraws.values.allSatisfy { $0.count == 5 })
    #expect(redraws.values.reduce(into: Set<UInt32>()) { $0.formUnion($1) }.count == 150)
    let foreign = Point(
      configuration: try Configuration(architecture: Architecture(parsing: "784-256-2"), [:]),
      seeds: Seeds(initialization: 5, order: 0, noise: 5))
    #expect(sweep.grid.index(of: foreign) == nil)
  }

  @Test("is never listed: a billion points are counted at once")
  func large() throws {
    let sweep = try sweep("variance: {factor: init_seed, levels: 1000000, redraws: 500}\n")
    #expect(sweep.grid.count().points == 1_000_000_000)
    let point = try #require(sweep.grid.point(at: 987_654_321))
    #expect(sweep.grid.index(of: point) == 987_654_321)
  }

  @Test(
    "shares with another grid the points that both have, and no more",
    arguments: [
      ("grid: {architecture: 784-3-2, seed: 0..4}", "", 1),
      ("grid: {architecture: 784-3-2, seed: [0, 3, 6, 9]}", "", 1),
      ("grid: {architecture: 784-3-2, init_seed: 0..4, seed: 0..20}", "", 15),
      ("grid: {architecture: 784-3-2, init_seed: 0..4, order_seed: 0..20, noise_seed: 2}", "", 1),
      ("grid: {architecture: 784-3-2, order_seed: 0..1, seed: 0}", "", 1),
      (
        "grid: {architecture: 784-3-2}", "variance: {factor: order_seed, levels: 5, redraws: 3}", 1
      ),
      ("grid: {architecture: 784-3-2}", "variance: {factor: init_seed, levels: 3, redraws: 3}", 9),
      ("grid: {architecture: 784-3-2}", "variance: {factor: init_seed, levels: 5, redraws: 2}", 3),
    ])
  func shared(grid: String, variance: String, count: Int) throws {
    let nested = "variance: {factor: init_seed, levels: 5, redraws: 3}"
    for order in [true, false] {
      let items = [[grid, variance], ["grid: {architecture: 784-3-2}", nested]]
      let written = (order ? items : items.reversed()).enumerated().map { number, lines in
        "  - name: g\(number)\n" + lines.filter { !$0.isEmpty }.map { "    \($0)\n" }.joined()
      }
      let both = try SweepFile.parse(
        yaml: "name: x\ngrids:\n" + written.joined(), file: "x.yaml"
      ).grid
      let listed = both.points.map(\.point)
      #expect(Set(listed).count == listed.count)
      #expect(both.count() == Grid.Count(points: listed.count, duplicates: count))
      let planned = Grid.plannedOnce(
        try written.map { text in
          try SweepFile.parse(yaml: "name: x\ngrids:\n" + text, file: "x.yaml").grid
        })
      #expect(planned.map(\.points).reduce(0, +) == listed.count)
    }
  }

  @Test("leaves exclusions of configurations as they are")
  func exclusions() throws {
    let sweep = try sweep(
      "exclude: [{architecture: 784-256-4}]\nvariance: {factor: init_seed, levels: 3, redraws: 2}\n"
    )
    #expect(sweep.grid.count() == Grid.Count(points: 6, excluded: 6))
  }

  @Test("is part of the sweep's identity")
  func identity() throws {
    let digests = try [
      "{factor: init_seed, levels: 3, redraws: 2}", "{factor: order_seed, levels: 3, redraws: 2}",
      "{factor: init_seed, levels: 2, redraws: 3}",
    ].map { try sweep("variance: \($0)\n").definitionDigest }
    #expect(Set(digests).count == 3)
  }

  static let faults: [(String, String)] = [
    (
      "variance: {factor: seed, levels: 3, redraws: 2}\n",
      "x.yaml:4: factor: seed is not accepted: it must be init_seed, order_seed or noise_seed"
    ),
    (
      "variance: {factor: init_seed, levels: 1, redraws: 2}\n",
      "x.yaml:4: levels: 1 is not accepted: it must be a whole number from 2 to 1000000"
    ),
    (
      "variance: {factor: init_seed, levels: 3}\n",
      "x.yaml:4: variance: redraws: is missing, as in {factor: init_seed, levels: 30, redraws: 5}"
    ),
    (
      "variance: {factor: init_seed, level: 3, redraws: 2}\n",
      "x.yaml:4: level: unknown key under variance: (did you mean levels?)"
    ),
    (
      "variance: {factor: init_seed, levels: 1000000, redraws: 1000000}\n",
      "x.yaml:4: variance: levels × redraws: more than 2^32 points of a configuration"
    ),
    (
      "  seed: 0..3\nvariance: {factor: init_seed, levels: 3, redraws: 2}\n",
      "x.yaml:4: seed: an axis beside variance: is not accepted: it must be left out: the nested design sets all three seeds"
    ),
    (
      "train: {sampling: false}\nvariance: {factor: noise_seed, levels: 3, redraws: 2}\n",
      "x.yaml:5: factor: noise_seed is not accepted: it must be init_seed or order_seed where sampling is off: there is no noise then"
    ),
    (
      "  sampling: [true, false]\nvariance: {factor: noise_seed, levels: 3, redraws: 2}\n",
      "x.yaml:5: factor: noise_seed is not accepted: it must be init_seed or order_seed where sampling is off: there is no noise then"
    ),
  ]

  @Test("that can't be run gives one line", arguments: faults)
  func fault(text: String, line: String) {
    let error = #expect(throws: SweepFileError.self) { try sweep(text) }
    #expect(error?.description == line)
  }
}

@Suite("Looks in a sweep file")
struct LooksFileTests {
  private func looks(_ text: String, seeds: String = "seed: 0..63") throws -> LookPlan? {
    try SweepFile.parse(
      yaml: "name: x\ngrid:\n  architecture: 784-256-2\n  \(seeds)\nlooks: \(text)\n",
      file: "x.yaml"
    ).looks
  }

  @Test("are read, and do not enter the sweep's identity")
  func plans() throws {
    #expect(
      try looks("{half_width: 0.5, at: [16, 32, 64]}")
        == LookPlan(metric: .testTotalLast5, aim: .meanHalfWidth(0.5), at: [16, 32, 64]))
    #expect(
      try looks("{metric: test_kl, sd_half_width: 0.2, at: 64}")
        == LookPlan(metric: .testKL, aim: .deviationHalfWidth(0.2), at: [64]))
    #expect(
      try looks("{collapse_half_width: 0.1, at: [16, 32]}")
        == LookPlan(metric: .testTotalLast5, aim: .collapseHalfWidth(0.1), at: [16, 32]))
    #expect(try looks("") == nil)
    let yaml = "name: x\ngrid:\n  architecture: 784-256-2\n  seed: 0..63\n"
    let plain = try SweepFile.parse(yaml: yaml, file: "x.yaml")
    let looking = try SweepFile.parse(
      yaml: yaml + "looks: {half_width: 1, at: [4]}\n", file: "x.yaml")
    #expect(plain.definitionDigest == looking.definitionDigest)
  }

  static let faults: [(String, String)] = [
    (
      "{half_width: 1}",
      "x.yaml:5: looks: at: is missing: the seeds at each look, as in [16, 32, 64]"
    ),
    (
      "{at: [4]}",
      "x.yaml:5: looks: give one of half_width, of the mean's interval, sd_half_width, a multiple of the sd, "
        + "and collapse_half_width, of the share of runs with any collapse"
    ),
    (
      "{half_width: 1, sd_half_width: 1, at: [4]}",
      "x.yaml:5: looks: give one of half_width, of the mean's interval, sd_half_width, a multiple of the sd, "
        + "and collapse_half_width, of the share of runs with any collapse"
    ),
    (
      "{metric: test_kl, collapse_half_width: 0.1, at: [4]}",
      "x.yaml:5: looks: collapse_half_width looks at the share of runs with any collapsed latent: "
        + "leave metric: out"
    ),
    (
      "{half_width: 0, at: [4]}",
      "x.yaml:5: half_width: 0 is not accepted: it must be a number above 0"
    ),
    (
      "{collapse_half_width: 25, at: [4]}",
      "x.yaml:5: collapse_half_width: 25 is not accepted: it must be above 0 and below 0.5, as in 0.1: a share lies between 0 and 1"
    ),
    (
      "{collapse_half_width: 0.5, at: [4]}",
      "x.yaml:5: collapse_half_width: 0.5 is not accepted: it must be above 0 and below 0.5, as in 0.1: a share lies between 0 and 1"
    ),
    (
      "{collapse_half_width: 0, at: [4]}",
      "x.yaml:5: collapse_half_width: 0 is not accepted: it must be above 0 and below 0.5, as in 0.1: a share lies between 0 and 1"
    ),
    (
      "{half_width: 1, at: [4, 4]}",
      "x.yaml:5: at: [4, 4] is not accepted: it must be ascending whole numbers from 2 on, as in [16, 32, 64]"
    ),
    (
      "{half_width: 1, at: [4, 65]}",
      "x.yaml:5: at: the last look reads 65 seeds, and the grid has 64"
    ),
    (
      "{half_with: 1, at: [4]}",
      "x.yaml:5: half_with: unknown key under looks: (did you mean half_width?)"
    ),
  ]

  @Test("that can't be taken give one line", arguments: faults)
  func fault(text: String, line: String) {
    let error = #expect(throws: SweepFileError.self) { try looks(text) }
    #expect(error?.description == line)
  }

  @Test("at collapse need a point with sampling, wherever the file gives it")
  func sampling() throws {
    let plan = "{collapse_half_width: 0.1, at: [4]}"
    for (without, line) in [
      ("sampling: false\n  seed: 0..63", 6), ("sampling: [false]\n  seed: 0..63", 6),
    ] {
      let error = #expect(throws: SweepFileError.self) { try looks(plan, seeds: without) }
      #expect(
        error?.description
          == "x.yaml:\(line): collapse_half_width: no point of the grid has sampling, and without it no latent "
          + "counts as collapsed: leave the looks out, or give half_width in its place")
    }
    #expect(throws: SweepFileError.self) {
      try looks(plan + "\ntrain: {sampling: false}")
    }
    #expect(try looks(plan, seeds: "sampling: [true, false]\n  seed: 0..63") != nil)
    let include = "\ninclude: [{architecture: 784-3-2, sampling: true, seed: 0..63}]"
    #expect(try looks(plan + include, seeds: "sampling: false\n  seed: 0..63") != nil)
  }
}
