internal import Glibc
package import Sweep
package import Wire

/// What is to become of a result.
package enum OutboxChange: Sendable {
  case keep(AttemptID, WireMessage)
  case forget(AttemptID)
}

/// The log of one outbox on the disk; owned by the outbox's thread.
///
/// A disk that is full, or that fails, leaves everything in memory: that is said once, and it is
/// tried again with the next change.
final class OutboxFile {
  /// A log this long is written anew once a quarter of it is enough.
  private static let longest = 8 << 20

  private let path: String
  private let say: @Sendable (String) -> Void
  /// Negative until there is a log of this process's own.
  private var descriptor: Int32 = -1
  private var size = 0
  /// The records of the results that are not settled.
  private var live: [AttemptID: [UInt8]] = [:]
  /// Those of them that are not in the log.
  private var unwritten: Set<AttemptID> = []
  private var hasComplained = false

  /// - Parameter leftOver: What must be in the log: it replaces what lies at `path`.
  init(
    path: String, leftOver: [AttemptID: WireMessage], say: @escaping @Sendable (String) -> Void
  ) {
    self.path = path
    self.say = say
    for (attempt, message) in leftOver {
      live[attempt] = try? OutboxLog.record(keeping: message)
    }
    rewrite()
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Whether everything that is not settled is in the log.
  var isWritten: Bool { descriptor >= 0 && unwritten.isEmpty }

  /// Makes changes durable, in one group.
  func apply(_ changes: [OutboxChange]) {
    var settled: [UInt8] = []
    for change in changes {
      switch change {
      case .keep(let attempt, let message):
        live[attempt] = try? OutboxLog.record(keeping: message)
        unwritten.insert(attempt)
      case .forget(let attempt):
        guard live.removeValue(forKey: attempt) != nil else { continue }
        // What was acknowledged before it was written never touches the disk.
        if unwritten.remove(attempt) == nil { settled += OutboxLog.record(settling: attempt) }
      }
    }
    guard !unwritten.isEmpty || !settled.isEmpty else { return }
    guard descriptor >= 0 else { return rewrite() }
    if live.isEmpty { return truncate(to: OutboxLog.header.count) }
    if size > Self.longest, 4 * live.values.reduce(0, { $0 + $1.count }) < size { return rewrite() }
    let records = unwritten.sorted().flatMap { live[$0] ?? [] }
    // A result that is settled twice is delivered twice, which harms nobody: no sync for it alone.
    guard append(settled + records, syncing: !records.isEmpty) else { return }
    unwritten.removeAll()
  }

  /// Writes what is live to a new log, which then takes the place of the old one.
  private func rewrite() {
    unwritten = Set(live.keys)
    let new = open("\(path).new", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard new >= 0 else { return complain(errno) }
    let bytes = OutboxLog.header + live.keys.sorted().flatMap { live[$0] ?? [] }
    let failure = writeAll(bytes, to: new) ?? (live.isEmpty || fdatasync(new) == 0 ? nil : errno)
    let code =
      failure ?? (rename("\(path).new", path) == 0 ? nil : errno)
      ?? (live.isEmpty ? nil : syncFolder(of: path))
    if let code {
      close(new)
      unlink("\(path).new")
      return complain(code)
    }
    if descriptor >= 0 { close(descriptor) }
    descriptor = new
    size = bytes.count
    unwritten.removeAll()
    recover()
  }

  private func append(_ bytes: [UInt8], syncing: Bool) -> Bool {
    guard lseek(descriptor, off_t(size), SEEK_SET) >= 0 else {
      complain(errno)
      return false
    }
    if let code = writeAll(bytes, to: descriptor)
      ?? (syncing && fdatasync(descriptor) != 0 ? errno : nil)
    {
      complain(code)
      // A half-written record would hide those behind it.
      truncate(to: size)
      return false
    }
    size += bytes.count
    recover()
    return true
  }

  private func truncate(to length: Int) {
    guard ftruncate(descriptor, off_t(length)) == 0 else { return complain(errno) }
    size = length
  }

  private func recover() {
    guard hasComplained else { return }
    hasComplained = false
    say("the outbox \(path) can be written again")
  }

  private func complain(_ code: Int32) {
    guard !hasComplained else { return }
    hasComplained = true
    say(
      "the outbox \(path) cannot be written (\(String(cString: strerror(code)))): results that the "
        + "coordinator has not acknowledged are kept in memory only")
  }
}

/// Makes a new name in the folder of `path` durable.
///
/// - Returns: The error's number, or nil.
private func syncFolder(of path: String) -> Int32? {
  let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { return errno }
  defer { close(descriptor) }
  return fsync(descriptor) == 0 ? nil : errno
}
