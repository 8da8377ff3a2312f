import Sweep
import SweepFile
import Testing
import VAE

@Suite("The grid language")
struct GridLanguageTests {
  /// The example of the documentation: two grids with every rule.
  private static let example = """
    name: depth-and-optimiser
    dataset: mnist
    train: {epochs: 20}
    grids:
      - name: page
        grid:
          optimizer: [adam, sgd]
          learning_rate: {logspace: [1e-4, 1e-2, 5]}
          kl_weight: {linspace: [0.5, 2, 4]}
          sampling: [true, false]
          seed: 0..49
        zip:
          depth:
            - {hidden: [256, 32, 8], latent_dim: 4}
            - {hidden: [256, 32], latent_dim: 2}
        when:
          - {if: {optimizer: sgd}, grid: {momentum: [0, 0.9]}}
        exclude:
          - {sampling: false, latent_dim: 4}
        include:
          - {architecture: 784-400-20, seed: 0..9}
      - name: more
        grid: {architecture: 784-256-32-2, optimizer: adam, learning_rate: 0.001, seed: 40..59}
    """

  private func grid(_ yaml: String) throws -> Grid {
    try SweepFile.parse(yaml: yaml, file: "x.yaml").grid
  }

  /// One architecture and two seeds beside `text`.
  private func small(_ text: String) throws -> Grid {
    try grid("name: x\ngrid: {architecture: 784-3-2, seed: 0..1}\n" + text)
  }

  @Test("has the points that the documentation's example says, rule by rule")
  func example() throws {
    let grid = try grid(Self.example)
    let steps = grid.steps
    // 2 optimizers × 5 × 4 × 2 × 50 seeds, and 20 seeds of the second grid.
    #expect(steps.grid == 4000 + 20)
    #expect(steps.zip == 8000 + 20)
    #expect(steps.when == 12_000 + 20)
    // Without sampling at four latents: a quarter.
    #expect(steps.excluded == 3000)
    #expect(steps.included == 10)
    // kl_weight 1 and the ten seeds 40..49 of the second grid stand in the first.
    #expect(steps.duplicates == 10)
    #expect(steps.points == 9020)
    #expect(grid.points.map(\.index).count == 9020)
  }

  @Test("makes values of ranges that are the same on every machine")
  func spacing() throws {
    func values(_ key: String, _ spacing: String) throws -> [String] {
      let key = try #require(TrainKey(rawValue: key))
      return try grid(
        "name: x\ngrid: {architecture: 784-3-2, seed: 0, \(key.rawValue): {\(spacing)}}\n"
      ).points.map { $0.point.configuration[key]?.description ?? "" }
    }
    #expect(
      try values("learning_rate", "logspace: [1e-4, 1e-2, 5]") == [
        "0.0001", "0.000316227766017", "0.001", "0.00316227766017", "0.01",
      ])
    #expect(try values("kl_weight", "linspace: [0.5, 2, 4]") == ["0.5", "1.0", "1.5", "2.0"])
    #expect(try values("kl_weight", "linspace: [0, 0.3, 4]") == ["0.0", "0.1", "0.2", "0.3"])
    #expect(try values("kl_weight", "linspace: [1, 0, 3]") == ["1.0", "0.5", "0.0"])
    #expect(try values("epochs", "linspace: [10, 50, 5]") == ["10", "20", "30", "40", "50"])
    #expect(try values("epochs", "logspace: [1, 1000, 4]") == ["1", "10", "100", "1000"])
  }

  /// Made by `numpy.geomspace` and `numpy.linspace` of NumPy 2.4, printed by `%.12g`.
  @Test(
    "rounds them to twelve digits as NumPy's are printed",
    arguments: [
      (
        "logspace: [3e-7, 0.9, 6]",
        [3e-07, 5.9230514575e-06, 0.000116941795227, 0.00230884090222, 0.0455846115701, 0.9]
      ),
      (
        "linspace: [0.1, 0.77, 5]", [0.1, 0.2675, 0.435, 0.6025, 0.77]
      ),
    ] as [(String, [Double])])
  func numpy(spacing: String, expected: [Double]) throws {
    let grid = try grid(
      "name: x\ngrid: {architecture: 784-3-2, seed: 0, kl_weight: {\(spacing)}}\n")
    #expect(grid.points.map(\.point.configuration.klWeight) == expected)
  }

  @Test("gives points their keys as if the values of a range were written out")
  func writtenOut() throws {
    func definition(_ values: String) throws -> SweepDefinition {
      try SweepFile.parse(
        yaml: "name: x\ngrid: {architecture: 784-3-2, seed: 0, kl_weight: \(values)}\n",
        file: "x.yaml")
    }
    #expect(
      try definition("{linspace: [0.5, 2, 4]}").definitionDigest
        == definition("[0.5, 1, 1.5, 2]").definitionDigest)
  }

  @Test("lets the rows of a zip set what they like, and leaves the rest to train")
  func rows() throws {
    let grid = try small(
      """
      train: {kl_weight: 3}
      zip:
        how:
          - {optimizer: adam}
          - {optimizer: sgd, momentum: 0.5}
          - {optimizer: sgd, momentum: 0.5, kl_weight: 2}
      """)
    let points = grid.points.map(\.point.configuration)
    #expect(points.map(\.optimizer.name) == ["adam", "sgd", "sgd", "adam", "sgd", "sgd"])
    #expect(points.map(\.klWeight) == [3, 3, 2, 3, 3, 2])
    #expect(points[0][.momentum] == nil && points[1][.momentum] == .double(0.5))
  }

  @Test("gives seeds of their own to the points of a condition")
  func conditionalSeeds() throws {
    let grid = try small(
      """
      zip: {how: [{sampling: true}, {sampling: false}]}
      when: [{if: {sampling: true}, grid: {noise_seed: 0..4}}]
      """)
    #expect(grid.count().points == 10 + 2)
    let noisy = grid.points.filter { $0.point.configuration.sampling }
    #expect(Set(noisy.map { $0.point.seeds.noise }) == [0, 1, 2, 3, 4])
  }

  @Test("advances all grids seed by seed")
  func rounds() throws {
    let grid = try grid(
      """
      name: x
      grids:
        - {name: a, grid: {architecture: [784-3-2, 784-4-2], seed: 0..2}}
        - {name: b, grid: {architecture: 784-5-2, seed: 0..4}}
      """)
    let order = grid.points.map {
      "\($0.point.configuration.architecture.hidden[0])/\($0.point.seeds.order)"
    }
    #expect(
      order == [
        "3/0", "4/0", "5/0", "3/1", "4/1", "5/1", "3/2", "4/2", "5/2", "5/3", "5/4",
      ])
  }

  @Test("counts ten million points of any shape without listing them")
  func many() throws {
    let wide = try grid(
      """
      name: x
      grid:
        architecture: [784-3-2, 784-4-2]
        optimizer: [adam, sgd]
        learning_rate: {linspace: [0.001, 1, 1000]}
        kl_weight: {linspace: [0.001, 1, 1000]}
        seed: 0..1
      zip: {how: [{sampling: true}, {sampling: false, epochs: 3}]}
      when: [{if: {optimizer: sgd}, grid: {momentum: [0, 0.9]}}]
      exclude: [{sampling: false, kl_weight: 0.5}, {momentum: 0, seed: 1}]
      include: [{architecture: 784-3-2, learning_rate: 0.002, kl_weight: 0.003, seed: 0..3}]
      """)
    #expect(wide.steps.when == 24_000_000)
    // 2 nets × 3 ways × 1000 rates × 2 seeds, and half the points without momentum; both of
    // 2 nets × 1000 rates at one weight, one sampling and one seed.
    #expect(wide.steps.excluded == 12_000 + 4_000_000 - 2000)
    #expect(wide.steps.duplicates == 2)
    for index in [0, 12_345_678, wide.positions - 1] {
      guard let point = wide.point(at: index) else { continue }
      #expect(wide.index(of: point) == index)
    }
  }

  @Test("takes merge keys, and passes over keys that begin with x-")
  func anchors() throws {
    let grid = try grid(
      """
      x-nets: &nets {architecture: [784-3-2, 784-4-2], seed: 0..1}
      x-more: &more {seed: 5, epochs: [1, 2]}
      name: x
      grid:
        <<: [*nets, *more]
        epochs: [3, 4, 5]
      """)
    // What stands in the mapping wins, then what was merged first.
    #expect(grid.count().points == 2 * 2 * 3)
    #expect(Set(grid.points.map(\.point.configuration.epochs)) == [3, 4, 5])
    #expect(Set(grid.points.map(\.point.seeds.order)) == [0, 1])
  }

  @Test("keeps the digest of a definition that uses nothing new")
  func digests() throws {
    // Printed by the program that wrote the first stores.
    let plain = """
      name: golden
      grid:
        architecture: [784-256-2, 784-256-32-8-4]
        sampling: [true, false]
        seed: [3, 1]
      exclude: [{sampling: false, architecture: [784-256-2], seed: [3, 1]}]
      train: {epochs: 3, optimizer: rmsprop}
      """
    let definition = try SweepFile.parse(yaml: plain, file: "x.yaml")
    let expected = #"""
      {"dataset":"mnist","exclude":[{"architecture":"784-256-2","sampling":false,"seed":3},{"architecture":"784-256-2","sampling":false,"seed":1}],"grid":[{"key":"architecture","values":["784-256-2","784-256-32-8-4"]},{"key":"sampling","values":[true,false]},{"key":"seed","values":[3,1]}],"name":"golden","train":{"epochs":3,"optimizer":"rmsprop"}}
      """#
    #expect(definition.json.canonical == expected)
    #expect(definition.definitionDigest == Digest(of: expected))
  }

  @Test("warns of values that no point has, and leaves the rest as it is")
  func warnings() throws {
    let folder = try SweepFolder([
      "x.yaml": """
      name: x
      grid:
        architecture: [784-256-2, 784-3-2]
        seed: 0..19
      train: {epochs: 3}
      exclude:
        - {architecture: [784-256-2, 784-9-2], seed: 15..49}
        - {seed: 30..49}
        - {epochs: 5}
      when:
        - {if: {optimizer: sgd}, grid: {momentum: [0, 0.9]}}
      """
    ])
    let read = try SweepFile.read(path: folder.path("x.yaml"))
    #expect(read.definition.grid.count() == Grid.Count(points: 35, excluded: 5))
    #expect(
      read.warnings.map { $0.replacing(folder.path(""), with: "") } == [
        "x.yaml:7: warning: architecture: 784-9-2: no point of the grid has it",
        "x.yaml:7: warning: seed: 20..49: no point of the grid has it",
        "x.yaml:8: warning: seed: 30..49: no point of the grid has it, so that this exclusion "
          + "matches nothing",
        "x.yaml:9: warning: epochs: 5: no point of the grid has it, so that this exclusion "
          + "matches nothing",
        "x.yaml:11: warning: optimizer: sgd: no point of the grid has it, so that this condition "
          + "matches nothing",
      ])
  }

  static let faults: [FaultyFile] = [
    FaultyFile(
      after: "grids: []\n",
      "x.yaml:2: grid: stands beside grids: move it under the grid that it belongs to"),
    FaultyFile(
      "name: x\ngrids:\n  - {grid: {architecture: 784-3-2, seed: 0}}\n",
      "x.yaml:3: grids: a grid has no name: give it one, as in name: page"),
    FaultyFile(
      "name: x\ngrids:\n  - {name: null, grid: {architecture: 784-3-2, seed: 0}}\n",
      "x.yaml:3: name: no value is not accepted: it must be a name of letters, digits, '-' and '_'"
    ),
    FaultyFile(
      "name: x\ngrids:\n  - {name: a, gird: {architecture: 784-3-2, seed: 0}}\n",
      "x.yaml:3: gird: unknown key under grids: (did you mean grid?)"),
    FaultyFile(
      "name: x\ngrids:\n  - {name: a, grid: {architecture: 784-3-2, seed: 0}}\n  - {name: a, grid: {architecture: 784-3-2, seed: 0}}\n",
      "x.yaml:4: name: a stands twice under grids:"),
    FaultyFile(
      "name: x\ngrids:\n  - {name: a, grid: {architecture: 784-3-2, seed: 0}}\n  - name: b\n    grid:\n      architecture: 784-3-2\n      seed: 0\n      rho: 0.5\n",
      "x.yaml:8: rho: 0.5 is not accepted: it must be left out: it applies to no optimizer of this grid (adam)"
    ),
    FaultyFile(
      after: "zip: {depth: []}\n",
      "x.yaml:5: depth: an empty list is not accepted: it must be at least one row"),
    FaultyFile(
      after: "zip:\n  depth:\n    - {epoch: 3}\n",
      "x.yaml:7: epoch: unknown key under zip: depth: (did you mean epochs?)"),
    FaultyFile(
      after: "zip:\n  depth:\n    - {epochs: 3}\n    - {epochs: x}\n",
      "x.yaml:8: epochs: x is not accepted: it must be a whole number from 1 to 10000"),
    FaultyFile(
      after: "zip:\n  depth:\n    - {epochs: 3}\n    - {latent_dim: 4}\n",
      "x.yaml:8: depth: a row of another kind is not accepted: it must be like the first row: every row of a zip sets the same of architecture, hidden and latent_dim"
    ),
    FaultyFile(
      after: "zip: {depth: [{epochs: 3}, {epochs: 3}]}\n",
      "x.yaml:5: depth: the same as row 1 is not accepted: it must be given once"),
    FaultyFile(
      after: "zip: {depth: [{seed: 3}]}\n",
      "x.yaml:5: seed: a seed in a row is not accepted: it must be left out: seeds have axes of their own under grid:"
    ),
    FaultyFile(
      after: "zip: {depth: [{epochs: 3}]}\ntrain: {epochs: 4}\n",
      "x.yaml:5: epochs: 4 is not accepted: it must be given once: in the zip depth or under train:, not both"
    ),
    FaultyFile(
      after: "train:\n  epochs: 1\nzip:\n  d: []\n",
      "x.yaml:8: d: an empty list is not accepted: it must be at least one row"),
    FaultyFile(
      after: "zip:\n  d: []\n  e: [{epochs: 3}]\n",
      "x.yaml:6: d: an empty list is not accepted: it must be at least one row"),
    FaultyFile(
      after: "zip: {a: [{epochs: 3}], b: [{epochs: 4}]}\n",
      "x.yaml:5: epochs: a key of the zip b is not accepted: it must be given once: under grid: or in one zip, not both"
    ),
    FaultyFile(
      after: "zip: {how: [{optimizer: adam, momentum: 0.5}]}\n",
      "x.yaml:5: momentum: 0.5 is not accepted: it must be left out: it applies to no optimizer of this grid (adam)"
    ),
    FaultyFile(
      after: "when:\n  - {if: {optimizer: sgd}}\n",
      "x.yaml:6: when: has no grid: give both, as in {if: {optimizer: sgd}, grid: {momentum: [0, 0.9]}}"
    ),
    FaultyFile(
      after: "when:\n  - {if: {seed: 1}, grid: {epochs: [1, 2]}}\n",
      "x.yaml:6: seed: a condition can't ask for seeds: give them a grid of their own"),
    FaultyFile(
      after: "when:\n  - {if: {optimiser: sgd}, grid: {epochs: [1, 2]}}\n",
      "x.yaml:6: optimiser: unknown key under if: (did you mean optimizer?)"),
    FaultyFile(
      after: "when:\n  - {if: {sampling: true}, grid: {architecture: 784-3-2}}\n",
      "x.yaml:6: architecture: an axis under when: is not accepted: it must be left out: the points that match have one of this name already"
    ),
    FaultyFile(
      after: "when:\n  - {if: {sampling: true}, grid: {rho: [0.5]}}\n",
      "x.yaml:6: rho: 0.5 is not accepted: it must be left out: it applies to no optimizer of this grid (adam)"
    ),
    FaultyFile(
      after: "include:\n  - {architecture: 784-3-2}\n",
      "x.yaml:6: include: has no seed: give seed, as in seed: 0..19, or init_seed, order_seed and noise_seed"
    ),
    FaultyFile(
      after: "include:\n  - {architecture: 784-3-2, seed: 0, epochs: 0}\n",
      "x.yaml:6: epochs: 0 is not accepted: it must be a whole number from 1 to 10000"),
    FaultyFile(
      grid: "  architecture: 784-3-2\n  seed: 0\n  kl_weight: {linspace: [1, 2]}\n",
      "x.yaml:5: linspace: [1, 2] is not accepted: it must be [first, last, how many], as in {linspace: [1e-4, 1e-2, 5]}"
    ),
    FaultyFile(
      grid: "  architecture: 784-3-2\n  seed: 0\n  kl_weight: {logspace: [0, 2, 3]}\n",
      "x.yaml:5: logspace: both ends must be above 0"),
    FaultyFile(
      grid: "  architecture: 784-3-2\n  seed: 0\n  epochs: {linspace: [1, 2, 3]}\n",
      "x.yaml:5: epochs: 1.5 is not accepted: it must be a whole number from 1 to 10000"),
    FaultyFile(
      grid: "  architecture: 784-3-2\n  seed: 0\n  epochs: {linspace: [1, 3, 3], step: 2}\n",
      "x.yaml:5: step: unknown key under epochs: (known: linspace, logspace)"),
    FaultyFile(
      grid: "  architecture: 784-3-2\n  seed: 0\n  kl_weight: {linspce: [1, 3, 3]}\n",
      "x.yaml:5: linspce: unknown key under kl_weight: (did you mean linspace?)"),
    FaultyFile(
      grid: "  architecture: 784-3-2\n  seed: 0\n  latent_dim: {}\n",
      "x.yaml:5: latent_dim: a mapping is not accepted: it must be a list, or one of linspace and logspace"
    ),
    FaultyFile(
      grid: "  architecture: 784-3-2\n  seed: {lgspace: [1, 3, 3]}\n",
      "x.yaml:4: lgspace: unknown key under seed: (did you mean logspace?)"),
    FaultyFile(
      after: "exclude:\n  - {kl_weight: {linspase: [1, 3, 3]}}\ntrain: {kl_weight: 1}\n",
      "x.yaml:6: linspase: unknown key under kl_weight: (did you mean linspace?)"),
    FaultyFile(
      after: "extends: base.yaml\n",
      "x.yaml:5: extends: only a sweep file on disk can extend another: write both in one"),
    FaultyFile(
      "name: x\ngrid:\n  <<: 5\n",
      "x.yaml:3: <<: 5 is not accepted: it must be a mapping, as in <<: *base"),
    FaultyFile(
      after: "variance: {factor: init_seed, levels: 3, redraws: 3}\n",
      "x.yaml:4: seed: an axis beside variance: is not accepted: it must be left out: the nested design sets all three seeds"
    ),
  ]

  @Test("gives one line for a fault", arguments: faults)
  func fault(file: FaultyFile) {
    let error = #expect(throws: SweepFileError.self) {
      try SweepFile.parse(yaml: file.yaml, file: "x.yaml")
    }
    #expect(error?.description == file.line)
  }
}
