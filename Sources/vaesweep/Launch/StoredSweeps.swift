import ResultStore
import Sweep
import SweepFile
import Synchronization

extension StoreReader {
  /// The store's sweeps in the order they were first started, as their files define them.
  ///
  /// One that cannot be read, as where another version wrote it, is named on standard error, once: to
  /// be silent would make its runs vanish.
  func definitions() throws(StoreError) -> [SweepDefinition] {
    try sweeps().compactMap { stored in
      do throws(SweepFileError) {
        return try SweepFile.parse(yaml: stored.yaml, file: "\(path): sweep \(stored.name)")
      } catch {
        let line = "left out: \(error)"
        if namedSweeps.withLock({ $0.insert(line).inserted }) { Console.say(line) }
        return nil
      }
    }
  }
}

/// What a command has said of sweeps it could not read; it may read them several times.
private let namedSweeps = Mutex<Set<String>>([])
