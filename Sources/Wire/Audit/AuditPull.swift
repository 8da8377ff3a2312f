package import Sweep

/// An operator's side of an audit: it asks for what it lacks, a bounded number of points at a time, until
/// it has all.
package struct AuditPull: Sendable {
  private let audit: AuditID
  private let dataset: Digest
  private let trainerVersion: Int
  /// Asked for now, in the order of their keys.
  private var window: [AuditOrder] = []
  /// To be asked for as others of the window are there.
  private var rest: ArraySlice<AuditOrder>
  package private(set) var results: [PointKey: AuditedPoint.Again] = [:]

  /// - Parameters:
  ///   - audit: Drawn at random.
  ///   - orders: Each key once.
  package init(_ audit: AuditID, _ orders: [AuditOrder], dataset: Digest, trainerVersion: Int) {
    self.audit = audit
    self.dataset = dataset
    self.trainerVersion = trainerVersion
    rest = orders.sorted { $0.key < $1.key }[...]
    fill()
  }

  /// Whether something has come of every point.
  package var isComplete: Bool { window.isEmpty }

  /// Everything that is lacking, as far as one request goes; where nothing is, that the audit is over.
  package var request: AuditRequest { request(for: window) }

  /// Says that the audit is over, whatever is lacking.
  package var farewell: AuditRequest { request(for: []) }

  private func request(for points: [AuditOrder]) -> AuditRequest {
    AuditRequest(
      audit: audit, dataset: dataset, trainerVersion: trainerVersion, points: points)
  }

  /// Whether a coordinator trains what these results were made with.
  package func fits(_ progress: AuditProgress) -> Bool {
    progress.dataset == dataset && progress.trainerVersion == trainerVersion
  }

  /// Takes what came of a point.
  ///
  /// - Returns: Whether it was asked for and had not come before.
  @discardableResult
  package mutating func receive(_ result: AuditResult) -> Bool {
    guard result.audit == audit,
      let place = window.firstIndex(where: { $0.key == result.key })
    else { return false }
    if case .outcome(let outcome, _) = result.again, outcome.point != window[place].point {
      return false
    }
    window.remove(at: place)
    results[result.key] = result.again
    fill()
    return true
  }

  private mutating func fill() {
    let count = min(AuditRequest.maxPoints - window.count, rest.count)
    guard count > 0 else { return }
    window += rest.prefix(count)
    rest = rest.dropFirst(count)
  }
}
