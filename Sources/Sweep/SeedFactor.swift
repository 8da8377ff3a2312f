package import VAE

/// One of the three seeds of a run, as a source of variance.
package enum SeedFactor: String, CaseIterable, Hashable, Sendable {
  case initialization = "init_seed"
  case order = "order_seed"
  case noise = "noise_seed"

  /// The value of this seed.
  package func level(of seeds: Seeds) -> UInt32 {
    switch self {
    case .initialization: seeds.initialization
    case .order: seeds.order
    case .noise: seeds.noise
    }
  }

  /// The values of the other two.
  package func others(of seeds: Seeds) -> [UInt32] {
    Self.allCases.filter { $0 != self }.map { $0.level(of: seeds) }
  }
}
