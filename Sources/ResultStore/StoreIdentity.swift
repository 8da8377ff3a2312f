package import Sweep

/// What all outcomes of one store have in common.
package struct StoreIdentity: Hashable, Sendable {
  package var datasetDigest: Digest
  package var trainerVersion: Int
  package var blasCore: String
  package var fingerprint: String
  /// Outcomes of other fingerprints are taken too, and compared only within one.
  package var mixed: Bool

  package init(
    datasetDigest: Digest, trainerVersion: Int, blasCore: String, fingerprint: String, mixed: Bool
  ) {
    self.datasetDigest = datasetDigest
    self.trainerVersion = trainerVersion
    self.blasCore = blasCore
    self.fingerprint = fingerprint
    self.mixed = mixed
  }
}

/// What a store's first start fixed for the numbers.
package struct RecordedTerms: Hashable, Sendable {
  package var blasCore: String
  package var fingerprint: String
}

/// A sweep's row in the store.
package struct SweepID: Hashable, Sendable {
  let row: Int64
}

/// A worker's row in the store: one life of a worker process, by its random session.
package struct WorkerRecordID: Hashable, Sendable {
  package let session: UInt64

  package init(session: UInt64) { self.session = session }

  /// SQL counts with a sign; the bits are the same.
  var row: Int64 { Int64(bitPattern: session) }

  init(row: Int64) { session = UInt64(bitPattern: row) }
}
