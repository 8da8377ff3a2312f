package import Study
import Sweep
import Tables
package import VAE

/// The configuration that a report compares the others with, where its reader names one.
package struct ReportReference: Hashable, Sendable {
  package let configuration: Configuration

  /// Names of so many configurations stand in an error.
  private static let maxNamed = 20

  /// - Parameters:
  ///   - runs: Of the configuration.
  ///   - all: Of the store.
  /// - Throws: What keeps it from being compared, and which configurations can be.
  package init(_ runs: ConfigurationRuns, among all: [ConfigurationRuns]) throws(ReportError) {
    let (sets, left) = ComparableSet.all(all, metric: Differences.metric)
    let members = sets.flatMap(\.members).map(\.configuration)
    let configuration = runs.configuration
    self.configuration = configuration
    guard !members.contains(configuration) else { return }
    let names = all.map(\.configuration)
    func name(_ configuration: Configuration) -> String { configuration.told(apartFrom: names) }
    let reason = left.first { $0.configuration == configuration }?.reason
    let needed =
      runs.units(Differences.metric).count < ComparableSet.fewestRuns
      ? "; \(ComparableSet.fewestRuns) independent ones are needed" : ""
    let others = members.prefix(Self.maxNamed).map(name).joined(separator: "; ")
    let more = members.count > Self.maxNamed ? "; …" : ""
    throw ReportError(
      "\(name(configuration)) can't be the reference: \(reason ?? "it is compared with none") "
        + "(its runs: \(runs.counts.words)\(needed)); "
        + (members.isEmpty
          ? "no configuration of this store can, so leave --reference out"
          : "give one that can, or leave --reference out: \(others)\(more)"))
  }
}
