import Foundation
import Platform

/// The file by which the tasks of a step find the first of them, in a folder that all of them see.
///
/// The results may lie elsewhere: a store must not be on a disk that hosts share. It is its owner's alone,
/// as it holds a secret, and appears complete or not at all. One that somebody else has put there is
/// refused; one of an earlier start of the same step is passed over.
struct RendezvousFile: Sendable {
  private static let prefix = ".vaesweep-"
  private static let longest = 65_536
  /// Notes that a step has ended, of which nobody reads any more after a day.
  private static let longestSeconds = 86_400

  let step: SlurmStep
  let folder: String
  var path: String { "\(folder)/\(Self.prefix)\(step.name)" }

  /// - Parameter folder: nil for the one that the job was submitted from.
  init(_ step: SlurmStep, folder: String?, environment: [String: String]) {
    self.step = step
    let submitted = environment["SLURM_SUBMIT_DIR"].flatMap { $0.isEmpty ? nil : $0 }
    self.folder = folder ?? submitted ?? FileManager.default.currentDirectoryPath
  }

  func write(_ note: RendezvousNote) throws(CommandError) {
    do throws(SystemError) {
      try DurableFile.replace(path, with: Array(note.text(of: step).utf8), mode: 0o600)
    } catch {
      throw .badInput(
        "\(error): the tasks of a Slurm step find each other by a file there; name a folder that all of "
          + "them see with --rendezvous DIR")
    }
  }

  /// What an earlier start of this step has left, and what steps of days ago have.
  func clear() {
    unlink(path)
    let now = Int(Date().timeIntervalSince1970)
    for name in Folder.names(in: folder) where name.hasPrefix(Self.prefix) {
      let old = "\(folder)/\(name)"
      guard let status = FileStatus(ofLink: old), status.kind == .file, status.owner == getuid(),
        now - status.modified / 1_000_000_000 > Self.longestSeconds, status.size < 1024,
        let bytes = try? readFile(old, atMost: 1024),
        String(decoding: bytes, as: UTF8.self).hasSuffix("\nended\n")
      else { continue }
      unlink(old)
    }
  }

  /// The note of this start; nil where there is none yet.
  ///
  /// - Throws: Where what stands there is not this user's alone.
  func read() throws(CommandError) -> RendezvousNote? {
    let bytes: [UInt8]?
    do throws(Errno) {
      // Opened anew each time: on a network's disk that is what shows a change.
      let file = try FileDescriptor(opening: path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
      let status = try file.status
      guard status.kind == .file, status.owner == geteuid(), status.mode & 0o077 == 0 else {
        throw Errno(EACCES)
      }
      bytes = try file.readAll(atMost: Self.longest)
    } catch {
      switch error.kind {
      case .missing: return nil
      case .denied:
        throw .failure(
          "\(path) is not this user's alone: somebody else may have put it there; remove it, or name a "
            + "folder of your own that all tasks see with --rendezvous DIR")
      case .exists, .noRoom, .fileTooLarge, .tooManyFiles, .nameTooLong, .wouldBlock, .other:
        // What is being replaced on a network's disk may be gone for a moment.
        return nil
      }
    }
    return bytes.flatMap { RendezvousNote(String(decoding: $0, as: UTF8.self), of: step) }
  }
}
