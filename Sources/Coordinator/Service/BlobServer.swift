import Dataset
import Sweep
import Wire

/// Hands out the dataset in chunks, behind control messages: at most two requests of a peer wait
/// at a time, further ones are dropped and asked again.
struct BlobServer {
  private let digest: Digest
  private let path: String
  private let size: Int
  private var waiting: [(peer: PeerID, request: BlobRequest)] = []

  init(digest: Digest, path: String, size: Int) {
    self.digest = digest
    self.path = path
    self.size = size
  }

  var isIdle: Bool { waiting.isEmpty }

  mutating func enqueue(_ request: BlobRequest, from peer: PeerID) {
    guard request.digest == digest, request.offset < size,
      waiting.count(where: { $0.peer == peer }) < 2
    else { return }
    waiting.append((peer, request))
  }

  /// Reads one chunk, for the peer that has waited longest.
  mutating func next() throws(DatasetError) -> (peer: PeerID, chunk: BlobChunk)? {
    guard !waiting.isEmpty else { return nil }
    let (peer, request) = waiting.removeFirst()
    let length = min(request.length, BlobChunk.largest, size - request.offset)
    let data = try readChunk(file: path, offset: request.offset, length: length)
    let chunk = BlobChunk(
      session: request.session, digest: digest, offset: request.offset, size: size, data: data)
    return (peer, chunk)
  }
}
