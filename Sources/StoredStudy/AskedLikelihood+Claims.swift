package import ResultStore
package import Sweep
import SweepFile
import VAE

extension AskedLikelihood {
  /// Of the sweeps of this name, or of all.
  package init(_ reader: StoreReader, named name: String?) throws(StoreError) {
    let sweeps = try reader.sweeps().filter { name == nil || $0.name == name }
    self.init(
      of: ReadDefinitions(sweeps.current, of: reader.path).definitions,
      before: ReadDefinitions(sweeps, of: reader.path).definitions,
      RegisteredClaims(try reader.claimFamilies(), names: [:], of: reader.path))
  }

  /// What was registered with claims on a point's likelihood, else what the last definition asks for.
  ///
  /// A verdict is not to change with the number of draws.
  ///
  /// - Parameters:
  ///   - current: Definitions that nothing has taken the place of.
  ///   - all: These and those of before.
  init(
    of current: [SweepDefinition], before all: [SweepDefinition], _ claims: RegisteredClaims
  ) {
    let registered = all.compactMap { definition in
      claims.families.first { $0.definition == definition.definitionDigest }?.likelihood.map {
        (grid: definition.grid, effort: $0)
      }
    }
    let asked = (current.reversed() + all.reversed()).compactMap { definition in
      definition.artifacts.likelihood.map { (grid: definition.grid, effort: $0) }
    }
    self.init(registered + asked)
  }
}
