internal import GRDB
package import Sweep

extension StoreReader {
  /// Every outcome in the order of the keys; `body` returns false to stop.
  ///
  /// Read in pages, between which the coordinator commits: an outcome stored meanwhile appears
  /// where its key has not been passed yet.
  package func forEachOutcome(
    history: HistoryDepth = .lastFive, asked: AskedLikelihood = AskedLikelihood(),
    _ body: (StoredOutcome) -> Bool
  ) throws(StoreError) {
    try connection.forEachOutcome(history: history, asked: asked, body)
  }

  /// Every outcome in the order of the keys.
  package func outcomes(history: HistoryDepth = .lastFive) throws(StoreError) -> [StoredOutcome] {
    var outcomes: [StoredOutcome] = []
    try forEachOutcome(history: history) {
      outcomes.append($0)
      return true
    }
    return outcomes
  }

  /// The outcome of one point; nil where it has none.
  package func outcome(
    of key: PointKey, history: HistoryDepth = .lastFive
  ) throws(StoreError) -> StoredOutcome? {
    var reading = OutcomeReading(path: path, history: history)
    return try connection.read("read") { db in try reading.outcome(db, of: key) }
  }
}

extension Connection {
  /// Every outcome in the order of the keys, each checked against its key and its result digest; `body`
  /// returns false to stop.
  func forEachOutcome(
    history: HistoryDepth, asked: AskedLikelihood = AskedLikelihood(),
    _ body: (StoredOutcome) -> Bool
  ) throws(StoreError) {
    var reading = OutcomeReading(path: path, history: history, asked: asked)
    let page = try read("read") { db in try reading.page(db, after: "", upTo: nil) }
    for outcome in page where !body(outcome) { return }
    guard page.count == OutcomeReading.pageSize, let last = page.last?.outcome.key else { return }
    try OutcomeParts(beside: self, history: history, asked: asked)
      .forEach(after: last.description, body)
  }
}
