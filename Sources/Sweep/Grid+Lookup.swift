package import VAE

extension Grid {
  /// The point at `index`, or nil where it is excluded or stands at an earlier index already
  /// (RMSprop points differ by `rho`, Adam points do not).
  package func point(at index: Int) -> Point? {
    let configurationIndex = index % configurationCount
    let seedIndex = index / configurationCount
    guard !isExcluded(configurationIndex, seedIndex),
      let configuration = configuration(at: configurationIndex)
    else { return nil }
    let point = Point(configuration: configuration, seeds: seeds(at: seedIndex))
    return self.index(of: point) == index ? point : nil
  }

  /// The index of `point`, or nil where this grid does not ask for it.
  package func index(of point: Point) -> Int? {
    guard let seedIndex = seedIndex(of: point.seeds) else { return nil }
    let found = configurationIndices(of: point.configuration).first {
      !isExcluded($0, seedIndex)
    }
    return found.map { seedIndex * configurationCount + $0 }
  }

  /// The configuration at a position of the configuration axes, excluded or not.
  package func configuration(at index: Int) -> Configuration? {
    var values = train
    var architecture: Architecture?
    var hidden: [Int] = []
    var latentDim = 0
    for (axis, position) in zip(configurationAxes, Self.positions(of: index, configurationAxes)) {
      switch (axis.key, axis[position]) {
      case (_, .architecture(let value)): architecture = value
      case (_, .hidden(let widths)): hidden = widths
      case (_, .latentDim(let value)): latentDim = value
      case (.train(let key), .parameter(let value)): values[key] = value
      default: return nil
      }
    }
    // The initialiser has checked every value, so neither can fail.
    guard let shape = architecture ?? (try? Architecture(hidden: hidden, latentDim: latentDim))
    else { return nil }
    return try? Configuration(architecture: shape, values)
  }

  /// The seeds at a position of the seed axes.
  package func seeds(at index: Int) -> Seeds {
    if let nested { return nested.seeds(at: index) }
    var rest = index
    var shared: UInt32 = 0
    var (initialization, order, noise): (UInt32?, UInt32?, UInt32?)
    // The last axis varies fastest, so its digit comes first.
    for axis in seedAxes.reversed() {
      let (left, position) = rest.quotientAndRemainder(dividingBy: axis.count)
      rest = left
      guard case .seed(let value) = axis[position] else { continue }
      switch axis.key {
      case .initSeed: initialization = value
      case .orderSeed: order = value
      case .noiseSeed: noise = value
      default: shared = value
      }
    }
    return Seeds(
      initialization: initialization ?? shared, order: order ?? shared, noise: noise ?? shared)
  }

  /// Digits of `index` in the mixed radix of the axes, the last axis fastest.
  private static func positions(of index: Int, _ axes: [GridAxis]) -> [Int] {
    var rest = index
    var positions = [Int](repeating: 0, count: axes.count)
    for place in axes.indices.reversed() {
      (rest, positions[place]) = rest.quotientAndRemainder(dividingBy: axes[place].count)
    }
    return positions
  }

  /// Every position that trains as `configuration`, in ascending order.
  ///
  /// There are several only where an axis does not apply to it.
  func configurationIndices(of configuration: Configuration) -> [Int] {
    guard train.allSatisfy({ agrees(configuration, $0.key, $0.value) }) else { return [] }
    var indices = [0]
    for axis in configurationAxes {
      let choices: [Int]
      if case .train(let key) = axis.key, configuration[key] == nil {
        choices = Array(0..<axis.count)
      } else {
        guard let value = axis.key.value(in: configuration),
          let position = axis.position(of: value)
        else { return [] }
        choices = [position]
      }
      indices = indices.flatMap { index in choices.map { index * axis.count + $0 } }
    }
    // A key that is neither axis nor fixed has its default; only a full comparison sees that.
    return indices.filter { self.configuration(at: $0) == configuration }
  }

  private func agrees(_ configuration: Configuration, _ key: TrainKey, _ value: ParameterValue)
    -> Bool
  {
    guard let effective = configuration[key] else { return true }
    switch (effective, value) {
    case (.double(let left), .int(let right)): return left == Double(right)
    case (.null, .string("none")): return true
    default: return effective == value
    }
  }

  func seedIndex(of seeds: Seeds) -> Int? {
    if let nested { return nested.index(of: seeds) }
    var index = 0
    func has(_ key: GridKey) -> Bool { seedAxes.contains { $0.key == key } }
    for axis in seedAxes {
      let value: UInt32 =
        switch axis.key {
        case .initSeed: seeds.initialization
        case .orderSeed: seeds.order
        case .noiseSeed: seeds.noise
        default:
          // `seed` shows in whichever of the three is not given by an axis of its own.
          !has(.initSeed)
            ? seeds.initialization : !has(.orderSeed) ? seeds.order : seeds.noise
        }
      guard let position = axis.position(of: .seed(value)) else { return nil }
      index = index * axis.count + position
    }
    return self.seeds(at: index) == seeds ? index : nil
  }

  /// The values on the configuration axes at a position.
  func configurationValues(at index: Int) -> [GridKey: GridValue] {
    var values: [GridKey: GridValue] = [:]
    for (axis, position) in zip(configurationAxes, Self.positions(of: index, configurationAxes)) {
      values[axis.key] = axis[position]
    }
    return values
  }

  func isExcluded(_ configurationIndex: Int, _ seedIndex: Int) -> Bool {
    guard !exclusions.isEmpty else { return false }
    let configurationPositions = Self.positions(of: configurationIndex, configurationAxes)
    let seedPositions = Self.positions(of: seedIndex, seedAxes)
    func value(of key: GridKey) -> GridValue? {
      if let place = configurationAxes.firstIndex(where: { $0.key == key }) {
        return configurationAxes[place][configurationPositions[place]]
      }
      if let place = seedAxes.firstIndex(where: { $0.key == key }) {
        return seedAxes[place][seedPositions[place]]
      }
      return nil
    }
    return exclusions.contains { exclusion in
      exclusion.allSatisfy { value(of: $0.key) == $0.value }
    }
  }
}

extension GridKey {
  /// The value a configuration has for this key, as an axis would write it.
  func value(in configuration: Configuration) -> GridValue? {
    switch self {
    case .architecture: .architecture(configuration.architecture)
    case .hidden: .hidden(configuration.architecture.hidden)
    case .latentDim: .latentDim(configuration.architecture.latentDim)
    case .train(let key): configuration[key].map(GridValue.parameter)
    case .seed, .initSeed, .orderSeed, .noiseSeed: nil
    }
  }
}
