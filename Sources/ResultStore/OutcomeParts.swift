internal import Foundation
internal import Platform
internal import Sweep

/// Reads the outcomes of a large store in the order of their keys, several parts at once.
///
/// Taking an outcome from its rows is what costs, not the disk, and a connection does one thing at a time:
/// each part has a connection of its own.
struct OutcomeParts: ~Copyable {
  /// Pages of a part, each read in a transaction of its own.
  static let pages = 4
  /// Beyond these a disk is no longer fast enough, and every part is held in memory.
  private static let most = 8

  private struct Part: Sendable {
    let connection: Connection
    /// It has the outcomes whose keys come after this one, and not after the other.
    let after: String
    let upTo: String?
  }

  private let history: HistoryDepth
  private let asked: AskedLikelihood
  private let first: Connection
  private let others: [Connection]

  init(beside connection: Connection, history: HistoryDepth, asked: AskedLikelihood) {
    self.history = history
    self.asked = asked
    first = connection
    let count = min(ProcessInfo.processInfo.activeProcessorCount, Self.most)
    others = (0..<max(0, count - 1)).compactMap { _ in
      // Where no more files can be open, fewer parts are read at once.
      try? Connection(resolved: connection.resolved, shownAs: connection.path, readonly: true)
    }
  }

  deinit { for connection in others { connection.close() } }

  /// Those after `key`; `body` returns false to stop.
  func forEach(after key: String, _ body: (StoredOutcome) -> Bool) throws(StoreError) {
    var last = key
    while true {
      let read = try parts(after: last).concurrentMap { [history, asked] part in
        Result { () throws(StoreError) in try Self.read(part, history, asked) }
      }
      var end: String?
      for part in read {
        let outcomes = try part.get()
        for outcome in outcomes where !body(outcome) { return }
        end = outcomes.last?.outcome.key.description ?? end
      }
      guard let end else { return }
      last = end
    }
  }

  private func parts(after key: String) throws(StoreError) -> [Part] {
    let ends = try first.read("read") { db in
      try OutcomeReading.ends(
        db, after: key, every: Self.pages * OutcomeReading.pageSize, count: others.count)
    }
    let connections = [first] + others
    return ([key] + ends).enumerated().map { place, start in
      Part(
        connection: connections[place], after: start,
        upTo: place < ends.count ? ends[place] : nil)
    }
  }

  private static func read(_ part: Part, _ history: HistoryDepth, _ asked: AskedLikelihood)
    throws(StoreError) -> [StoredOutcome]
  {
    var reading = OutcomeReading(path: part.connection.path, history: history, asked: asked)
    var outcomes: [StoredOutcome] = []
    var page: [StoredOutcome]
    repeat {
      let last = outcomes.last?.outcome.key.description ?? part.after
      page = try part.connection.read("read") { db in
        try reading.page(db, after: last, upTo: part.upTo)
      }
      outcomes += page
      // One that ends nowhere is the last of its round, and need not reach the end.
    } while page.count == OutcomeReading.pageSize
      && (part.upTo != nil || outcomes.count < pages * OutcomeReading.pageSize)
    return outcomes
  }
}
