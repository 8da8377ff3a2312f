import VAE

/// A point and the key that Goldens/keys.py gives it.
struct KeyGolden: Sendable, CustomStringConvertible {
  var architecture: String
  var values: [TrainKey: ParameterValue] = [:]
  var seeds: Seeds
  var key: String

  var description: String { "\(architecture) \(key.prefix(8))" }

  static let all: [KeyGolden] = [
    KeyGolden(
      architecture: "784-256-2", seeds: Seeds(0),
      key: "de37d93e8931b5541f003d7f819701245ab61ee05536f00aa3b5ede5b5eebe46"),
    KeyGolden(
      architecture: "784-256-32-8-4", values: [.sampling: .bool(false)], seeds: Seeds(7),
      key: "02a80fe750575af75ad535b9685414cb6135a1f65c75259ddd9209278221acd8"),
    KeyGolden(
      architecture: "784-256-2",
      values: [.optimizer: .string("rmsprop"), .batchSize: .int(100)],
      seeds: Seeds(initialization: 1, order: 2, noise: .max),
      key: "3abf3fcdbcad4dff4fc3a4d4ef834ecf8402cddb36b4f949150765681541a477"),
    KeyGolden(
      architecture: "784-400-20",
      values: [.initializer: .string("torch_linear"), .epochs: .int(10)], seeds: Seeds(3),
      key: "b0c7f47a468637f917f9bded1937ab3b15c43e0ab0aea9b12815441fd4187692"),
    KeyGolden(
      architecture: "784-256-32-16",
      values: [
        .optimizer: .string("sgd"), .learningRate: .double(0.05), .momentum: .double(0.5),
        .activation: .string("tanh"), .loss: .string("mse"), .klWeight: .double(0.25),
        .limit: .int(1000),
      ],
      seeds: Seeds(0),
      key: "a6ed14fa41ed0994faad0e6d2a24889a4d2bff51a63d29fabfa80ad3f991631d"),
  ]
}
