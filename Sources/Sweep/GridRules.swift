import VAE

/// What must hold between the axes of a grid, whatever their values.
enum GridRules {
  static func check(
    axes: [GridAxis], train: [TrainKey: ParameterValue], nested: NestedSeeds?
  ) throws(InvalidValue) {
    var named: Set<GridKey> = []
    for axis in axes {
      guard axis.count > 0 else {
        throw InvalidValue(
          key: axis.key.description, value: "an empty list", expected: "at least one value")
      }
      guard named.insert(axis.key).inserted else {
        throw InvalidValue(
          key: axis.key.description, value: "the second axis of this name", expected: "given once")
      }
      if case .train(let key) = axis.key, let value = train[key] {
        throw InvalidValue(
          key: key.rawValue, value: value.description,
          expected: "given once: under grid: or under train:, not both")
      }
    }
    try checkShape(named)
    if let nested {
      try checkNested(nested, axes, train)
    } else {
      try checkSeeds(named)
    }
  }

  private static func checkNested(
    _ nested: NestedSeeds, _ axes: [GridAxis], _ train: [TrainKey: ParameterValue]
  ) throws(InvalidValue) {
    if let axis = axes.first(where: \.key.isSeed) {
      throw InvalidValue(
        key: axis.key.description, value: "an axis beside variance:",
        expected: "left out: the nested design sets all three seeds")
    }
    guard nested.factor == .noise else { return }
    let off = GridValue.parameter(.bool(false))
    let isOff =
      train[.sampling] == .bool(false)
      || axes.contains { $0.key == .train(.sampling) && $0.position(of: off) != nil }
    guard !isOff else {
      throw InvalidValue(
        key: "factor", value: "noise_seed",
        expected: "init_seed or order_seed where sampling is off: there is no noise then")
    }
  }

  private static func checkShape(_ named: Set<GridKey>) throws(InvalidValue) {
    let apart = named.intersection([.hidden, .latentDim])
    if named.contains(.architecture) {
      guard let extra = apart.first else { return }
      throw InvalidValue(
        key: extra.description, value: "an axis beside architecture",
        expected: "left out: an architecture names its hidden layers and latents itself")
    }
    guard apart.count == 2 else {
      throw InvalidValue(
        key: "grid", value: "no architecture",
        expected: "given an architecture axis, or hidden and latent_dim")
    }
  }

  private static func checkSeeds(_ named: Set<GridKey>) throws(InvalidValue) {
    let own = named.intersection([.initSeed, .orderSeed, .noiseSeed])
    if named.contains(.seed) {
      guard own.count == 3 else { return }
      throw InvalidValue(
        key: "seed", value: "an axis beside init_seed, order_seed and noise_seed",
        expected: "left out: the three leave it nothing to set")
    }
    guard own.count == 3 else {
      throw InvalidValue(
        key: "grid", value: "no seed",
        expected: "given a seed axis, as in `seed: 0..19`, or init_seed, order_seed and noise_seed")
    }
  }
}
