import Dataset
import Sweep
import Wire

/// Hands out the dataset and checkpoints in chunks, behind control messages: at most two requests of a peer wait
/// at a time, further ones are dropped and asked again.
struct BlobServer {
  /// Requests of all peers together.
  private static let mostWaiting = 4096

  private let digest: Digest
  private let path: String
  private let size: Int
  private let checkpoints: CheckpointFolder
  private var waiting: [(peer: PeerID, request: BlobRequest, path: String, size: Int)] = []

  init(digest: Digest, path: String, size: Int, checkpoints: CheckpointFolder) {
    self.checkpoints = checkpoints
    self.digest = digest
    self.path = path
    self.size = size
  }

  var isIdle: Bool { waiting.isEmpty }

  mutating func enqueue(_ request: BlobRequest, from peer: PeerID) {
    let file = request.digest == digest ? (path, size) : checkpoints.file(request.digest)
    guard let (path, size) = file, request.offset < size,
      waiting.count < Self.mostWaiting, waiting.count(where: { $0.peer == peer }) < 2
    else { return }
    waiting.append((peer, request, path, size))
  }

  /// Reads one chunk, for the peer that has waited longest.
  mutating func next() throws(DatasetError) -> (peer: PeerID, chunk: BlobChunk)? {
    guard !waiting.isEmpty else { return nil }
    let (peer, request, path, size) = waiting.removeFirst()
    let length = min(request.length, BlobChunk.largest, size - request.offset)
    let data = try readChunk(file: path, offset: request.offset, length: length)
    let chunk = BlobChunk(
      session: request.session, digest: request.digest, offset: request.offset, size: size,
      data: data)
    return (peer, chunk)
  }
}
