internal import Glibc
import Platform
import Sweep
package import Wire

/// The unacknowledged results of one worker for one store, on the disk.
///
/// Changes are gathered for a moment and made durable together, on a thread of its own: a slow disk
/// never silences the worker, and a result that is acknowledged within that moment costs no write.
package final class Outbox {
  /// How long changes are gathered.
  private static let moment = Duration.milliseconds(100)

  /// What earlier workers left over, in the order of their attempts.
  package let leftOver: [AttemptReport]
  private let changes: Mailbox<OutboxChange>
  // Its deinit waits for the thread.
  private let thread: OwnedThread

  /// Opens the outbox of `store`, and takes over what lies in the folders of workers that are gone.
  ///
  /// Damaged logs are put aside, with a line; what can be read of them is kept.
  package init(
    _ state: StateFolder, store: UInt64, say: @escaping @Sendable (String) -> Void
  ) throws {
    let folders = try state.folders(ofStore: store)
    var content: [AttemptID: AttemptReport] = [:]
    for folder in folders { content.merge(Self.read("\(folder)/outbox", say)) { $1 } }
    self.leftOver = content.sorted { $0.key < $1.key }.map(\.value)
    let own = folders.first.map { "\($0)/outbox" } ?? ""
    let others = folders.dropFirst().map { "\($0)/outbox" }
    let changes = try Mailbox<OutboxChange>()
    self.changes = changes
    thread = try Self.start(changes, to: own, leftOver: content, others: others, say: say)
  }

  private static func start(
    _ changes: Mailbox<OutboxChange>, to path: String, leftOver: [AttemptID: AttemptReport],
    others: [String], say: @escaping @Sendable (String) -> Void
  ) throws(SystemError) -> OwnedThread {
    try OwnedThread(name: "outbox") {
      write(changes, to: path, leftOver: leftOver, others: others, say: say)
    }
  }

  /// What the outbox's thread does: writes changes to the log until no more can come.
  private static func write(
    _ changes: Mailbox<OutboxChange>, to path: String, leftOver: [AttemptID: AttemptReport],
    others: [String], say: @escaping @Sendable (String) -> Void
  ) {
    let file = OutboxFile(path: path, leftOver: leftOver, say: say)
    // The others' logs go when all that they hold is in this one.
    if file.isWritten { for other in others { unlink(other) } }
    while let first = changes.waitForAll() {
      // Cut short by the end, which is awaited for no longer than the disk takes.
      _ = changes.waitForClose(atMost: moment)
      file.apply(first + changes.takeAll())
    }
  }

  /// Everything is on the disk when this returns.
  deinit { changes.close() }

  package func change(_ change: OutboxChange) { changes.put(change) }

  private static func read(
    _ path: String, _ say: @Sendable (String) -> Void
  ) -> [AttemptID: AttemptReport] {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try readFile(path, atMost: .max) ?? []
    } catch {
      if error.kind != .missing { say("\(error): the results in it are not delivered") }
      return [:]
    }
    if bytes.isEmpty { return [:] }
    let content = OutboxLog.read(bytes)
    if content.damaged > 0 {
      let aside = "\(path).damaged-\(time(nil))"
      // The log is replaced, not changed, so that this name keeps the damaged bytes.
      _ = link(path, aside)
      let places = "\(content.damaged.of("place"))"
      say(
        "the outbox \(path) is damaged in \(places): it is kept as \(aside), and "
          + "\(content.reports.count) results of it are delivered")
    }
    return content.reports
  }
}
