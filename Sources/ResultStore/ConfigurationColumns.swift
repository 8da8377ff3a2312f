internal import GRDB
internal import Sweep
internal import VAE

/// GRDB has a type of this name too.
typealias Configuration = VAE.Configuration

/// The columns that hold a configuration, in the order of `names`.
struct ConfigurationColumns {
  /// `limit` is a word of SQL.
  static let names =
    ["architecture", "hidden", "latent_dim"]
    + TrainKey.allCases.map { $0 == .limit ? "\"limit\"" : $0.rawValue }

  static let list = names.joined(separator: ", ")

  /// `list` with every column taken from `table`.
  static func list(of table: String) -> String {
    names.map { "\(table).\($0)" }.joined(separator: ", ")
  }

  static func values(_ configuration: Configuration) -> [(any DatabaseValueConvertible)?] {
    let architecture = configuration.architecture
    var values: [(any DatabaseValueConvertible)?] = [
      architecture.description,
      JSONValue.array(architecture.hidden.map(JSONValue.int)).compact, architecture.latentDim,
    ]
    for key in TrainKey.allCases {
      switch configuration[key] {
      case .bool(let value): values.append(value)
      case .int(let value): values.append(value)
      case .double(let value): values.append(value)
      case .string(let value): values.append(value)
      case .some(.none), nil: values.append(nil)
      }
    }
    return values
  }

  /// Configurations read before: a sweep has few of them, and many points of each.
  private var known: [Raw: Configuration] = [:]

  /// The configuration in the columns from `first` on.
  mutating func read(_ columns: Columns, from first: Int) throws -> Configuration {
    let raw = try Raw(columns, from: first)
    if let configuration = known[raw] { return configuration }
    do {
      let configuration = try Configuration(
        architecture: Architecture(parsing: raw.architecture), raw.values)
      known[raw] = configuration
      return configuration
    } catch {
      throw columns.damaged("a wrong configuration", first)
    }
  }
}

extension ConfigurationColumns {
  /// The columns as they stand, cheap to compare.
  private struct Raw: Hashable {
    let architecture: String
    let integers: [Int64?]
    let numbers: [Double?]
    let texts: [String]

    init(_ columns: Columns, from first: Int) throws {
      // The places follow from the order of `names`.
      architecture = try columns.text(first)
      integers = [
        columns.optionalInteger(first + 3), columns.optionalInteger(first + 4),
        columns.optionalInteger(first + 5), columns.optionalInteger(first + 17),
      ]
      numbers = [7, 8, 9, 10, 11, 12, 16].map { columns.optionalNumber(first + $0) }
      texts = try [6, 13, 14, 15].map { try columns.text(first + $0) }
    }

    var values: [TrainKey: ParameterValue] {
      var values: [TrainKey: ParameterValue] = [
        .optimizer: .string(texts[0]), .initializer: .string(texts[1]),
        .activation: .string(texts[2]), .loss: .string(texts[3]),
      ]
      values[.sampling] = integers[0].map { .bool($0 != 0) }
      let whole: [TrainKey] = [.epochs, .batchSize, .limit]
      for (key, value) in zip(whole, integers.dropFirst()) {
        values[key] = value.map { .int(Int($0)) }
      }
      let real: [TrainKey] = [
        .learningRate, .beta1, .beta2, .rho, .momentum, .epsilon, .klWeight,
      ]
      for (key, value) in zip(real, numbers) { values[key] = value.map { .double($0) } }
      return values
    }
  }
}
