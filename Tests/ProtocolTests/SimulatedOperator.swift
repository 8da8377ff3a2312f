import Coordinator
import Sweep
import VAE
import Wire

/// Somebody who audits: asks every second for what is lacking, until all is there or it is tired of it.
struct SimulatedOperator {
  let orders: [PointKey: AuditOrder]
  var pull: AuditPull
  /// When it goes, if it does not stay to the end; `isPolite` if it says so.
  let leavesAt: Duration?
  let isPolite: Bool
  var isHere = true
  /// When, and by which of its lives, the coordinator last heard of what is lacking.
  var heard: (at: Duration, life: Int)?

  init(
    _ audit: AuditID, _ orders: [AuditOrder], leavesAt: Duration? = nil, isPolite: Bool = true
  ) {
    self.orders = Dictionary(orders.map { ($0.key, $0) }) { first, _ in first }
    self.leavesAt = leavesAt
    self.isPolite = isPolite
    pull = AuditPull(
      audit, Array(self.orders.values), dataset: Sample.dataset, trainerVersion: Trainer.version)
  }

  /// No worker has a name of this length.
  static func peer(_ number: Int) -> PeerID { PeerID([255, 255, UInt8(number)]) }
}
