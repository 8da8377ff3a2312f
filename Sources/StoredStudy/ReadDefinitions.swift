package import ResultStore
package import Sweep
import SweepFile
import VAE

/// The sweeps of a store as their files define them.
package struct ReadDefinitions {
  /// In the order of the sweeps.
  package private(set) var definitions: [SweepDefinition] = []
  /// A line for each sweep that cannot be read, as where another version wrote it.
  package private(set) var leftOut: [String] = []

  /// - Parameter path: Of the store.
  package init(_ sweeps: [StoredSweep], of path: String) {
    for stored in sweeps {
      do throws(SweepFileError) {
        definitions.append(
          try SweepFile.parse(
            yaml: stored.yaml, file: "\(path): sweep \(stored.name)", from: .record))
      } catch {
        leftOut.append("left out: \(error)")
      }
    }
  }
}
