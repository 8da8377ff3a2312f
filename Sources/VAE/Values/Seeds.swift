/// The three seeds of a point; `seed: s` in a sweep file sets all of them to s.
package struct Seeds: Hashable, Sendable {
  /// Initial weights.
  package let initialization: UInt32
  /// Order of the training images within each epoch.
  package let order: UInt32
  /// The ε of z = μ + σ·ε during training.
  package let noise: UInt32

  package init(initialization: UInt32, order: UInt32, noise: UInt32) {
    self.initialization = initialization
    self.order = order
    self.noise = noise
  }

  package init(_ seed: UInt32) { self.init(initialization: seed, order: seed, noise: seed) }
}
