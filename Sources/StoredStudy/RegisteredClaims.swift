package import ResultStore
package import Sweep
import SweepFile
package import VAE

/// The claims of a store's sweeps: as they were fixed before the first outcome, and as they are now.
package struct RegisteredClaims: Sendable {
  /// Of one sweep.
  package struct Family: Sendable {
    package let definition: Digest
    /// The last that was recorded before any outcome.
    package let registered: [Claim]
    /// The last that was recorded.
    package let current: [Claim]
    /// How the likelihood was to be estimated that the registered claims read; nil where they read none.
    package let likelihood: Likelihood.Effort?
  }

  /// In the order in which the sweeps' claims were last recorded.
  package private(set) var families: [Family] = []
  /// A line for each family of claims that cannot be read: its claims get no verdict.
  package private(set) var leftOut: [String] = []

  /// - Parameters:
  ///   - names: The sweeps', by their definitions.
  ///   - path: Of the store.
  package init(_ stored: [StoredClaimFamily], names: [Digest: String], of path: String) {
    var definitions: [Digest] = []
    for family in stored {
      definitions.removeAll { $0 == family.definition }
      definitions.append(family.definition)
    }
    for definition in definitions {
      let own = stored.filter { $0.definition == definition }
      let name = names[definition] ?? definition.short
      let registered = own.last { $0.outcomesBefore == 0 }
      let current = own.last
      let claims = read(registered, of: "\(path): claims of sweep \(name)")
      families.append(
        Family(
          definition: definition, registered: claims?.claims.claims ?? [],
          current: (current == registered
            ? claims : read(current, of: "\(path): claims of sweep \(name) as edited"))?.claims
            .claims ?? [],
          likelihood: claims?.registeredLikelihood))
    }
  }

  /// Nil where there is none, or it cannot be read.
  private mutating func read(_ family: StoredClaimFamily?, of place: String) -> SweepDefinition? {
    guard let family else { return nil }
    do throws(SweepFileError) {
      return try SweepFile.parse(yaml: family.yaml, file: place, from: .record)
    } catch {
      leftOut.append("left out, without a verdict: family \(family.digest.short), \(error)")
      return nil
    }
  }
}

extension SweepDefinition {
  /// What stands beside its claims of the likelihood.
  fileprivate var registeredLikelihood: Likelihood.Effort? {
    let metrics = claims.claims.flatMap(\.parts).flatMap(\.sides).compactMap(\.metric)
    return metrics.contains(where: Metric.optional.contains) ? artifacts.likelihood : nil
  }
}
