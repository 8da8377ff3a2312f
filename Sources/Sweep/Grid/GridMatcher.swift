import VAE

/// Finds the positions of a product of factors that a match names, as boxes.
struct GridMatcher {
  let factors: [GridFactor]
  let seeds: [SeedColumn]
  let defaults: GridDefaults

  /// The union of the boxes is what matches; none where nothing does.
  func boxes(of match: GridMatch) -> [GridBox] {
    var boxes: [GridBox] = [GridBox(repeating: nil, count: factors.count + seeds.count)]
    for term in match.terms {
      let choices = choices(of: term)
      boxes = boxes.flatMap { box in choices.compactMap { Self.narrow(box, to: $0) } }
    }
    return boxes
  }

  private static func narrow(_ box: GridBox, to choice: [Int: IntervalSet]) -> GridBox? {
    var narrowed = box
    for (place, set) in choice {
      let both = box[place].map { $0.intersection(set) } ?? set
      if both.isEmpty { return nil }
      narrowed[place] = both
    }
    return narrowed
  }

  /// The ways in which a point can have one of the term's values: for each what it takes of which
  /// factors.
  private func choices(of term: GridMatch.Term) -> [[Int: IntervalSet]] {
    switch term.key {
    case .seed, .initSeed, .orderSeed, .noiseSeed: seedChoices(term)
    case .architecture, .hidden, .latentDim: shapeChoices(term)
    case .train(let key): trainChoices(key, term.values.set)
    }
  }

  private func seedChoices(_ term: GridMatch.Term) -> [[Int: IntervalSet]] {
    guard let place = seeds.firstIndex(where: { $0.axis.key == term.key }) else { return [] }
    let wanted = SeedColumn(GridAxis(key: term.key, values: term.values), keys: []).seeds()
    return [[factors.count + place: seeds[place].places(of: wanted)]]
  }

  private func shapeChoices(_ term: GridMatch.Term) -> [[Int: IntervalSet]] {
    let values = term.values.set
    switch term.key {
    case .hidden:
      return rows { row in row.hidden.map { values.contains(.hidden($0)) } }
    case .latentDim:
      return rows { row in row.latentDim.map { values.contains(.latentDim($0)) } }
    case .architecture, .seed, .initSeed, .orderSeed, .noiseSeed, .train:
      // Hidden layers and latents may stand on factors of their own.
      return values.flatMap { value -> [[Int: IntervalSet]] in
        guard case .architecture(let architecture) = value else { return [] }
        let hidden = rows { row in row.hidden.map { $0 == architecture.hidden } }
        let latent = rows { row in row.latentDim.map { $0 == architecture.latentDim } }
        guard let first = hidden.first, let second = latent.first else { return [] }
        return [first.merging(second) { $0.intersection($1) }]
      }
    }
  }

  /// The rows that `test` accepts, on the factor of which it can judge them.
  private func rows(_ test: (GridFactor.Row) -> Bool?) -> [[Int: IntervalSet]] {
    for (place, factor) in factors.enumerated() {
      guard let first = factor.rows.first, test(first) != nil else { continue }
      return [[place: factor.places { test($0) ?? false }]]
    }
    return []
  }

  private func trainChoices(_ key: TrainKey, _ values: Set<GridValue>) -> [[Int: IntervalSet]] {
    var choices: [[Int: IntervalSet]] = []
    let owner = factors.firstIndex { $0.keys.contains(.train(key)) }
    var unset: [Int: IntervalSet] = [:]
    if let owner {
      let factor = factors[owner]
      // A value on an axis is matched also where it does not apply.
      choices.append([
        owner: factor.places { $0[.train(key)].map(values.contains) ?? false }
      ])
      let others = factor.places { $0[.train(key)] == nil }
      guard !others.isEmpty else { return choices }
      unset[owner] = others
    }
    func isMatching(_ optimizer: ParameterValue) -> Bool {
      let value =
        key == .optimizer ? optimizer : defaults.value(of: key, under: optimizer)
      return value.map { values.contains(.parameter($0)) } ?? false
    }
    let chooser = factors.firstIndex { $0.keys.contains(.train(.optimizer)) }
    guard let chooser, key != .optimizer else {
      return isMatching(defaults.optimizer) ? choices + [unset] : choices
    }
    let matching = factors[chooser].places { isMatching($0.optimizer ?? defaults.optimizer) }
    return choices + [unset.merging([chooser: matching]) { $0.intersection($1) }]
  }
}

extension GridAxis.Values {
  /// Of a list of values; a range of seeds is none.
  fileprivate var set: Set<GridValue> {
    switch self {
    case .list(let values): Set(values)
    case .seeds: []
    }
  }
}

extension GridFactor {
  /// The places of the rows that `test` accepts.
  func places(_ test: (Row) -> Bool) -> IntervalSet {
    IntervalSet(numbers: rows.indices.filter { test(rows[$0]) })
  }
}

extension GridFactor.Row {
  /// The hidden layers that a row sets, by themselves or within an architecture.
  var hidden: [Int]? {
    if case .hidden(let widths)? = self[.hidden] { return widths }
    if case .architecture(let architecture)? = self[.architecture] { return architecture.hidden }
    return nil
  }

  var latentDim: Int? {
    if case .latentDim(let latentDim)? = self[.latentDim] { return latentDim }
    if case .architecture(let architecture)? = self[.architecture] {
      return architecture.latentDim
    }
    return nil
  }

  var optimizer: ParameterValue? {
    if case .parameter(let optimizer)? = self[.train(.optimizer)] { optimizer } else { nil }
  }
}
