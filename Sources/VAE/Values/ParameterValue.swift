/// A hyper-parameter's value: as a user writes it, or as it takes effect.
package enum ParameterValue: Hashable, Sendable, CustomStringConvertible {
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)
  /// No value: `limit: none`.
  case null

  package var description: String {
    switch self {
    case .bool(let value): "\(value)"
    case .int(let value): "\(value)"
    case .double(let value): "\(value)"
    case .string(let value): value
    case .null: "none"
    }
  }
}
