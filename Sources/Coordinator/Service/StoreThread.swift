import Dispatch
import ResultStore
import Sweep
import Synchronization
import Wire
import ZeroMQ

/// The thread that owns the store: records in, one transaction for all that have gathered, answers
/// out.
///
/// A slow disk delays acknowledgements, never the loop.
final class StoreThread {
  /// What the thread has to say to the loop.
  enum Report: Sendable {
    case committed([CommittedRecord])
    /// The disk is full, or another program has locked the file: what was submitted is kept and
    /// tried again, every second.
    case stalled(StoreError)
    /// The store takes records again.
    case recovered
    /// The store can take no more; nothing after it is acknowledged.
    case failed(StoreError)
    /// Everything that was submitted before `close` is committed.
    case closed
  }

  private let channel: StoreChannel
  // Its deinit waits for the thread.
  private let thread: OwnedThread

  /// - Parameter wakeUp: Signalled when there is a report.
  init(_ writer: any RecordCommitting, waking wakeUp: WakeUp) throws(ZeroMQError) {
    let channel = StoreChannel(wakeUp: wakeUp)
    self.channel = channel
    thread = try OwnedThread(name: "store") { channel.serve(writer) }
  }

  deinit { channel.close() }

  func submit(_ records: [Record]) { channel.submit(records) }

  func takeReports() -> [Report] { channel.takeReports() }

  /// Asks for the end, after everything submitted so far.
  func close() { channel.close() }
}

/// What the loop and the store's thread share.
private final class StoreChannel: Sendable {
  private struct Inbox: Sendable {
    var records: [Record] = []
    var isClosing = false
  }

  private let inbox = Mutex(Inbox())
  private let outbox = Mutex<[StoreThread.Report]>([])
  private let arrived = DispatchSemaphore(value: 0)
  private let closing = DispatchSemaphore(value: 0)
  private let wakeUp: WakeUp

  init(wakeUp: WakeUp) { self.wakeUp = wakeUp }

  func submit(_ records: [Record]) {
    guard !records.isEmpty else { return }
    inbox.withLock { $0.records += records }
    arrived.signal()
  }

  func close() {
    inbox.withLock { $0.isClosing = true }
    closing.signal()
    arrived.signal()
  }

  func takeReports() -> [StoreThread.Report] {
    outbox.withLock { reports in
      defer { reports.removeAll() }
      return reports
    }
  }

  func serve(_ writer: any RecordCommitting) {
    while true {
      arrived.wait()
      let (records, isClosing) = inbox.withLock { inbox in
        defer { inbox.records.removeAll() }
        return (inbox.records, inbox.isClosing)
      }
      if !records.isEmpty {
        do {
          report(.committed(try commit(records, to: writer)))
        } catch {
          return report(.failed(error))
        }
      }
      if isClosing { return report(.closed) }
    }
  }

  /// Tries until there is room, or until the end is asked for.
  private func commit(
    _ records: [Record], to writer: any RecordCommitting
  ) throws(StoreError) -> [CommittedRecord] {
    var hasStalled = false
    while true {
      do throws(StoreError) {
        let committed = try writer.commit(records)
        if hasStalled { report(.recovered) }
        return committed
      } catch {
        guard error.mayBeTriedAgain, !inbox.withLock({ $0.isClosing }) else { throw error }
        hasStalled = true
        report(.stalled(error))
        // Cut short by a close, which must not wait for room.
        _ = closing.wait(timeout: .now() + .seconds(1))
      }
    }
  }

  private func report(_ report: StoreThread.Report) {
    outbox.withLock { $0.append(report) }
    wakeUp.signal()
  }
}
