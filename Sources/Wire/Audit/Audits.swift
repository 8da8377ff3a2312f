package import Sweep

/// One audit: random, drawn by whoever audits.
package struct AuditID: Hashable, Sendable {
  package let value: UInt64

  package init(_ value: UInt64) { self.value = value }
}

/// Points that an operator wants trained again: all of its audit that it lacks, up to a bounded number.
///
/// It is asked anew until all is there, so that the loss of any message, and a restart of the coordinator,
/// heal. What it does not name any more is forgotten.
package struct AuditRequest: Hashable, Sendable {
  /// Points that one request names at the most; their results wait in the coordinator's memory.
  package static let maxPoints = 256

  package var audit: AuditID
  /// What the audited results were made with; under others nothing is trained.
  package var dataset: Digest
  package var trainerVersion: Int
  /// None: the audit is over.
  package var points: [AuditOrder]

  package init(audit: AuditID, dataset: Digest, trainerVersion: Int, points: [AuditOrder]) {
    self.audit = audit
    self.dataset = dataset
    self.trainerVersion = trainerVersion
    self.points = points
  }
}

/// A point that is to be trained again, and where its stored result was made.
package struct AuditOrder: Hashable, Sendable {
  package var key: PointKey
  package var point: Point
  package var origin: TrainingSite

  package init(key: PointKey, point: Point, origin: TrainingSite) {
    self.key = key
    self.point = point
    self.origin = origin
  }
}

/// Answers an `AuditRequest`: what the coordinator trains with, and how far it is with what was named.
package struct AuditProgress: Hashable, Sendable {
  package var audit: AuditID
  package var sweep: String
  package var dataset: Digest
  package var trainerVersion: Int
  /// Points that nobody trains yet.
  package var waiting: Int
  package var running: Int

  package init(
    audit: AuditID, sweep: String, dataset: Digest, trainerVersion: Int, waiting: Int = 0,
    running: Int = 0
  ) {
    self.audit = audit
    self.sweep = sweep
    self.dataset = dataset
    self.trainerVersion = trainerVersion
    self.waiting = waiting
    self.running = running
  }
}

/// What came of one point; said again with every answer until the operator does not name it any more.
package struct AuditResult: Hashable, Sendable {
  package var audit: AuditID
  package var key: PointKey
  package var again: AuditedPoint.Again

  package init(audit: AuditID, key: PointKey, again: AuditedPoint.Again) {
    self.audit = audit
    self.key = key
    self.again = again
  }
}
