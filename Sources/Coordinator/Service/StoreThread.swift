import Platform
import ResultStore
import Sweep
import Wire

/// The thread that owns the store: records in, one transaction for all that have gathered, answers
/// out.
///
/// A slow disk delays acknowledgements, never the loop.
final class StoreThread {
  /// What the thread has to say to the loop.
  enum Report: Sendable {
    case committed([CommittedRecord], took: Duration)
    /// The disk is full, or another program has locked the file: what was submitted is kept and
    /// tried again, every second.
    case stalled(StoreError)
    /// The store takes records again.
    case recovered
    /// The store can take no more; nothing after it is acknowledged.
    case failed(StoreError)
    /// Everything that was submitted before `close` is committed, and still there.
    case closed
  }

  private let records: Mailbox<Record>
  private let reports: Mailbox<Report>
  // Its deinit waits for the thread.
  private let thread: OwnedThread

  /// - Parameter wakeUp: Signalled when there is a report.
  init(_ writer: any RecordCommitting, waking wakeUp: WakeUp) throws(SystemError) {
    let work = StoreWork(
      writer: writer, records: try Mailbox(), reports: try Mailbox(waking: wakeUp))
    (records, reports) = (work.records, work.reports)
    thread = try OwnedThread(name: "store") { work.run() }
  }

  deinit { records.close() }

  func submit(_ records: [Record]) { self.records.put(contentsOf: records) }

  func takeReports() -> [Report] { reports.takeAll() }

  /// Asks for the end, after everything submitted so far.
  func close() { records.close() }
}

/// What the store's thread does.
private struct StoreWork: Sendable {
  let writer: any RecordCommitting
  let records: Mailbox<Record>
  let reports: Mailbox<StoreThread.Report>

  func run() {
    do throws(StoreError) {
      while let batch = records.waitForAll() {
        let start = ContinuousClock.now
        let committed = try commit(batch)
        reports.put(.committed(committed, took: ContinuousClock.now - start))
      }
      try writer.confirm()
      reports.put(.closed)
    } catch {
      reports.put(.failed(error))
    }
  }

  /// Tries until there is room, or until the end is asked for.
  private func commit(_ batch: [Record]) throws(StoreError) -> [CommittedRecord] {
    var hasStalled = false
    while true {
      do throws(StoreError) {
        let committed = try writer.commit(batch)
        if hasStalled { reports.put(.recovered) }
        return committed
      } catch {
        guard error.mayBeTriedAgain, !records.isClosed else { throw error }
        hasStalled = true
        reports.put(.stalled(error))
        // Cut short by a close, which must not wait for room.
        _ = records.waitForClose(atMost: .seconds(1))
      }
    }
  }
}
