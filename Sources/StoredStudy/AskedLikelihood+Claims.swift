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

  /// The last definition that asks for a point's likelihood decides how; but where claims on it were
  /// registered before the first outcome, what was registered with them: their verdict is not to change
  /// with the number of draws.
  ///
  /// - Parameters:
  ///   - current: Definitions that nothing has taken the place of.
  ///   - all: These and those of before.
  init(
    of current: [SweepDefinition], before all: [SweepDefinition], _ claims: RegisteredClaims
  ) {
    self.init(
      (current.reversed() + all.reversed()).compactMap { definition in
        let family = claims.families.first { $0.definition == definition.definitionDigest }
        return (family?.likelihood ?? definition.artifacts.likelihood).map {
          (grid: definition.grid, effort: $0)
        }
      })
  }
}
