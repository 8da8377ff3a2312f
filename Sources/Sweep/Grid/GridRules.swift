import VAE

/// What must hold between the keys of a block, whatever their values.
struct GridRules {
  let block: GridBlock
  let train: [TrainKey: ParameterValue]

  /// No key is given twice where one value could not stand for both.
  func checkKeys() throws(GridFault) {
    var named: Set<GridKey> = []
    for axis in block.axes {
      guard named.insert(axis.key).inserted else {
        throw GridFault(
          .axis(axis.key),
          InvalidValue(
            key: axis.key.description, value: "the second axis of this name",
            expected: "given once"))
      }
      if case .train(let key) = axis.key, let value = train[key] {
        throw GridFault(
          .axis(axis.key),
          InvalidValue(
            key: key.rawValue, value: value.description,
            expected: "given once: under grid: or under train:, not both"))
      }
    }
    for zip in block.zips { try check(zip, &named) }
    if block.nested != nil { try checkNested() }
    for (number, axes) in block.includes.enumerated() {
      var own: Set<GridKey> = []
      for axis in axes where !own.insert(axis.key).inserted {
        throw GridFault(
          .include(number, axis.key),
          InvalidValue(
            key: axis.key.description, value: "the second of this name", expected: "given once"))
      }
    }
  }

  private func check(_ zip: GridZip, _ named: inout Set<GridKey>) throws(GridFault) {
    func fault(_ row: Int, _ key: GridKey?, _ value: String, _ expected: String) -> GridFault {
      GridFault(
        .zip(zip.name, row: row, key),
        InvalidValue(key: key?.description ?? zip.name, value: value, expected: expected))
    }
    guard let first = zip.rows.first else {
      throw fault(0, nil, "an empty list", "at least one row")
    }
    var own: Set<GridKey> = []
    for (number, row) in zip.rows.enumerated() {
      guard !row.isEmpty else { throw fault(number, nil, "an empty row", "at least one key") }
      for key in GridKey.allInOrder where row[key] != nil {
        guard !key.isSeed else {
          throw fault(
            number, key, "a seed in a row", "left out: seeds have axes of their own under grid:")
        }
        guard !named.contains(key) else {
          throw fault(
            number, key, "a key of the zip \(zip.name)",
            "given once: under grid: or in one zip, not both")
        }
        own.insert(key)
      }
      // What some row leaves to train: is no contradiction.
      guard (row.hidden != nil) == (first.hidden != nil),
        (row.latentDim != nil) == (first.latentDim != nil)
      else {
        throw fault(
          number, nil, "a row of another kind",
          "like the first row: every row of a zip sets the same of architecture, hidden and "
            + "latent_dim")
      }
      if row[.architecture] != nil,
        let extra = [GridKey.hidden, .latentDim].first(where: { row[$0] != nil })
      {
        throw fault(
          number, extra, "a key beside architecture",
          "left out: an architecture names its hidden layers and latents itself")
      }
      if let twin = zip.rows[..<number].firstIndex(of: row) {
        throw fault(number, nil, "the same as row \(twin + 1)", "given once")
      }
    }
    for key in own {
      guard case .train(let trainKey) = key, let value = train[trainKey],
        zip.rows.allSatisfy({ $0[key] != nil })
      else { continue }
      throw fault(
        0, key, value.description, "given once: in the zip \(zip.name) or under train:, not both")
    }
    named.formUnion(own)
  }

  private func checkNested() throws(GridFault) {
    let expected = "left out: the nested design sets all three seeds"
    for axis in block.axes where axis.key.isSeed {
      throw GridFault(
        .axis(axis.key),
        InvalidValue(
          key: axis.key.description, value: "an axis beside variance:", expected: expected))
    }
    for (number, when) in block.whens.enumerated() {
      for axis in when.axes where axis.key.isSeed {
        throw GridFault(
          .when(number, axis.key),
          InvalidValue(
            key: axis.key.description, value: "an axis beside variance:", expected: expected))
      }
    }
    guard block.includes.isEmpty else {
      throw GridFault(
        .include(0, nil),
        InvalidValue(key: "include", value: "points beside variance:", expected: expected))
    }
  }

  /// Every point of a part has one configuration and three seeds.
  static func checkPart(
    _ factors: [GridFactor], seeds: [GridAxis], nested: NestedSeeds?, defaults: GridDefaults
  ) throws(InvalidValue) {
    try checkShape(factors)
    if let nested {
      try checkNoise(nested, factors, defaults)
    } else {
      try checkSeeds(Set(seeds.map(\.key)))
    }
  }

  private static func checkShape(_ factors: [GridFactor]) throws(InvalidValue) {
    let keys = factors.flatMap(\.keys).filter(\.isShape)
    let hidden = factors.filter { $0.rows.first?.hidden != nil }
    let latent = factors.filter { $0.rows.first?.latentDim != nil }
    if hidden.count > 1 || latent.count > 1 {
      let extra = keys.first { $0 == .latentDim || $0 == .hidden } ?? .architecture
      throw InvalidValue(
        key: extra.description, value: "an axis beside architecture",
        expected: "left out: an architecture names its hidden layers and latents itself")
    }
    guard hidden.count == 1, latent.count == 1 else {
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

  private static func checkNoise(
    _ nested: NestedSeeds, _ factors: [GridFactor], _ defaults: GridDefaults
  ) throws(InvalidValue) {
    guard nested.factor == .noise else { return }
    let off = GridMatch([.train(.sampling): .parameter(.bool(false))])
    let matcher = GridMatcher(factors: factors, seeds: [], defaults: defaults)
    guard matcher.boxes(of: off).isEmpty else {
      throw InvalidValue(
        key: "factor", value: "noise_seed",
        expected: "init_seed or order_seed where sampling is off: there is no noise then")
    }
  }
}
