internal import Glibc
package import Platform
package import Wire

/// The folder in which one worker process keeps what must outlive it.
///
/// `BASE/worker-N/` belongs to whoever holds the lock on its file `lock`; the kernel drops the lock
/// with the process, however that ends. A worker takes every folder that nobody holds: those of
/// workers that are gone, whose results it delivers. Two workers on one host therefore never share
/// one. Below it lies a folder for each store.
package final class StateFolder: Sendable {
  private static let maxWorkers = 4096

  /// This worker's own folder first, then those it has taken over.
  let folders: [String]
  /// The sessions of the workers that held these folders last.
  package let predecessors: [SessionID]
  private let locks: [Int32]

  /// - Throws: Where no folder can be made or locked there.
  package init(_ base: String, session: SessionID) throws(SystemError) {
    var folders: [String] = []
    var sessions: [SessionID] = []
    var locks: [Int32] = []
    try Folder.make(base, mode: 0o700)
    for number in 0..<Self.maxWorkers {
      let folder = "\(base)/worker-\(number)"
      let isThere = access(folder, F_OK) == 0
      // A gap in the numbers is filled, and ends the search.
      if !isThere {
        if !folders.isEmpty { break }
        try Folder.make(folder, mode: 0o700)
      }
      guard let lock = Self.lock("\(folder)/lock") else { continue }
      if let last = Self.lastSession(lock) { sessions.append(last) }
      Self.write(session, to: lock)
      folders.append(folder)
      locks.append(lock)
    }
    guard !folders.isEmpty else {
      throw SystemError("lock a folder in", base, Errno(EACCES))
    }
    self.folders = folders
    self.locks = locks
    predecessors = Array(sessions.suffix(64))
  }

  deinit { for lock in locks { close(lock) } }

  /// The folders of one store, this worker's own first; it is made if need be.
  func folders(ofStore store: UInt64) throws(SystemError) -> [String] {
    let name = String(store, radix: 16)
    let all = folders.map { "\($0)/\(name)" }
    if let own = all.first { try Folder.make(own, mode: 0o700) }
    return all.enumerated().filter { $0.offset == 0 || access($0.element, F_OK) == 0 }
      .map(\.element)
  }

  private static func lock(_ path: String) -> Int32? {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  private static func lastSession(_ lock: Int32) -> SessionID? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = bytes.withUnsafeMutableBytes { pread(lock, $0.baseAddress, $0.count, 0) }
    guard count == 16 else { return nil }
    return UInt64(String(decoding: bytes, as: UTF8.self), radix: 16).map { SessionID($0) }
  }

  private static func write(_ session: SessionID, to lock: Int32) {
    let line = Array("\(session)".utf8)
    // Where it cannot be written, a later worker only knows less.
    _ = line.withUnsafeBytes { pwrite(lock, $0.baseAddress, $0.count, 0) }
  }
}
