import ResultStore
import StoredStudy
import Sweep

/// Every outcome of a store, or of one of its sweeps, by its key and result digest.
struct ResultLedger {
  /// Those it is of.
  let sweeps: [StoredSweep]
  /// In ascending order.
  private(set) var keys: [PointKey] = []
  private(set) var rootHash = RootHash()
  private(set) var ok = 0
  private(set) var diverged = 0
  /// Points without an outcome that are given up.
  private(set) var failed = 0

  /// - Parameter name: Of the store's sweeps those of this name alone.
  init(_ stored: StoredResults, sweep name: String?) throws(CommandError) {
    sweeps = try stored.sweeps.named(name, in: stored.path)
    var grids: [Grid]?
    if name != nil {
      let read = ReadDefinitions(sweeps, of: stored.path)
      if let line = read.leftOut.first { throw .badInput(line) }
      grids = read.definitions.map(\.grid)
    }
    func isAsked(_ point: Point) -> Bool {
      grids?.contains { $0.index(of: point) != nil } ?? true
    }
    do throws(StoreError) {
      try stored.reader.forEachOutcome { stored in
        guard isAsked(stored.outcome.point) else { return true }
        // They come in the order of the keys.
        rootHash.add(stored.outcome.key, resultDigest: stored.resultDigest)
        keys.append(stored.outcome.key)
        switch stored.outcome.status {
        case .ok: ok += 1
        case .diverged: diverged += 1
        }
        return true
      }
      failed = try stored.reader.troubledPoints().count {
        $0.tally.isFailed && isAsked($0.point)
      }
    } catch {
      throw .of(error)
    }
  }
}
