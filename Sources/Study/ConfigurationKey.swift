package import Sweep
package import VAE

/// A key of a configuration, by which outcomes may be grouped.
package enum ConfigurationKey: Hashable, Sendable, CustomStringConvertible {
  case architecture
  case hidden
  case latentDim
  case train(TrainKey)

  /// Every key, in the order of the columns of a summary.
  package static var all: [ConfigurationKey] {
    [.architecture, .hidden, .latentDim] + TrainKey.allCases.map(ConfigurationKey.train)
  }

  package var description: String {
    switch self {
    case .architecture: "architecture"
    case .hidden: "hidden"
    case .latentDim: "latent_dim"
    case .train(let key): key.rawValue
    }
  }

  /// Reads a list such as `architecture,sampling`.
  package static func list(parsing text: String) throws(InvalidValue) -> [ConfigurationKey] {
    var keys: [ConfigurationKey] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = name.trimmingPrefix(while: \.isWhitespace)
      guard let key = all.first(where: { $0.description == name }), !keys.contains(key) else {
        throw InvalidValue(
          key: "by", value: text,
          expected: "different keys of a configuration, joined by commas: "
            + all.map(\.description).joined(separator: ", "))
      }
      keys.append(key)
    }
    return keys
  }

  /// The value of this key; null where it does not apply to the configuration's optimiser.
  package func value(in configuration: Configuration) -> JSONValue {
    switch self {
    case .architecture: .string(configuration.architecture.description)
    case .hidden: .array(configuration.architecture.hidden.map(JSONValue.int))
    case .latentDim: .int(configuration.architecture.latentDim)
    case .train(let key): configuration[key].map { JSONValue($0) } ?? .null
    }
  }

  /// The keys left to tell apart the configurations within a group: an architecture is named whole
  /// unless one of its halves is grouped by.
  static func remaining(besides keys: [ConfigurationKey]) -> [ConfigurationKey] {
    let halves = keys.contains(.hidden) || keys.contains(.latentDim)
    return all.filter { key in
      switch key {
      case .architecture: !halves && !keys.contains(key)
      case .hidden, .latentDim: halves && !keys.contains(.architecture) && !keys.contains(key)
      case .train: !keys.contains(key)
      }
    }
  }
}
