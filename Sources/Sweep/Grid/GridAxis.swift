package import VAE

/// What an axis of a grid varies, by the name it has in a sweep file.
package enum GridKey: Hashable, Sendable, CustomStringConvertible {
  case architecture
  case hidden
  case latentDim
  case seed
  case initSeed
  case orderSeed
  case noiseSeed
  case train(TrainKey)

  package init?(name: String) {
    switch name {
    case "architecture": self = .architecture
    case "hidden": self = .hidden
    case "latent_dim": self = .latentDim
    case "seed": self = .seed
    case "init_seed": self = .initSeed
    case "order_seed": self = .orderSeed
    case "noise_seed": self = .noiseSeed
    default:
      guard let key = TrainKey(rawValue: name) else { return nil }
      self = .train(key)
    }
  }

  package var description: String {
    switch self {
    case .architecture: "architecture"
    case .hidden: "hidden"
    case .latentDim: "latent_dim"
    case .seed: "seed"
    case .initSeed: "init_seed"
    case .orderSeed: "order_seed"
    case .noiseSeed: "noise_seed"
    case .train(let key): key.rawValue
    }
  }

  /// Every name a sweep file may use under `grid:`.
  package static var names: [String] {
    ["architecture", "hidden", "latent_dim", "seed", "init_seed", "order_seed", "noise_seed"]
      + TrainKey.allCases.map(\.rawValue)
  }

  /// Whether it sets seeds, which tell the points of one configuration apart.
  package var isSeed: Bool {
    switch self {
    case .seed, .initSeed, .orderSeed, .noiseSeed: true
    case .architecture, .hidden, .latentDim, .train: false
    }
  }

  /// Whether it sets the shape of the net, in whole or in part.
  package var isShape: Bool {
    switch self {
    case .architecture, .hidden, .latentDim: true
    case .seed, .initSeed, .orderSeed, .noiseSeed, .train: false
    }
  }
}

/// One value on an axis.
package enum GridValue: Hashable, Sendable, CustomStringConvertible {
  case architecture(Architecture)
  case hidden([Int])
  case latentDim(Int)
  case seed(UInt32)
  case parameter(ParameterValue)

  package var description: String {
    switch self {
    case .architecture(let value): value.description
    case .hidden(let widths): "[\(widths.map(String.init).joined(separator: ", "))]"
    case .latentDim(let value): "\(value)"
    case .seed(let value): "\(value)"
    case .parameter(let value): value.description
    }
  }
}

/// One dimension of a grid.
///
/// A range of seeds is kept as its ends, however long it is.
package struct GridAxis: Hashable, Sendable {
  package enum Values: Hashable, Sendable {
    case list([GridValue])
    case seeds(ClosedRange<UInt32>)
  }

  package let key: GridKey
  package let values: Values

  package init(key: GridKey, values: Values) {
    self.key = key
    self.values = values
  }

  package var count: Int {
    switch values {
    case .list(let list): list.count
    case .seeds(let range): range.count
    }
  }

  subscript(position: Int) -> GridValue {
    switch values {
    case .list(let list): list[position]
    case .seeds(let range): .seed(range.lowerBound + UInt32(position))
    }
  }

  /// Where `value` stands on this axis, or nil.
  func position(of value: GridValue) -> Int? {
    switch (values, value) {
    case (.list(let list), _): list.firstIndex(of: value)
    case (.seeds(let range), .seed(let seed)) where range.contains(seed):
      Int(seed - range.lowerBound)
    case (.seeds, _): nil
    }
  }
}
