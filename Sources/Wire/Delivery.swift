package import Sweep

/// An outcome on its way to the store; repeated until it is acknowledged.
package struct Delivery: Hashable, Sendable {
  package var session: SessionID
  package var attempt: AttemptID
  package var outcome: Outcome
  package var receipt: Receipt

  package init(session: SessionID, attempt: AttemptID, outcome: Outcome, receipt: Receipt) {
    self.session = session
    self.attempt = attempt
    self.outcome = outcome
    self.receipt = receipt
  }
}

/// An attempt that ended without an outcome; repeated until it is acknowledged.
package struct FailureReport: Hashable, Sendable {
  package var session: SessionID
  package var attempt: AttemptID
  package var reason: FailureReason
  /// How long the trainer had worked on the point; to the millisecond.
  package var trained: Duration

  package init(
    session: SessionID, attempt: AttemptID, reason: FailureReason, trained: Duration = .zero
  ) {
    self.session = session
    self.attempt = attempt
    self.reason = reason
    self.trained = trained
  }
}

/// The delivery or failure of this attempt is committed; the worker forgets it.
package struct Acknowledgement: Hashable, Sendable {
  package var session: SessionID
  package var attempt: AttemptID

  package init(session: SessionID, attempt: AttemptID) {
    self.session = session
    self.attempt = attempt
  }
}
