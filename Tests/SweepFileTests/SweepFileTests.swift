import Sweep
import SweepFile
import Testing
import VAE

@Suite("A sweep file")
struct SweepFileTests {
  private static let design = """
    name: higher-dimensions
    dataset: mnist              # a comment
    grid:
      architecture: [784-256-32-8-4, 784-256-32-4]
      sampling: [true, false]
      seed: 0..19
    exclude:
      - {architecture: 784-256-32-4, sampling: false}
    train:
      epochs: 50
      learning_rate: 0.001
    """

  private func parse(_ yaml: String) throws(SweepFileError) -> SweepDefinition {
    try SweepFile.parse(yaml: yaml, file: "folder/x.yaml")
  }

  /// A file of one architecture with `lines` under grid and train.
  private func parse(grid: String = "seed: 0", train: String = "epochs: 50") throws -> Grid {
    try parse("name: x\ngrid:\n  architecture: 784-256-2\n  \(grid)\ntrain:\n  \(train)\n").grid
  }

  @Test("is read as it is documented")
  func design() throws {
    let sweep = try parse(Self.design)
    #expect(sweep.name == "higher-dimensions")
    #expect(sweep.dataset == "mnist")
    #expect(sweep.grid.count() == Grid.Count(points: 60, excluded: 20))
    let first = try #require(sweep.grid.point(at: 0))
    #expect(first.configuration.architecture.description == "784-256-32-8-4")
    #expect(first.seeds == Seeds(0))
    #expect(first.configuration.epochs == 50)
  }

  @Test(
    "takes seeds as a number, a range, a list, or a mixture",
    arguments: [
      ("7", [7]), ("0..3", [0, 1, 2, 3]), ("5..5", [5]), ("[3, 1]", [3, 1]),
      ("[0..2, 10, 12..13]", [0, 1, 2, 10, 12, 13]), ("[0..2, 3, 4..5]", [0, 1, 2, 3, 4, 5]),
      ("4294967295", [4_294_967_295]), ("4294967294..4294967295", [4_294_967_294, 4_294_967_295]),
    ] as [(String, [UInt32])])
  func seeds(written: String, expected: [UInt32]) throws {
    let grid = try parse(grid: "seed: \(written)")
    #expect(grid.points.map(\.point.seeds.order) == expected)
  }

  @Test("is read with a byte order mark in front, as some editors put it")
  func byteOrderMark() throws {
    let text = "name: s\ngrid: {architecture: 784-16-2, seed: 0}\n"
    let bytes = Array("\u{feff}\(text)".utf8)
    #expect(bytes.prefix(3) == [0xef, 0xbb, 0xbf])
    #expect(
      try SweepFile.parse(bytes: bytes, file: "s.yaml").definitionDigest
        == SweepFile.parse(yaml: text, file: "s.yaml").definitionDigest)
  }

  @Test("keeps a range of all seeds as its ends")
  func allSeeds() throws {
    #expect(try parse(grid: "seed: 0..4294967295").positions == 1 << 32)
    #expect(try parse(grid: "seed: [0..9, 10..4294967295]").positions == 1 << 32)
  }

  @Test(
    "reads numbers by YAML 1.2",
    arguments: [
      ("1e-3", 0.001), ("1E-3", 0.001), ("0.001", 0.001), (".5", 0.5), ("5.", 5), ("1", 1),
      ("+2", 2), ("1e+2", 100),
    ])
  func numbers(written: String, expected: Double) throws {
    let grid = try parse(train: "learning_rate: \(written)")
    #expect(grid.point(at: 0)?.configuration[.learningRate] == .double(expected))
  }

  @Test(
    "takes only true and false for booleans", arguments: ["true", "True", "TRUE"])
  func booleans(written: String) throws {
    #expect(try parse(train: "sampling: \(written)").point(at: 0)?.configuration.sampling == true)
  }

  @Test(
    "takes no limit in several words", arguments: ["none", "null", "~", "", "\"none\""])
  func noLimit(written: String) throws {
    #expect(try parse(train: "limit: \(written)").point(at: 0)?.configuration.limit == nil)
    #expect(
      try parse(grid: "seed: 0\n  limit: [\(written.isEmpty ? "~" : written), 100]").positions == 2)
  }

  @Test("takes hidden layers as lists or joined by '-'")
  func hidden() throws {
    let sweep = try parse(
      "name: x\ngrid:\n  hidden: [[256], 256-32, 100]\n  latent_dim: 2\n  seed: 1\n")
    let shapes = sweep.grid.points.map(\.point.configuration.architecture.description)
    #expect(shapes == ["784-256-2", "784-256-32-2", "784-100-2"])
  }

  @Test("follows aliases")
  func aliases() throws {
    let grid = try parse(grid: "init_seed: &s [1, 2]\n  order_seed: *s\n  noise_seed: *s")
    #expect(grid.positions == 8)
  }

  @Test("follows as many aliases as it has, and takes no other asterisk for one")
  func manyAliases() throws {
    let stars = String(repeating: "# *not *an *alias\n", count: 10)
    let claims = (1...9).map { number in
      "  - {id: \(number), claim: \"*a* differs\", test: mean_difference, metric: test_total, "
        + "a: *a, b: *b, expect: {above: 0}}\n"
    }
    let sweep = try parse(
      stars + """
        name: x
        x-nets: [&a 784-256-2, &b 784-32-2]
        grid: {architecture: [*a, *b], seed: 0..9}
        claims:

        """ + claims.joined())
    #expect(sweep.claims.claims.count == 9)
    #expect(sweep.grid.positions == 20)
  }

  @Test(
    "sees a relative dataset folder from its own",
    arguments: [
      ("/data/mnist", "/data/mnist"), ("../b", "/a/b"), ("./b", "/a/sweeps/b"),
      ("b/", "/a/sweeps/b"),
      (".", "/a/sweeps"), ("digits", "digits"), ("fashion-mnist", "fashion-mnist"),
    ])
  func dataset(written: String, expected: String) throws {
    let yaml = "name: x\ndataset: \(written)\ngrid: {architecture: 784-256-2, seed: 0}\n"
    #expect(try SweepFile.parse(yaml: yaml, file: "/a/sweeps/x.yaml").dataset == expected)
  }

  @Test("is mnist where it names no dataset, and may be called by a number or a date")
  func names() throws {
    let sweep = try parse("name: 2024-01-01\ngrid: {architecture: 784-256-2, seed: 0}\n")
    #expect(sweep.name == "2024-01-01")
    #expect(sweep.dataset == "mnist")
  }

  @Test("has a digest that words do not change and values do")
  func digest() throws {
    let digest = try parse(Self.design).definitionDigest
    let other = """
      {name: "higher-dimensions", train: {learning_rate: 1e-3, epochs: 50},
       grid: {architecture: ['784-256-32-8-4', 784-256-32-4], sampling: [true, false],
       seed: [0..18, 19]}, exclude: [{sampling: false, architecture: 784-256-32-4}]}
      """
    #expect(try parse(other).definitionDigest == digest)
    for (old, new) in [
      ("0..19", "0..18"), ("epochs: 50", "epochs: 51"), ("[true, false]", "[false, true]"),
      ("dataset: mnist", "dataset: digits"), ("dimensions", "dimension"),
    ] {
      #expect(try parse(Self.design.replacing(old, with: new)).definitionDigest != digest)
    }
    // The SHA-256 of the same JSON written by hand (CPython 3.11, sorted keys).
    #expect(
      digest.hex == "d0732b0c041b6ae8de160202d94605aff677a2cb84e441e501e31ca226745408")
  }
}
