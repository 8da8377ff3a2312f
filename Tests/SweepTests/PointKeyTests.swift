import Sweep
import Testing
import VAE

/// The keys were computed by Goldens/keys.py, which builds the canonical JSON by its own rules.
@Suite("Point keys")
struct PointKeyTests {
  private static let dataset = Digest(of: "a dataset")

  @Test("are those of the goldens", arguments: KeyGolden.all)
  func goldens(golden: KeyGolden) throws {
    let configuration = try Configuration(
      architecture: Architecture(parsing: golden.architecture), golden.values)
    let point = Point(configuration: configuration, seeds: golden.seeds)
    #expect(point.key(dataset: Self.dataset, trainerVersion: 1).description == golden.key)
  }

  @Test("do not depend on a key that does not apply")
  func inapplicable() throws {
    let shape = try Architecture(parsing: "784-256-2")
    let plain = try Configuration(architecture: shape, [:])
    let withRho = try Configuration(architecture: shape, [.rho: .double(0.5)])
    #expect(plain == withRho)
  }

  @Test(
    "differ with everything that decides the numbers",
    arguments: [
      [TrainKey.sampling: ParameterValue.bool(false)], [.epochs: .int(3)], [.batchSize: .int(3)],
      [.optimizer: .string("sgd")], [.learningRate: .double(0.01)], [.limit: .int(100)],
      [.klWeight: .double(2)], [.activation: .string("elu")], [.loss: .string("mse")],
      [.initializer: .string("he_normal")],
    ])
  func sensitivity(values: [TrainKey: ParameterValue]) throws {
    let shape = try Architecture(parsing: "784-256-2")
    let base = Point(configuration: try Configuration(architecture: shape, [:]), seeds: Seeds(0))
    let other = Point(
      configuration: try Configuration(architecture: shape, values), seeds: Seeds(0))
    func key(_ point: Point, version: Int = 1) -> PointKey {
      point.key(dataset: Self.dataset, trainerVersion: version)
    }
    #expect(key(base) != key(other))
    #expect(key(base) != key(base, version: 2))
    #expect(key(base) != key(Point(configuration: base.configuration, seeds: Seeds(1))))
    #expect(key(base) != base.key(dataset: Digest(of: "other"), trainerVersion: 1))
  }
}
