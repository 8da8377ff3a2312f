internal import GRDB
internal import Platform
package import Sweep

/// Reads a store, also while a sweep runs on it.
///
/// Every call reads in short transactions, since the coordinator cannot commit during one.
package final class StoreReader: Sendable {
  let connection: Connection

  /// As the user wrote it.
  package var path: String { connection.path }

  /// Opens a store and checks that it holds what was written.
  package convenience init(path: String) throws(StoreError) {
    try self.init(ofChecked: path)
    try connection.checkTables()
  }

  /// Opens a store that was checked a moment ago.
  package init(ofChecked path: String) throws(StoreError) {
    guard let (resolved, size) = try StoreFile.existing(path, "read") else {
      throw StoreError(
        .missing, "read", path, "there is no such file; a coordinator makes it at its first start")
    }
    guard size > 0 else {
      throw StoreError(.missing, "read", path, "it is empty; no coordinator has started on it yet")
    }
    connection = try Connection(recovering: resolved, shownAs: path)
    guard try connection.checkKind() else {
      throw StoreError(.missing, "read", path, "it is empty; no coordinator has started on it yet")
    }
  }

  deinit { connection.close() }
}

extension Connection {
  /// A connection that reads only.
  ///
  /// A writer that was killed in the middle of a transaction leaves a journal that must be rolled
  /// back before anyone can read; that takes one connection that may write.
  init(recovering resolved: String, shownAs path: String) throws(StoreError) {
    do {
      try self.init(resolved: resolved, shownAs: path, readonly: true)
    } catch  where error.kind == .folder && FileStatus(resolved + "-journal") != nil {
      let writer = try Connection(resolved: resolved, shownAs: path, readonly: false)
      writer.close()
      try self.init(resolved: resolved, shownAs: path, readonly: true)
    }
  }
}

/// An outcome as it is stored.
package struct StoredOutcome: Hashable, Sendable {
  /// With the last five epochs of its history, or all of them, as it was asked for.
  package let outcome: Outcome
  package let receipt: Receipt
  package let attempt: AttemptID
  /// Of the whole outcome, whatever part of its history was read.
  package let resultDigest: Digest

  package init(outcome: Outcome, receipt: Receipt, attempt: AttemptID, resultDigest: Digest) {
    self.outcome = outcome
    self.receipt = receipt
    self.attempt = attempt
    self.resultDigest = resultDigest
  }

  /// The outcome as `export` prints it.
  package func json(history: Bool) -> JSONValue {
    guard case .object(let members) = outcome.json(receipt: receipt, history: history) else {
      return .null
    }
    // Computed over a part of the history it would be another one.
    return .object(
      members.map {
        $0.name == "result_digest" ? JSONValue.Member($0.name, .string(resultDigest.hex)) : $0
      })
  }
}

/// How much of an outcome's history is read.
package enum HistoryDepth: Hashable, Sendable {
  /// The last five epochs: enough for every metric, the last value and the mean of the last five.
  case lastFive
  /// Every epoch.
  case full
}
