/// A stored point that was trained again, and what came of it.
package struct AuditedPoint: Hashable, Sendable {
  /// What the second training came to.
  package enum Again: Hashable, Sendable {
    case outcome(Outcome, Receipt)
    /// It has no outcome here, for this reason.
    case notTrained(String)
  }

  package enum Verdict: String, CaseIterable, Hashable, Sendable {
    /// The result digests are the same: bit for bit.
    case equal
    /// They are not, although both were made under one fingerprint.
    case differs
    /// They are not, and the fingerprints differ too: unlike arithmetic rounds unlike.
    case otherArithmetic = "other_arithmetic"
    case notTrained = "not_trained"
  }

  /// As the store has it, with the last epochs of its history at least.
  package let kept: Outcome
  package let receipt: Receipt
  /// Of the whole outcome.
  package let keptDigest: Digest
  package let again: Again

  package init(kept: Outcome, receipt: Receipt, keptDigest: Digest, again: Again) {
    self.kept = kept
    self.receipt = receipt
    self.keptDigest = keptDigest
    self.again = again
  }

  /// The result digest of the second training, over the fields that the stored result has.
  package var againDigest: Digest? {
    guard case .outcome(let outcome, _) = again else { return nil }
    return outcome.resultDigest(asOf: kept.resultVersion)
  }

  /// Of the second training.
  package var receiptAgain: Receipt? {
    if case .outcome(_, let receipt) = again { receipt } else { nil }
  }

  /// Whether it was trained again, and under another of this than the first time.
  package func isElsewhere(_ fact: (Receipt) -> String) -> Bool {
    receiptAgain.map { fact($0) != fact(receipt) } ?? false
  }

  package var verdict: Verdict {
    guard case .outcome(_, let receipt) = again else { return .notTrained }
    if againDigest == keptDigest { return .equal }
    return receipt.fingerprint == self.receipt.fingerprint ? .differs : .otherArithmetic
  }

  /// How far the second training's losses lie from the stored ones, in nats per image: those that both
  /// have.
  package var differences: [(metric: Metric, difference: Double)] {
    guard case .outcome(let outcome, _) = again else { return [] }
    return Metric.allCases.filter(\.isLoss).compactMap { metric in
      guard let kept = metric.value(of: kept), let again = metric.value(of: outcome) else {
        return nil
      }
      return (metric, again - kept)
    }
  }
}
