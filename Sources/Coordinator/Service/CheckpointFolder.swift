internal import Glibc
import Platform
package import Sweep
import VAE
import Wire

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

  private enum Work: Sendable {
    case write(OfferedCheckpoint, [UInt8])
    case delete(Digest)
  }

  package let path: String
  private let work: Mailbox<Work>
  private let reports: Mailbox<Report>
  // Its deinit waits for the thread.
  private let thread: OwnedThread

  /// - Parameters:
  ///   - kept: Digests on record; every other file is swept away.
  ///   - wakeUp: Signalled when there is a report.
  init(_ path: String, keeping kept: Set<Digest>, waking wakeUp: WakeUp) throws(SystemError) {
    self.path = path
    Self.sweep(path, keeping: kept)
    let (work, reports) = (try Mailbox<Work>(), try Mailbox<Report>(waking: wakeUp))
    (self.work, self.reports) = (work, reports)
    thread = try Self.start(work, in: path, reporting: reports)
  }

  private static func start(
    _ work: Mailbox<Work>, in path: String, reporting reports: Mailbox<Report>
  ) throws(SystemError) -> OwnedThread {
    try OwnedThread(name: "checkpoints") {
      while let all = work.waitForAll() {
        for one in all { carryOut(one, in: path, reporting: reports) }
      }
    }
  }

  deinit { work.close() }

  /// Where the checkpoint with this digest lies, if it does.
  func file(_ digest: Digest) -> (path: String, size: Int)? { Self.file(digest, in: path) }

  func write(_ offered: OfferedCheckpoint, _ bytes: [UInt8]) {
    work.put(.write(offered, bytes))
  }

  /// After everything asked for so far.
  func delete(_ digest: Digest) { work.put(.delete(digest)) }

  func takeReports() -> [Report] { reports.takeAll() }

  package static func file(_ digest: Digest, in folder: String) -> (path: String, size: Int)? {
    let path = "\(folder)/\(digest.hex)\(suffix)"
    guard let status = FileStatus(path), status.kind == .file else { return nil }
    return (path, status.size)
  }

  private static let suffix = ".checkpoint"

  /// Removes what nothing on record names; an empty folder goes as well.
  private static func sweep(_ path: String, keeping kept: Set<Digest>) {
    for name in Folder.names(in: path) {
      let digest = Digest(hex: String(name.prefix { $0 != "." }))
      let isPart = name.hasPrefix(PendingFile.prefix) || name.hasSuffix(suffix + ".new")
      guard name.hasSuffix(suffix) || isPart else { continue }
      if !isPart, let digest, kept.contains(digest) { continue }
      unlink("\(path)/\(name)")
    }
    rmdir(path)
  }

  private static func carryOut(
    _ work: Work, in folder: String, reporting reports: Mailbox<Report>
  ) {
    switch work {
    case .delete(let digest): remove(digest, from: folder)
    case .write(let offered, let bytes):
      let reason = write(offered, bytes, to: folder)
      reports.put(reason.map { .refused(offered, $0) } ?? .written(offered))
    }
  }

  /// Checks and writes one checkpoint; why not, where it fails.
  private static func write(
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
    do throws(SystemError) {
      try Folder.make(folder)
      try DurableFile.replace("\(folder)/\(offered.reference.digest.hex)\(suffix)", with: bytes)
      return nil
    } catch {
      return "\(error)"
    }
  }

  private static func remove(_ digest: Digest, from folder: String) {
    unlink("\(folder)/\(digest.hex)\(suffix)")
    // Succeeds when it was the last.
    rmdir(folder)
  }
}
