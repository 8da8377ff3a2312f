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
  /// Points that the sweeps ask for, without an outcome and not given up; nil where the file of a sweep
  /// cannot be read.
  private(set) var missing: Int?

  /// - Parameter name: Of the store's sweeps those of this name alone.
  init(_ stored: StoredResults, sweep name: String?) throws(CommandError) {
    sweeps = try stored.sweeps.named(name, in: stored.path)
    let read = ReadDefinitions(sweeps, of: stored.path)
    if name != nil, let line = read.leftOut.first { throw .badInput(line) }
    let grids = read.definitions.map(\.grid)
    func isPlanned(_ point: Point) -> Bool { grids.contains { $0.index(of: point) != nil } }
    func isAsked(_ point: Point) -> Bool { name == nil || isPlanned(point) }
    var ended = 0
    do throws(StoreError) {
      try stored.reader.forEachOutcome { stored in
        guard isAsked(stored.outcome.point) else { return true }
        // They come in the order of the keys.
        rootHash.add(stored.outcome.key, resultDigest: stored.resultDigest)
        keys.append(stored.outcome.key)
        if isPlanned(stored.outcome.point) { ended += 1 }
        switch stored.outcome.status {
        case .ok: ok += 1
        case .diverged: diverged += 1
        }
        return true
      }
      let failures = try stored.reader.troubledPoints().filter {
        $0.tally.isFailed && isAsked($0.point)
      }
      failed = failures.count
      ended += failures.count { isPlanned($0.point) }
    } catch {
      throw .of(error)
    }
    missing = read.leftOut.isEmpty ? Self.planned(grids) - ended : nil
  }

  /// Points of several grids, each once.
  private static func planned(_ grids: [Grid]) -> Int {
    guard grids.count > 1 else { return grids.first?.count().points ?? 0 }
    return Set(grids.flatMap { $0.points.map(\.point) }).count
  }
}
