import Sweep
import SweepFile
import Testing
import VAE

/// Sweep files over images of 14 × 10.
@Suite("The input of a sweep file's architectures")
struct InputTests {
  private static let images = ArchitectureInput(
    pixels: 140, source: "the pixels of the 14 × 10 images of ./letters")

  private func read(
    _ text: String, files: [String: String] = [:], _ overrides: String...,
    images: ArchitectureInput? = Self.images
  ) throws -> SweepFile.Contents {
    let folder = try SweepFolder(files.merging(["x.yaml": text]) { $1 })
    return try SweepFile.read(path: folder.path("x.yaml"), overrides: overrides) { _ in images }
  }

  private func architectures(_ definition: SweepDefinition) -> [String] {
    definition.grid.points.map(\.point.configuration.architecture.description)
  }

  private static let halves = """
    # Two nets.
    name: x
    dataset: ./letters
    grid: {hidden: [64, 32-8], latent_dim: 2, seed: 0}
    claims:
      - {id: 1, claim: depth helps, test: mean_difference, metric: test_total,
         a: 140-64-2, b: 140-32-8-2, expect: {above: 0}}

    """

  @Test("is the dataset's where hidden layers and latents are given, also in claims")
  func follows() throws {
    let read = try read(Self.halves)
    #expect(architectures(read.definition) == ["140-64-2", "140-32-8-2"])
    let grid = read.definition.grid
    for (index, point) in grid.points { #expect(grid.index(of: point) == index) }
    #expect(read.definition.claims.claims.count == 1)
    // The name of the dataset is given as a reader of the file has it.
    var asked: [String] = []
    let folder = try SweepFolder(["x.yaml": Self.halves])
    _ = try SweepFile.read(path: folder.path("x.yaml"), overrides: ["dataset=digits"]) {
      asked.append($0)
      return Self.images
    }
    #expect(asked == ["digits"])
  }

  @Test(
    "stands in the text that a store keeps, which reads as the same without the dataset",
    arguments: [
      halves, "{name: x, grid: {hidden: 64, latent_dim: 2, seed: 0..3}}",
      "{\"name\": \"x\", \"grid\": {\"hidden\": 64, \"latent_dim\": [2, 3], \"seed\": 0}}",
      "extends: base.yaml\ngrid: {latent_dim: 3}\n",
    ])
  func kept(text: String) throws {
    let base = "name: x\ngrid: {hidden: 64, latent_dim: 2, seed: 0}\n"
    let read = try read(text, files: ["base.yaml": base])
    #expect(read.yaml.contains("input: 140"))
    let again = try SweepFile.parse(yaml: read.yaml, file: "x.yaml")
    #expect(again.grid == read.definition.grid)
    #expect(again.claims == read.definition.claims)
    #expect(again.definitionDigest == read.definition.definitionDigest)
    // What a user wrote is left as it was.
    if text == Self.halves { #expect(read.yaml == text + "input: 140\n") }
  }

  @Test("leaves a file alone that says it itself, and every file of 28 × 28 images")
  func untouched() throws {
    let usual = ArchitectureInput(pixels: 784, source: "the pixels of the 28 × 28 images of mnist")
    let named = "name: x\ngrid: {architecture: 140-64-2, seed: 0}\n"
    let said = "name: x\ninput: 140\ngrid: {hidden: 64, latent_dim: 2, seed: 0}\n"
    let halves = "name: x\ngrid: {hidden: 64, latent_dim: 2, seed: 0}\n"
    for (text, images) in [(named, Self.images), (said, Self.images), (halves, usual)] {
      #expect(try read(text, images: images).yaml == text)
    }
    let read = try read(halves, images: usual)
    #expect(architectures(read.definition) == ["784-64-2"])
    #expect(try read.definition.definitionDigest == self.read(halves).definition.definitionDigest)
  }

  @Test(
    "is checked wherever an architecture stands, with its line",
    arguments: [
      ("grid:\n  architecture: [140-64-2,\n    784-64-2]\n  seed: 0\n", 4),
      ("grid: {seed: 0}\nzip:\n  nets:\n    - {architecture: 784-64-2}\n", 5),
      (
        "grid: {architecture: 140-64-2, seed: 0}\ninclude:\n  - {architecture: 784-64-2, seed: 1}\n",
        4
      ),
      (
        "grid: {hidden: 64, latent_dim: 2, seed: 0}\nexclude:\n  - {architecture: 784-64-2}\n", 4
      ),
      (
        """
        grids:
          - {name: a, grid: {architecture: 140-64-2, seed: 0}}
          - name: b
            grid: {architecture: 784-64-2, seed: 0}

        """, 5
      ),
      (
        """
        grid: {architecture: 140-64-2, seed: 0, optimizer: [adam, sgd]}
        when:
          - if: {architecture: 784-64-2}
            grid: {batch_size: [10, 20]}

        """, 4
      ),
    ])
  func checked(text: String, line: Int) throws {
    let folder = try SweepFolder(["x.yaml": "name: x\n" + text])
    let path = folder.path("x.yaml")
    let error = #expect(throws: SweepFileError.self) {
      try SweepFile.read(path: path) { _ in Self.images }
    }
    #expect(
      error?.description
        == "\(path):\(line): architecture: 784-64-2 is not accepted: it must be one that begins "
        + "with 140, the pixels of the 14 × 10 images of ./letters")
  }

  @Test("is checked where the file gives it")
  func given() throws {
    for (value, expected) in [
      ("784", "140, the pixels of the 14 × 10 images of ./letters"),
      ("0", "a whole number from 1 to 4096, the pixels of an image"),
      ("4097", "a whole number from 1 to 4096, the pixels of an image"),
    ] {
      let text = "name: x\ninput: \(value)\ngrid: {architecture: 140-64-2, seed: 0}\n"
      let folder = try SweepFolder(["x.yaml": text])
      let path = folder.path("x.yaml")
      let error = #expect(throws: SweepFileError.self) {
        try SweepFile.read(path: path) { _ in Self.images }
      }
      #expect(
        error?.description
          == "\(path):2: input: \(value) is not accepted: it must be \(expected)")
    }
  }

  @Test("is that of the first architecture where the dataset is not known")
  func unknown() throws {
    let mixed = """
      name: x
      grids:
        - {name: a, grid: {architecture: 196-9-2, seed: 0}}
        - {name: b, grid: {hidden: 16, latent_dim: 3, seed: 0}}
      """
    #expect(
      architectures(try SweepFile.parse(yaml: mixed, file: "x.yaml")) == ["196-9-2", "196-16-3"])
    let error = #expect(throws: SweepFileError.self) {
      try SweepFile.parse(
        yaml: "name: x\ngrid:\n  architecture:\n    - 196-9-2\n    - 784-9-2\n  seed: 0\n",
        file: "x.yaml")
    }
    #expect(
      error?.description
        == "x.yaml:5: architecture: 784-9-2 is not accepted: it must be one that begins with 196, "
        + "as 196-9-2 does")
    // A claim names a net of the grid.
    let claim = Self.halves.replacing("140-64-2", with: "784-64-2")
    #expect(throws: SweepFileError.self) { try read(claim) }
  }
}
