import Dispatch
internal import Glibc
package import Sweep
import Synchronization
import VAE
import Wire
import ZeroMQ

/// The checkpoints beside a store, each a file named by its SHA-256.
///
/// A thread of its own checks and writes them: a file appears under its name complete, synced, or not
/// at all, and a slow disk never silences the loop. Which of them is relied upon, the store says.
package final class CheckpointFolder {
  /// What the thread has to say to the loop.
  enum Report: Sendable {
    case written(OfferedCheckpoint)
    case refused(OfferedCheckpoint, String)
  }

  package let path: String
  private let channel: Channel
  // Its deinit waits for the thread.
  private let thread: OwnedThread

  /// - Parameters:
  ///   - kept: Digests on record; every other file is swept away.
  ///   - wakeUp: Signalled when there is a report.
  init(_ path: String, keeping kept: Set<Digest>, waking wakeUp: WakeUp) throws(ZeroMQError) {
    self.path = path
    Self.sweep(path, keeping: kept)
    let channel = Channel(wakeUp: wakeUp)
    self.channel = channel
    thread = try OwnedThread(name: "checkpoints") { channel.serve(path) }
  }

  deinit { channel.close() }

  /// Where the checkpoint with this digest lies, if it does.
  func file(_ digest: Digest) -> (path: String, size: Int)? { Self.file(digest, in: path) }

  func write(_ offered: OfferedCheckpoint, _ bytes: [UInt8]) {
    channel.add(.write(offered, bytes))
  }

  /// After everything asked for so far.
  func delete(_ digest: Digest) { channel.add(.delete(digest)) }

  func takeReports() -> [Report] { channel.takeReports() }

  package static func file(_ digest: Digest, in folder: String) -> (path: String, size: Int)? {
    let path = "\(folder)/\(digest.hex)\(suffix)"
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return (path, Int(status.st_size))
  }

  private static let suffix = ".checkpoint"

  /// Removes what nothing on record names; an empty folder goes as well.
  private static func sweep(_ path: String, keeping kept: Set<Digest>) {
    guard let directory = opendir(path) else { return }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    closedir(directory)
    for name in names where name.hasSuffix(suffix) || name.hasSuffix(suffix + ".new") {
      let digest = Digest(hex: String(name.prefix { $0 != "." }))
      if let digest, kept.contains(digest), name.hasSuffix(suffix) { continue }
      unlink("\(path)/\(name)")
    }
    rmdir(path)
  }

  /// Checks and writes one checkpoint; why not, where it fails.
  fileprivate static func write(
    _ offered: OfferedCheckpoint, _ bytes: [UInt8], to folder: String
  ) -> String? {
    guard bytes.count == offered.reference.size, Digest(of: bytes) == offered.reference.digest
    else { return "its SHA-256 is another than the one offered" }
    do throws(CheckpointError) {
      let checkpoint = try Checkpoint(decoding: bytes)
      try checkpoint.require(
        key: offered.key, fingerprint: offered.reference.fingerprint,
        trainerVersion: Trainer.version)
      guard checkpoint.state.step == offered.reference.step else {
        throw CheckpointError("it is of another step than the one offered")
      }
    } catch {
      return "\(error)"
    }
    let target = "\(folder)/\(offered.reference.digest.hex)\(suffix)"
    mkdir(folder, 0o755)
    let file = open("\(target).new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { return failure("open", target, errno) }
    let code = writeAll(bytes, to: file) ?? (fsync(file) == 0 ? nil : errno)
    close(file)
    if let code = code ?? (rename("\(target).new", target) == 0 ? nil : errno) {
      unlink("\(target).new")
      return failure("write", target, code)
    }
    let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard parent >= 0 else { return failure("sync", folder, errno) }
    defer { close(parent) }
    return fsync(parent) == 0 ? nil : failure("sync", folder, errno)
  }

  fileprivate static func remove(_ digest: Digest, from folder: String) {
    unlink("\(folder)/\(digest.hex)\(suffix)")
    // Succeeds when it was the last.
    rmdir(folder)
  }

  private static func failure(_ what: String, _ path: String, _ code: Int32) -> String {
    "cannot \(what) \(path): \(String(cString: strerror(code)))"
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      let code = errno
      if written < 0, code == EINTR { continue }
      guard written > 0 else { return written < 0 ? code : EIO }
      rest = rest.dropFirst(written)
    }
    return nil
  }
}

/// Work between the loop and the thread that owns the folder.
private final class Channel: Sendable {
  enum Work: Sendable {
    case write(OfferedCheckpoint, [UInt8])
    case delete(Digest)
  }

  private struct Inbox: Sendable {
    var work: [Work] = []
    var isClosing = false
  }

  private let inbox = Mutex(Inbox())
  private let reports = Mutex<[CheckpointFolder.Report]>([])
  private let arrived = DispatchSemaphore(value: 0)
  private let wakeUp: WakeUp

  init(wakeUp: WakeUp) { self.wakeUp = wakeUp }

  func add(_ work: Work) {
    inbox.withLock { $0.work.append(work) }
    arrived.signal()
  }

  func close() {
    inbox.withLock { $0.isClosing = true }
    arrived.signal()
  }

  func takeReports() -> [CheckpointFolder.Report] {
    reports.withLock { reports in
      defer { reports.removeAll() }
      return reports
    }
  }

  func serve(_ folder: String) {
    while true {
      arrived.wait()
      let (work, isClosing) = inbox.withLock { inbox in
        defer { inbox.work.removeAll() }
        return (inbox.work, inbox.isClosing)
      }
      for work in work {
        switch work {
        case .delete(let digest): CheckpointFolder.remove(digest, from: folder)
        case .write(let offered, let bytes):
          let reason = CheckpointFolder.write(offered, bytes, to: folder)
          reports.withLock {
            $0.append(reason.map { .refused(offered, $0) } ?? .written(offered))
          }
          wakeUp.signal()
        }
      }
      if isClosing { return }
    }
  }
}
