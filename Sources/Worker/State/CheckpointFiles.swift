internal import Glibc
import Platform
import Sweep
import VAE
import Wire

/// The checkpoints of one store on this host's disk.
struct CheckpointFiles {
  /// A file that nobody went on from for so long is removed.
  private static let longest = 7 * 86_400

  /// This worker's own first, then those of workers that are gone.
  let folders: [String]
  /// Bytes of the one that comes from the coordinator, so far.
  private var incoming: (digest: Digest, bytes: [UInt8])?

  init(folders: [String]) { self.folders = folders }

  /// The newest of each point; what is damaged, older or forgotten is removed.
  func found(_ say: (String) -> Void) -> [LocalCheckpoint] {
    var newest: [PointKey: LocalCheckpoint] = [:]
    for path in folders.flatMap(paths) {
      do throws(CheckpointError) {
        let bytes = try Self.bytes(of: path)
        let checkpoint = try Checkpoint(decoding: bytes)
        guard checkpoint.trainerVersion == Trainer.version else {
          throw CheckpointError("it is of another trainer version")
        }
        let local = Self.local(checkpoint, bytes, path)
        let other = newest[local.key]
        if let other, other.reference.step >= local.reference.step {
          unlink(path)
        } else {
          if let other { unlink(other.path) }
          newest[local.key] = local
        }
      } catch {
        say("removing the checkpoint \(path): \(error)")
        unlink(path)
      }
    }
    return newest.values.sorted { $0.key < $1.key }
  }

  /// Takes the next piece of a checkpoint; the whole, or nil where it does not serve, at its end.
  mutating func receive(
    _ chunk: BlobChunk, of key: PointKey, _ reference: CheckpointReference
  ) -> LocalCheckpoint?? {
    if chunk.offset == 0 { incoming = (chunk.digest, []) }
    guard incoming?.digest == chunk.digest, incoming?.bytes.count == chunk.offset
    else { return .some(nil) }
    incoming?.bytes += chunk.data
    guard let bytes = incoming?.bytes, bytes.count >= reference.size else { return nil }
    incoming = nil
    // One that cannot be read does not serve, whatever is wrong with it.
    guard let folder = folders.first, Digest(of: bytes) == reference.digest,
      let checkpoint = try? Checkpoint(decoding: bytes), checkpoint.key == key
    else { return .some(nil) }
    let path = "\(folder)/\(key).\(checkpoint.state.step)"
    do throws(SystemError) {
      try DurableFile.replace(path, with: bytes, mode: 0o600)
    } catch {
      return .some(nil)
    }
    return Self.local(checkpoint, bytes, path)
  }

  static func bytes(of path: String) throws(CheckpointError) -> [UInt8] {
    do throws(SystemError) {
      return try readFile(path, atMost: .max) ?? []
    } catch {
      throw CheckpointError("it cannot be read: \(error.reason)")
    }
  }

  private static func local(
    _ checkpoint: Checkpoint, _ bytes: [UInt8], _ path: String
  ) -> LocalCheckpoint {
    LocalCheckpoint(
      key: checkpoint.key, path: path,
      reference: CheckpointReference(
        digest: Digest(of: bytes), size: bytes.count, step: checkpoint.state.step,
        fingerprint: checkpoint.fingerprint),
      trained: .seconds(max(0, min(checkpoint.state.trainingSeconds, 3e8))))
  }

  /// Files named as checkpoints: 64 hexadecimal digits, a dot, digits.
  private func paths(in folder: String) -> [String] {
    var paths: [String] = []
    for name in Folder.names(in: folder) {
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      guard let first = parts.first, PointKey(hex: String(first)) != nil else { continue }
      let path = "\(folder)/\(name)"
      let modified = FileStatus(path).map { $0.modified / 1_000_000_000 }
      let isOld = modified.map { time(nil) - $0 > Self.longest } ?? false
      guard parts.count == 2, Int(parts[1]) != nil, !isOld else {
        // Cut off in the middle of its writing, or forgotten.
        unlink(path)
        continue
      }
      paths.append(path)
    }
    return paths
  }
}
