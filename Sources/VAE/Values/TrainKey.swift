/// A hyper-parameter of a training run, by the name it has in YAML, JSON, CSV and SQL.
package enum TrainKey: String, CaseIterable, Hashable, Sendable {
  case sampling
  case epochs
  case batchSize = "batch_size"
  case optimizer
  case learningRate = "learning_rate"
  case beta1
  case beta2
  case rho
  case momentum
  case epsilon
  case initializer
  case activation
  case loss
  case klWeight = "kl_weight"
  case limit
}

/// A hyper-parameter's value as a user writes it, before it is checked.
package enum ParameterValue: Hashable, Sendable, CustomStringConvertible {
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)
  /// No value: `limit: none`.
  case none

  package var description: String {
    switch self {
    case .bool(let value): "\(value)"
    case .int(let value): "\(value)"
    case .double(let value): "\(value)"
    case .string(let value): value
    case .none: "none"
    }
  }
}
