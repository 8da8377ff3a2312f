import Dataset
import Glibc
import Platform
import Sweep
import Wire

/// Hands out the dataset and checkpoints in chunks, behind control messages: at most two requests of a peer wait
/// at a time, further ones are dropped and asked again.
struct BlobServer {
  /// Requests of all peers together.
  private static let maxWaiting = 4096

  private let digest: Digest
  private let dataset: HeldFile
  private let size: Int
  private let checkpoints: CheckpointFolder
  private struct Waiting {
    let peer: PeerID
    let session: SessionID
    let request: BlobRequest
    let path: String
    let size: Int
  }

  private var waiting: [Waiting] = []

  init(digest: Digest, path: String, size: Int, checkpoints: CheckpointFolder) throws(SystemError) {
    self.checkpoints = checkpoints
    self.digest = digest
    dataset = try HeldFile(path)
    self.size = size
  }

  var isIdle: Bool { waiting.isEmpty }

  mutating func enqueue(_ request: BlobRequest, of session: SessionID, at peer: PeerID) {
    let file = request.digest == digest ? (dataset.place, size) : checkpoints.file(request.digest)
    guard let (path, size) = file, request.offset < size,
      waiting.count < Self.maxWaiting, waiting.count(where: { $0.peer == peer }) < 2
    else { return }
    waiting.append(
      Waiting(peer: peer, session: session, request: request, path: path, size: size))
  }

  /// Reads one chunk, for the peer that has waited longest.
  mutating func next() throws(DatasetError) -> (Envelope<ToWorker>, to: PeerID)? {
    guard !waiting.isEmpty else { return nil }
    let next = waiting.removeFirst()
    let request = next.request
    let length = min(request.length, BlobChunk.largest, next.size - request.offset)
    let data = try readChunk(file: next.path, offset: request.offset, length: length)
    let chunk = BlobChunk(
      digest: request.digest, offset: request.offset, size: next.size, data: data)
    return (Envelope(.blobChunk(chunk), session: next.session), next.peer)
  }
}

/// A file that stays readable, also once its cache was emptied: workers may join days later.
private final class HeldFile: Sendable {
  private let descriptor: FileDescriptor

  init(_ path: String) throws(SystemError) {
    do throws(Errno) {
      descriptor = try FileDescriptor(opening: path, O_RDONLY)
    } catch {
      throw SystemError("open", path, error)
    }
  }

  /// Where this process opens it anew.
  var place: String { "/proc/self/fd/\(descriptor.number)" }
}
