import Sweep
import SweepFile
import Testing
import VAE

@Suite("A sweep file that extends another")
struct ExtendsTests {
  private static let base = """
    # The page's nets.
    name: base
    dataset: digits
    train: {epochs: 20, learning_rate: 0.001}
    grid:
      architecture: [784-256-2, 784-3-2]
      seed: 0..9
    exclude:
      - {architecture: 784-3-2, seed: 0}
    claims:
      - {id: 1, claim: "Depth: it helps", test: mean_difference, metric: test_total,
         a: 784-256-2, b: 784-3-2, expect: {above: 0}}
    """

  private static let child = """
    name: child
    extends: base.yaml
    train: {epochs: 5, learning_rate: }
    grid:
      seed: 0..2
      sampling: [true, false]
    """

  private func read(_ files: [String: String], _ overrides: String...) throws -> SweepFile.Contents
  {
    let folder = try SweepFolder(files)
    return try SweepFile.read(path: folder.path("x.yaml"), overrides: overrides)
  }

  /// The one line of a fault, without the folder.
  private func line(_ files: [String: String], _ overrides: String...) throws -> String {
    let folder = try SweepFolder(files)
    let error = #expect(throws: SweepFileError.self) {
      try SweepFile.read(path: folder.path("x.yaml"), overrides: overrides)
    }
    return (error?.description ?? "").replacing(folder.path(""), with: "")
  }

  @Test("merges mappings, replaces everything else, and drops what has no value")
  func merging() throws {
    let read = try read(["base.yaml": Self.base, "x.yaml": Self.child])
    let grid = read.definition.grid
    #expect(read.definition.name == "child")
    #expect(read.definition.dataset == "digits")
    #expect(grid.train == [.epochs: .int(5)])
    // Axes of the base first, in its order.
    #expect(grid.blocks[0].axes.map(\.key) == [.architecture, .seed, .train(.sampling)])
    #expect(grid.count() == Grid.Count(points: 10, excluded: 2))
    #expect(read.definition.claims.claims.count == 1)
  }

  @Test("is kept whole, in a text that needs no other file and asks for the same")
  func whole() throws {
    let read = try read(
      ["base.yaml": Self.base, "x.yaml": Self.child], "grid.seed=[0..1, 7]",
      "train.limit=none", "dataset=./my data/\"é\"")
    let again = try SweepFile.parse(yaml: read.yaml, file: "elsewhere.yaml")
    #expect(again.definitionDigest == read.definition.definitionDigest)
    #expect(again.grid == read.definition.grid)
    #expect(again.claims == read.definition.claims)
    #expect(!read.yaml.contains("extends"))
  }

  @Test("is kept as it is written where it stands alone")
  func alone() throws {
    #expect(try read(["x.yaml": Self.base]).yaml == Self.base)
  }

  @Test("may extend one that extends another, and inherit its name")
  func chain() throws {
    let read = try read([
      "a.yaml": Self.base, "b.yaml": "extends: a.yaml\ntrain: {batch_size: 7}\n",
      "x.yaml": "extends: b.yaml\ntrain: {epochs: 6}\n",
    ])
    #expect(read.definition.name == "base")
    #expect(read.definition.grid.train[.batchSize] == .int(7))
    #expect(read.definition.grid.train[.epochs] == .int(6))
  }

  @Test("names the file and line of a fault, in whichever it stands")
  func faults() throws {
    #expect(
      try line(["a.yaml": "extends: x.yaml\n", "x.yaml": "name: x\nextends: a.yaml\n"])
        == "a.yaml:1: extends: a circle: x.yaml extends a.yaml extends x.yaml")
    #expect(
      try line(["x.yaml": "extends: x.yaml\n"])
        == "x.yaml:1: extends: a circle: x.yaml extends x.yaml")
    #expect(
      try line(["x.yaml": "name: x\nextends: none.yaml\n"])
        == "x.yaml:2: extends: none.yaml cannot be read: No such file or directory")
    #expect(
      try line(["x.yaml": "extends: ../a.yaml\n"])
        == "x.yaml:1: extends: ../a.yaml is not accepted: it must be the name of one sweep file "
        + "beside this one")
    let wrong = Self.base.replacing("epochs: 20", with: "epohcs: 20")
    #expect(
      try line(["base.yaml": wrong, "x.yaml": Self.child])
        == "base.yaml:4: epohcs: unknown key under train: (did you mean epochs?)")
    #expect(
      try line(["base.yaml": Self.base, "x.yaml": "extends: base.yaml\ngrid:\n  epochs: [1, 2]\n"])
        == "base.yaml:4: epochs: given under train: and under grid: (x.yaml:3): keep one of them")
    #expect(
      try line(["base.yaml": "name: [1\n", "x.yaml": "extends: base.yaml\n"])
        == "base.yaml:2: not readable as YAML: did not find expected ',' or ']' (while parsing "
        + "a flow sequence on line 1)")
    #expect(
      try line(["base.yaml": "- 1\n", "x.yaml": "extends: base.yaml\n"])
        == "base.yaml:1: [1] is not accepted: it must be a mapping of keys")
  }

  @Test("takes values from the command line before all files")
  func overrides() throws {
    let page = """
      name: x
      grids:
        - {name: page, grid: {architecture: 784-256-2, seed: 0..9}}
        - {name: more, grid: {architecture: 784-3-2, seed: 0..9}}
      """
    let grid = try read(
      ["x.yaml": page], "grids.page.grid.seed=0..2", "train.epochs=5",
      "grids.more.grid.kl_weight={linspace: [1, 2, 3]}", "dataset=digits"
    ).definition.grid
    #expect(grid.count().points == 3 + 30)
    #expect(grid.train == [.epochs: .int(5)])
    // A key without a value is taken away, as in a file.
    let less = try read(
      ["x.yaml": Self.base], "exclude=", "train.epochs=", "grid.epochs=[1, 2]", "claims=null")
    #expect(less.definition.grid.count().points == 40)
  }

  @Test(
    "names the option of a fault",
    arguments: [
      (
        "train.epoch=5",
        "--set train.epoch=5: epoch: unknown key under train: (did you mean epochs?)"
      ),
      (
        "train.epochs=many",
        "--set train.epochs=many: epochs: many is not accepted: it must be a whole number from 1 "
          + "to 10000"
      ),
      ("tarin.epochs=5", "--set tarin.epochs=5: tarin: unknown key (did you mean train?)"),
      (
        "train.epochs",
        "--set train.epochs: must be KEY=VALUE, as in train.epochs=5 or grids.page.grid.seed=0..2"
      ),
      ("name.x=5", "--set name.x=5: name is one value: it has no x"),
      (
        "exclude.page.seed=5",
        "--set exclude.page.seed=5: exclude is a list: set all of it, as in exclude=[…]"
      ),
      (
        "grid.seed=[0",
        "--set grid.seed=[0: not readable as YAML: did not find expected ',' or ']' "
          + "(while parsing a flow sequence on line 1)"
      ),
      (
        "extends=base.yaml",
        "--set extends=base.yaml: extends: what a file extends can't be set: extend it in a file"
      ),
      ("grid.sead=0", "--set grid.sead=0: sead: unknown key under grid: (did you mean seed?)"),
    ])
  func optionFaults(option: String, expected: String) throws {
    #expect(try line(["x.yaml": Self.base], option) == expected)
  }

  @Test("knows grids by their names")
  func gridNames() throws {
    let page = "name: x\ngrids:\n  - {name: page, grid: {architecture: 784-256-2, seed: 0}}\n"
    #expect(
      try line(["x.yaml": page], "grids.pgae.grid.seed=1")
        == "--set grids.pgae.grid.seed=1: grids has no pgae (did you mean page?)")
  }
}
