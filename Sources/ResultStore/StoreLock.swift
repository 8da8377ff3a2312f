internal import Glibc
internal import Platform
internal import Synchronization

/// Keeps a second coordinator off a store: an exclusive flock(2) on the file itself, held for life.
///
/// The file is what is locked, by whichever path it was reached: symbolic links, mounts and renames all
/// lead to one lock. The kernel drops it with the process, however that ends. SQLite's own locks are of
/// another kind, which flock(2) does not touch; but they go when this process closes any descriptor of
/// the file, so this one is opened before SQLite's and closed after it, and no other is opened.
struct StoreLock: ~Copyable, Sendable {
  /// What this process holds.
  private static let held = Mutex<Set<FileIdentity>>([])

  /// With every symbolic link resolved.
  let resolved: String
  let identity: FileIdentity
  private let descriptor: FileDescriptor
  private let isNew: Bool

  /// Opens the file, or makes an empty one, and locks it.
  init(_ path: String) throws(StoreError) {
    let target = try StoreFile.target(path, "open")
    while true {
      let known = FileStatus(target)
      let isHeldHere = known.map { known in Self.held.withLock { $0.contains(known.identity) } }
      if isHeldHere == true { throw Self.inUse(path, by: Int(getpid())) }
      let opened = try Self.open(target, shownAs: path)
      let status = try Self.status(opened, path)
      guard try Self.lock(opened, path) else {
        throw Self.inUse(path, by: Self.holder(of: status.identity))
      }
      // Whoever had it may have removed or replaced it a moment ago.
      guard FileStatus(target)?.identity == status.identity else { continue }
      let new = known == nil && status.size == 0
      do throws(StoreError) {
        resolved = try StoreFile.require(target, status, path, "open")
      } catch {
        if new { unlink(target) }
        throw error
      }
      identity = status.identity
      descriptor = opened
      isNew = new
      Self.held.withLock { held in _ = held.insert(status.identity) }
      return
    }
  }

  deinit {
    // A file that was made for nothing goes, under its lock.
    let isEmpty = FileStatus(resolved).map { $0.identity == identity && $0.size == 0 } ?? false
    if isNew, isEmpty { unlink(resolved) }
    let own = identity
    Self.held.withLock { held in _ = held.remove(own) }
  }

  /// Whether the file is still where it was opened.
  var isInPlace: Bool { FileStatus(resolved)?.identity == identity }

  private static func open(_ target: String, shownAs path: String) throws(StoreError)
    -> FileDescriptor
  {
    do throws(Errno) {
      return try FileDescriptor(opening: target, O_RDWR | O_CREAT | O_NOCTTY | O_NONBLOCK)
    } catch {
      throw .system(error, "open", path, at: target)
    }
  }

  private static func status(_ file: borrowing FileDescriptor, _ path: String) throws(StoreError)
    -> FileStatus
  {
    do throws(Errno) { return try file.status } catch {
      throw .system(error, "open", path, at: path)
    }
  }

  private static func lock(_ file: borrowing FileDescriptor, _ path: String) throws(StoreError)
    -> Bool
  {
    do throws(Errno) {
      return try file.lock(waits: false)
    } catch {
      throw .system(error, "lock", path, at: path)
    }
  }

  private static func inUse(_ path: String, by process: Int?) -> StoreError {
    let holder = process.map { " (process \($0))" } ?? ""
    return StoreError(
      .inUse, "open", path,
      "another coordinator\(holder) holds it; stop that one, or choose another store")
  }

  /// The process that the kernel names in `/proc/locks`; nil where it lies out of sight.
  private static func holder(of identity: FileIdentity) -> Int? {
    // Only to say who it is.
    let bytes = try? readFile("/proc/locks", atMost: 4 << 20)
    let lines = String(decoding: bytes ?? [], as: UTF8.self).split(separator: "\n")
    // `1: FLOCK ADVISORY WRITE 1234 08:01:5678 0 EOF`
    for line in lines {
      let fields = line.split(separator: " ")
      guard fields.count >= 6, fields[1] == "FLOCK",
        fields[5].split(separator: ":").last.flatMap({ UInt64($0) }) == identity.inode
      else { continue }
      return Int(fields[4]).flatMap { $0 > 0 ? $0 : nil }
    }
    return nil
  }
}
