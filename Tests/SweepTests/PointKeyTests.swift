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

  @Test("do not depend on what a schedule says that has no consequence; a record keeps its own")
  func schedules() throws {
    let shape = try Architecture(parsing: "784-256-32-8-4")
    func configuration(_ schedule: String, from origin: TrainKey.ValueOrigin = .user) throws
      -> Configuration
    {
      try Configuration(
        architecture: shape, [.epochs: .int(20), .schedule: .string(schedule)], from: origin)
    }
    func key(_ configuration: Configuration) -> PointKey {
      Point(configuration: configuration, seeds: Seeds(0))
        .key(dataset: Self.dataset, trainerVersion: 1)
    }
    let plain = try configuration("none")
    for schedule in ["0.5@20", "1@0", "1@3 1@7 0.1@99"] {
      #expect(try configuration(schedule) == plain)
      let record = try configuration(schedule, from: .record)
      #expect(key(record) != key(plain))
      #expect(record.canonical == plain)
      // Read again it has the key that it was stored with.
      let again = try Configuration(architecture: shape, record.values, from: .record)
      #expect(key(again) == key(record))
    }
    let falling = try configuration("0.3@10 0.1@15")
    #expect(falling != plain)
    #expect(try configuration("1@0 0.3@10 0.3@12 0.1@15 0.01@25") == falling)
    #expect(try configuration("0.3@10 0.1@15", from: .record) == falling)
    #expect(falling.canonical == falling)
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
