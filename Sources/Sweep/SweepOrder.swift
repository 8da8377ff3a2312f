import VAE

/// What an operator orders of a sweep while it runs.
///
/// The last order about a thing holds, also after the coordinator's restart.
package enum SweepOrder: Hashable, Sendable {
  /// Nothing more is begun until `resume`; what is being trained goes on.
  case pause
  case resume
  /// A host is given nothing more until `undrain`; what it trains it finishes.
  case drain(host: String)
  case undrain(host: String)
  /// Failed points may be tried again, and cancelled ones are wanted again.
  case retry(PointFilter)
  /// Points without an outcome are not trained, and those that are being trained are stopped.
  case cancel(PointFilter)

  /// Its name on the command line and in the store.
  package var verb: String {
    switch self {
    case .pause: "pause"
    case .resume: "resume"
    case .drain: "drain"
    case .undrain: "undrain"
    case .retry: "retry"
    case .cancel: "cancel"
    }
  }

  /// The host that it is about.
  package var host: String? {
    switch self {
    case .drain(let host), .undrain(let host): host
    case .pause, .resume, .retry, .cancel: nil
    }
  }

  /// The points that it is about.
  package var filter: PointFilter? {
    switch self {
    case .retry(let filter), .cancel(let filter): filter
    case .pause, .resume, .drain, .undrain: nil
    }
  }
}

/// Points by some of their values: all points where it names none.
package struct PointFilter: Hashable, Sendable {
  /// As the operator wrote it, `latent_dim=4` or `seed=0..9`, one text for each key.
  package let texts: [String]
  package let match: GridMatch

  package init(texts: [String], match: GridMatch) {
    self.texts = texts
    self.match = match
  }

  /// Every point there is.
  package static let all = PointFilter(texts: [], match: GridMatch([:]))

  package func accepts(_ point: Point) -> Bool { match.accepts(point) }
}

extension GridMatch {
  /// Whether a point has one of the values of every key that is named; a train key that does not apply
  /// to it has none.
  package func accepts(_ point: Point) -> Bool {
    terms.allSatisfy { $0.accepts(point) }
  }
}

extension GridMatch.Term {
  fileprivate func accepts(_ point: Point) -> Bool {
    key.isSeed ? accepts(point.seeds) : accepts(point.configuration)
  }

  /// Whether seeds have one of the values of a seed's key.
  func accepts(_ seeds: Seeds) -> Bool {
    switch key {
    case .seed: seeds.shared.map(contains) ?? false
    case .initSeed: contains(seeds.initialization)
    case .orderSeed: contains(seeds.order)
    case .noiseSeed: contains(seeds.noise)
    case .architecture, .hidden, .latentDim, .train: false
    }
  }

  /// Whether a configuration has one of the values of any other key.
  func accepts(_ configuration: Configuration) -> Bool {
    key.value(in: configuration).map(contains) ?? false
  }

  private func contains(_ seed: UInt32) -> Bool {
    switch values {
    case .seeds(let range): range.contains(seed)
    case .list(let list): list.contains(.seed(seed))
    }
  }

  private func contains(_ value: GridValue) -> Bool {
    switch values {
    case .seeds: false
    case .list(let list): list.contains { $0.equals(value) }
    }
  }
}

extension GridValue {
  /// Whether both are the same value: 1 and 1.0 are one number.
  fileprivate func equals(_ other: GridValue) -> Bool {
    guard case .parameter(let own) = self, case .parameter(let far) = other else {
      return self == other
    }
    return own.number.flatMap { number in far.number.map { $0 == number } } ?? (own == far)
  }
}

extension ParameterValue {
  fileprivate var number: Double? {
    switch self {
    case .int(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }
}
