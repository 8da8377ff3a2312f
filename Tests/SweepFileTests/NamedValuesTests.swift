import Sweep
import SweepFile
import Testing
import VAE

@Suite("The values that a sweep file names")
struct NamedValuesTests {
  private static let yaml = """
    name: x
    train: {limit: 9}
    grids:
      - name: a
        grid:
          architecture: 784-3-2
          seed: 0
          perturb: [1@0,
            2@0]
        when:
          - {if: {perturb: 2@0}, grid: {epochs: [7, 8]}}
      - name: b
        grid: {architecture: 784-3-2, seed: 0}
        zip:
          how:
            - {perturb: 1@0}
            - {perturb: 3@0, epochs: 7}
        include:
          - {architecture: 784-3-2, seed: 0, perturb: 4@0}
    """

  @Test("have the lines that they stand on, grid by grid")
  func places() throws {
    let contents = try SweepFile.contents(yaml: Self.yaml, file: "x.yaml")
    func line(_ key: TrainKey, _ value: ParameterValue, _ block: Int?) -> String? {
      contents.place(of: key, value, inBlock: block)
    }
    #expect(line(.perturb, .string("1@0"), 0) == "x.yaml:8")
    #expect(line(.perturb, .string("2@0"), 0) == "x.yaml:9")
    #expect(line(.perturb, .string("1@0"), 1) == "x.yaml:16")
    #expect(line(.perturb, .string("3@0"), 1) == "x.yaml:17")
    #expect(line(.perturb, .string("4@0"), nil) == "x.yaml:19")
    #expect(line(.perturb, .string("3@0"), 0) == nil)
    #expect(line(.epochs, .int(8), nil) == "x.yaml:11")
    #expect(line(.limit, .int(9), 1) == "x.yaml:2")
    #expect(line(.limit, .int(7), nil) == nil)
  }

  @Test("belong to the grid that asks for them first")
  func blocks() throws {
    let grid = try SweepFile.parse(yaml: Self.yaml, file: "x.yaml").grid
    var blocks: [String: Int?] = [:]
    grid.forEachConfiguration { planned in
      let configuration = planned.configuration
      blocks[configuration[.perturb]?.description ?? ""] = grid.block(of: configuration)
      return true
    }
    #expect(blocks == ["1@0": 0, "2@0": 0, "3@0": 1, "4@0": 1])
  }

  @Test(
    "are told with a warning where no run is long enough for them",
    arguments: [
      (
        "grid: {architecture: 784-3-2, seed: 0}\ntrain:\n  epochs: 2\n  schedule: 0.5@7\n",
        [
          "x.yaml:5: warning: schedule: 0.5@7 trains as none does within 2 epochs, and is another "
            + "configuration all the same"
        ]
      ),
      (
        "grid:\n  architecture: 784-3-2\n  seed: 0\n  epochs: [2, 20]\n"
          + "  schedule:\n    - 0.3@10\n    - 0.5@1 0.5@2 0.1@99\n",
        [
          "x.yaml:8: warning: schedule: 0.5@1 0.5@2 0.1@99 trains as 0.5@1 does within 20 epochs, "
            + "and is another configuration all the same"
        ]
      ),
      ("grid: {architecture: 784-3-2, seed: 0, schedule: [none, 0.3@10], epochs: [5, 20]}\n", []),
      (
        "grid: {architecture: 784-3-2, seed: 0}\ntrain:\n  kl_weight: 0\n  kl_warmup: 3\n"
          + "  free_bits: 0.5\n",
        [
          "x.yaml:5: warning: kl_warmup: 3 changes nothing where kl_weight is 0, and is another "
            + "configuration all the same",
          "x.yaml:6: warning: free_bits: 0.5 changes nothing where kl_weight is 0, and is another "
            + "configuration all the same",
        ]
      ),
      (
        "grid: {architecture: 784-3-2, seed: 0, kl_weight: [0, 1], kl_warmup: [0, 3, 60]}\n",
        [
          "x.yaml:2: warning: kl_warmup: 60 is more epochs than a run of 50 has: the KL term does "
            + "not come to its full weight"
        ]
      ),
    ])
  func idle(text: String, warnings: [String]) throws {
    let contents = try SweepFile.contents(yaml: "name: x\n" + text, file: "x.yaml")
    #expect(contents.warnings == warnings)
  }
}
