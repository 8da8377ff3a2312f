package import Sweep
package import VAE

extension Metric {
  /// Throws where one of the two can have no value of this metric, however many runs there are.
  package func requireExisting(
    _ first: Configuration, _ second: Configuration
  ) throws(NotComparable) {
    for configuration in [first, second] {
      guard let reason = absence(for: configuration) else { continue }
      throw NotComparable(
        description: "\(rawValue) does not exist for "
          + "\(configuration.told(apartFrom: [first, second])): \(reason)")
    }
  }

  private func absence(for configuration: Configuration) -> String? {
    let measure = self == .radiusRatio ? .radiusAfter5 : study
    guard let measure, !measure.applies(to: configuration) else { return nil }
    guard configuration.sampling else { return "it is not measured without sampling" }
    return measure == .radiusAfter5 ? "it takes five epochs" : "it is not measured with sampling"
  }
}
