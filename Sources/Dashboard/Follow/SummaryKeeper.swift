import Platform
import ResultStore
import Sweep
import Synchronization
import Wire

/// Keeps a sweep's summary on a thread of its own: it reads what the store has, once, and from then on
/// takes what the coordinator hands over.
///
/// Neither the loop nor whoever asks ever waits for it.
final class SummaryKeeper: Sendable {
  /// An outcome as the loop hands it over.
  struct Finished: Sendable {
    let outcome: Outcome
    let receipt: Receipt
  }

  /// What is known at one moment.
  struct Standing: Sendable {
    var rows: [SummaryRow] = []
    /// One for each row.
    var strips: [OutcomeStrip] = []
    var leftOut = 0
    /// Points without an outcome.
    var missing = 0
    /// Seconds of one core for these; nil while unknown.
    var secondsLeft: ClosedRange<Double>?
    /// Why it knows nothing of what was in the store.
    var trouble: String?
  }

  private let finished: Mailbox<Finished>
  private let published: Published
  // Its deinit waits for the thread, which a closed mailbox ends.
  private let thread: OwnedThread

  /// - Parameter store: Path of the store, which a coordinator has open.
  init(_ grid: Grid, store: String, timing: any PointTiming) throws(SystemError) {
    let work = KeeperWork(
      store: store, finished: try Mailbox(), published: Published(),
      summary: RunningSummary([grid]), timing: timing)
    (finished, published) = (work.finished, work.published)
    thread = try OwnedThread(name: "summary") {
      var work = work
      work.run()
    }
  }

  deinit { finished.close() }

  func put(_ outcomes: [Finished]) { finished.put(contentsOf: outcomes) }

  var standing: Standing { published.standing }

  /// What the thread has put out; a reader holds the lock for a copy's length.
  final class Published: Sendable {
    private let content = Mutex(Standing())

    var standing: Standing { content.withLock { $0 } }

    func put(_ standing: Standing) { content.withLock { $0 = standing } }
  }
}

/// What the keeper's thread does.
private struct KeeperWork: Sendable {
  let store: String
  let finished: Mailbox<SummaryKeeper.Finished>
  let published: SummaryKeeper.Published
  var summary: RunningSummary
  var timing: any PointTiming
  var trouble: String?

  mutating func run() {
    publish()
    readStore()
    publish()
    while let batch = finished.waitForAll() {
      for finished in batch { add(finished) }
      publish()
      // Thousands of outcomes may come in a second, and nobody reads as fast.
      if finished.waitForClose(atMost: .milliseconds(200)) { return }
    }
  }

  private mutating func add(_ finished: SummaryKeeper.Finished) {
    guard summary.add(finished.outcome) else { return }
    timing.learn(finished.outcome, finished.receipt)
  }

  private mutating func readStore() {
    do throws(StoreError) {
      try StoreReader(ofChecked: store).forEachOutcome { stored in
        add(SummaryKeeper.Finished(outcome: stored.outcome, receipt: stored.receipt))
        return !finished.isClosed
      }
    } catch {
      trouble = "the summary lacks what the store held before: \(error)"
    }
  }

  private mutating func publish() {
    var timing = timing
    published.put(
      SummaryKeeper.Standing(
        rows: summary.rows, strips: summary.strips, leftOut: summary.leftOut,
        missing: summary.missing,
        secondsLeft: summary.secondsLeft { timing.seconds($0) }, trouble: trouble))
    self.timing = timing
  }
}
