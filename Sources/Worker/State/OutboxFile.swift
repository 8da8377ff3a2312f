import Platform
package import Sweep
package import Wire

/// What is to become of a result.
package enum OutboxChange: Sendable {
  case keep(AttemptReport)
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
  /// nil until there is a log of this process's own.
  private var log: GrowingFile?
  /// The records of the results that are not settled.
  private var live: [AttemptID: [UInt8]] = [:]
  /// Those of them that are not in the log.
  private var unwritten: Set<AttemptID> = []
  private var hasComplained = false

  /// - Parameter leftOver: What must be in the log: it replaces what lies at `path`.
  init(
    path: String, leftOver: [AttemptID: AttemptReport], say: @escaping @Sendable (String) -> Void
  ) {
    self.path = path
    self.say = say
    for (attempt, report) in leftOver {
      remember(report, of: attempt)
    }
    rewrite()
  }

  /// Whether everything that is not settled is in the log.
  var isWritten: Bool { log != nil && unwritten.isEmpty }

  /// Makes changes durable, in one group.
  func apply(_ changes: [OutboxChange]) {
    var settled: [UInt8] = []
    for change in changes {
      switch change {
      case .keep(let report):
        if remember(report, of: report.attempt) { unwritten.insert(report.attempt) }
      case .forget(let attempt):
        guard live.removeValue(forKey: attempt) != nil else { continue }
        // What was acknowledged before it was written never touches the disk.
        if unwritten.remove(attempt) == nil { settled += OutboxLog.record(settling: attempt) }
      }
    }
    guard !unwritten.isEmpty || !settled.isEmpty else { return }
    guard let log else { return rewrite() }
    let needed = live.values.reduce(OutboxLog.header.count) { $0 + $1.count }
    if log.size > Self.longest, 4 * needed < log.size { return rewrite() }
    let records = unwritten.sorted().flatMap { live[$0] ?? [] }
    attempting { () throws(SystemError) in
      if live.isEmpty { return try log.truncate(to: OutboxLog.header.count) }
      // A result that is settled twice is delivered twice, which harms nobody: no sync for it alone.
      try log.append(settled + records, syncing: !records.isEmpty)
      unwritten.removeAll()
    }
  }

  /// A result that cannot be encoded is delivered from memory, and that is said.
  ///
  /// - Returns: Whether it can be written.
  @discardableResult
  private func remember(_ report: AttemptReport, of attempt: AttemptID) -> Bool {
    do throws(WireError) {
      live[attempt] = try OutboxLog.record(keeping: report)
      return true
    } catch {
      say("a result cannot be kept in the outbox \(path), so that it is in memory only: \(error)")
      return false
    }
  }

  /// Writes what is live to a new log, which then takes the place of the old one.
  private func rewrite() {
    unwritten = Set(live.keys)
    attempting { () throws(SystemError) in
      log = try GrowingFile(
        replacing: path, with: OutboxLog.header + live.keys.sorted().flatMap { live[$0] ?? [] })
      unwritten.removeAll()
    }
  }

  /// Does what may fail; that it fails is said once, and that it succeeds again.
  private func attempting(_ body: () throws(SystemError) -> Void) {
    do throws(SystemError) {
      try body()
      if hasComplained { say("the outbox \(path) can be written again") }
      hasComplained = false
    } catch {
      guard !hasComplained else { return }
      hasComplained = true
      say(
        "the outbox \(path) cannot be written (\(error.reason)): results that the coordinator has not "
          + "acknowledged are kept in memory only")
    }
  }
}
