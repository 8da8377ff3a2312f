import Dispatch
internal import Glibc
import Sweep
import Synchronization
package import Wire
import ZeroMQ

/// The unacknowledged results of one worker for one store, on the disk.
///
/// Changes are gathered for a moment and made durable together, on a thread of its own: a slow disk
/// never silences the worker, and a result that is acknowledged within that moment costs no write.
package final class Outbox {
  /// What earlier workers left over, in the order of their attempts.
  package let leftOver: [WireMessage]
  private let channel: Channel
  // Its deinit waits for the thread.
  private let thread: OwnedThread

  /// Opens the outbox of `store`, and takes over what lies in the folders of workers that are gone.
  ///
  /// Damaged logs are put aside, with a line; what can be read of them is kept.
  package init(
    _ state: StateFolder, store: UInt64, say: @escaping @Sendable (String) -> Void
  ) throws {
    let folders = try state.folders(ofStore: store)
    var content: [AttemptID: WireMessage] = [:]
    for folder in folders { content.merge(Self.read("\(folder)/outbox", say)) { $1 } }
    self.leftOver = content.sorted { $0.key < $1.key }.map(\.value)
    let own = folders.first.map { "\($0)/outbox" } ?? ""
    let others = folders.dropFirst().map { "\($0)/outbox" }
    let log = content
    let channel = Channel()
    self.channel = channel
    thread = try OwnedThread(name: "outbox") {
      channel.serve(own, taking: log, from: others, say)
    }
  }

  /// Everything is on the disk when this returns.
  deinit { channel.close() }

  package func change(_ change: OutboxChange) { channel.add(change) }

  private static func read(
    _ path: String, _ say: @Sendable (String) -> Void
  ) -> [AttemptID: WireMessage] {
    guard let bytes = readFile(path), !bytes.isEmpty else { return [:] }
    let content = OutboxLog.read(bytes)
    if content.damaged > 0 {
      let aside = "\(path).damaged-\(time(nil))"
      // The log is replaced, not changed, so that this name keeps the damaged bytes.
      _ = link(path, aside)
      let places = "\(content.damaged.of("place"))"
      say(
        "the outbox \(path) is damaged in \(places): it is kept as \(aside), and "
          + "\(content.messages.count) results of it are delivered")
    }
    return content.messages
  }
}

/// Changes between the worker's loop and the outbox's thread.
private final class Channel: Sendable {
  private struct Inbox: Sendable {
    var changes: [OutboxChange] = []
    var isClosing = false
  }

  /// How long changes are gathered.
  private static let moment = DispatchTimeInterval.milliseconds(100)

  private let inbox = Mutex(Inbox())
  private let arrived = DispatchSemaphore(value: 0)
  private let closing = DispatchSemaphore(value: 0)

  func add(_ change: OutboxChange) {
    let isFirst = inbox.withLock { inbox in
      inbox.changes.append(change)
      return inbox.changes.count == 1
    }
    if isFirst { arrived.signal() }
  }

  func close() {
    inbox.withLock { $0.isClosing = true }
    closing.signal()
    arrived.signal()
  }

  /// The life of the thread that owns the log at `path`.
  func serve(
    _ path: String, taking leftOver: [AttemptID: WireMessage], from others: [String],
    _ say: @escaping @Sendable (String) -> Void
  ) {
    let file = OutboxFile(path: path, leftOver: leftOver, say: say)
    // Nothing is ever in no place: the others' logs go when all of it is in this one.
    if file.isWritten { for other in others { unlink(other) } }
    while let changes = next() { file.apply(changes) }
  }

  /// What has gathered a moment after the first of it; nil at the end.
  private func next() -> [OutboxChange]? {
    if !inbox.withLock({ $0.isClosing }) {
      arrived.wait()
      // Cut short by the end, which is awaited for no longer than the disk takes.
      _ = closing.wait(timeout: .now() + Self.moment)
    }
    return inbox.withLock { inbox in
      defer { inbox.changes.removeAll() }
      return inbox.changes.isEmpty && inbox.isClosing ? nil : inbox.changes
    }
  }
}

/// The bytes of a file, or nil where it cannot be read.
func readFile(_ path: String) -> [UInt8]? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
  var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
  var done = 0
  while done < bytes.count {
    let count = bytes.withUnsafeMutableBytes { buffer in
      pread(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(done))
    }
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { break }
    done += count
  }
  return Array(bytes.prefix(done))
}
