import ResultStore
import StoredStudy
import Study
import Sweep
import Tables

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
  /// Points that the sweeps ask for now and that have not ended, and how many of them are cancelled; nil
  /// where the file of a sweep cannot be read.
  private(set) var missing: AuditCertificate.Missing?

  /// - Parameter name: Of the store's sweeps those of this name alone.
  init(_ stored: StoredResults, sweep name: String?) throws(CommandError) {
    sweeps = try stored.sweeps.named(name, in: stored.path)
    let read = ReadDefinitions(sweeps, of: stored.path)
    if name != nil, let line = read.leftOut.first { throw .badInput(line) }
    let grids = name == nil ? nil : read.definitions.map(\.grid)
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
      if read.leftOut.isEmpty {
        // Without what another file took the place of, and what looks decided without.
        let study = try StoredStudy(stored.reader, named: name)
        missing = AuditCertificate.Missing(
          points: study.configurations.reduce(0) { $0 + $1.counts.missing },
          cancelled: study.cancelled)
      }
    } catch {
      throw .of(error)
    }
  }
}
