package import Sweep

/// An outcome on its way to the store; repeated until it is acknowledged.
package struct Delivery: Hashable, Sendable {
  package var attempt: AttemptID
  package var outcome: Outcome
  package var receipt: Receipt

  package init(attempt: AttemptID, outcome: Outcome, receipt: Receipt) {
    self.attempt = attempt
    self.outcome = outcome
    self.receipt = receipt
  }
}

/// An attempt that ended without an outcome; repeated until it is acknowledged.
package struct FailureReport: Hashable, Sendable {
  package var attempt: AttemptID
  /// Of the point that the attempt was at.
  package var key: PointKey
  package var reason: FailureReason
  /// How long the trainer had worked on the point; to the millisecond.
  package var trained: Duration

  package init(
    attempt: AttemptID, key: PointKey, reason: FailureReason, trained: Duration = .zero
  ) {
    self.attempt = attempt
    self.key = key
    self.reason = reason
    self.trained = trained
  }
}

/// The delivery or failure of this attempt is committed; the worker forgets it.
package struct Acknowledgement: Hashable, Sendable {
  package var attempt: AttemptID

  package init(attempt: AttemptID) {
    self.attempt = attempt
  }
}

/// How an attempt ended, as its worker keeps it until that is acknowledged.
package enum AttemptReport: Hashable, Sendable {
  /// Boxed: it is passed on by value.
  indirect case outcome(Delivery)
  case failure(FailureReport)

  package var attempt: AttemptID {
    switch self {
    case .outcome(let delivery): delivery.attempt
    case .failure(let report): report.attempt
    }
  }

  package var message: WorkerMessage {
    switch self {
    case .outcome(let delivery): .delivery(delivery)
    case .failure(let report): .failure(report)
    }
  }

  /// nil for what tells no attempt's end.
  package init?(_ message: WorkerMessage) {
    switch message {
    case .delivery(let delivery): self = .outcome(delivery)
    case .failure(let report): self = .failure(report)
    case .hello, .ready, .heartbeat, .handback, .checkpointOffer, .blobRequest, .blobChunk,
      .goodbye:
      return nil
    }
  }
}
