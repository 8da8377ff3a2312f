package import Sweep
package import VAE

extension Metric {
  /// Throws where one of the two can have no value of this metric, however many runs there are.
  package func requireExisting(
    _ first: Configuration, _ second: Configuration
  ) throws(NotComparable) {
    for configuration in [first, second] {
      guard let reason = field.scope.absence(in: configuration) else { continue }
      throw NotComparable(
        description: "\(rawValue) does not exist for "
          + "\(configuration.told(apartFrom: [first, second])): \(reason)")
    }
  }
}
