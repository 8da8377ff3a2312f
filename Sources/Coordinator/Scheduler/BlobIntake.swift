import Sweep
import Wire

/// Blobs that a coordinator pulls from its workers: one at a time from each, the rest queued.
///
/// Memory is bounded: by `maxBytes` for what is under way, and by `maxQueued` names per worker
/// for what waits. `Tag` says what a blob is for.
struct BlobIntake<Tag: Hashable & Sendable>: Sendable {
  /// Bytes of all blobs under way, of all workers.
  static var maxBytes: Int { 256 << 20 }
  static var maxQueued: Int { 64 }
  /// How long to wait for a chunk before it is asked for again.
  static var patience: Duration { .seconds(5) }
  /// Waits for one chunk after which a blob is given up.
  static var maxWaits: Int { 6 }

  private struct Wanted: Sendable {
    let tag: Tag
    let digest: Digest
    let size: Int
  }

  private struct Pull: Sendable {
    let tag: Tag
    var blob: BlobPull
    var data: [UInt8] = []
    var waits = 0
  }

  private var queued: [SessionID: [Wanted]] = [:]
  private var pulls: [SessionID: Pull] = [:]

  var isIdle: Bool { pulls.isEmpty && queued.isEmpty }

  /// Whether a piece belongs to what is pulled from its worker.
  func isPulling(_ chunk: BlobChunk, of session: SessionID) -> Bool {
    pulls[session]?.blob.digest == chunk.digest
  }

  private var bytes: Int { pulls.values.reduce(0) { $0 + $1.blob.size } }

  /// Queues a blob, unless it is under way or waits already.
  ///
  /// - Returns: false where too much waits; it has to be offered again later.
  mutating func want(_ tag: Tag, _ digest: Digest, size: Int, from session: SessionID) -> Bool {
    guard size > 0, size <= Self.maxBytes else { return false }
    if pulls[session]?.tag == tag { return true }
    let others = queued[session] ?? []
    if others.contains(where: { $0.tag == tag }) { return true }
    guard others.count < Self.maxQueued else { return false }
    queued[session] = others + [Wanted(tag: tag, digest: digest, size: size)]
    return true
  }

  /// What to ask for now: of new blobs, and again of those that got stuck.
  mutating func requests(at now: Duration) -> [(session: SessionID, request: BlobRequest)] {
    var requests: [(SessionID, BlobRequest)] = []
    for (session, var pull) in pulls.sorted(by: { $0.key.value < $1.key.value })
    where pull.blob.askAgain(after: Self.patience, at: now) {
      pull.waits += 1
      guard pull.waits < Self.maxWaits else {
        pulls[session] = nil
        continue
      }
      requests += pull.blob.requests().map { (session, $0) }
      pulls[session] = pull
    }
    for (session, wanted) in queued.sorted(by: { $0.key.value < $1.key.value })
    where pulls[session] == nil {
      guard let next = wanted.first, bytes + next.size <= Self.maxBytes else { continue }
      queued[session] = wanted.count > 1 ? Array(wanted.dropFirst()) : nil
      var pull = Pull(
        tag: next.tag, blob: BlobPull(digest: next.digest, size: next.size, at: now))
      requests += pull.blob.requests().map { (session, $0) }
      pulls[session] = pull
    }
    return requests
  }

  /// Takes a chunk; the whole blob where it was the last one.
  ///
  /// Its digest is not checked here.
  mutating func take(_ chunk: BlobChunk, of session: SessionID, at now: Duration) -> (
    finished: (tag: Tag, digest: Digest, data: [UInt8])?, requests: [BlobRequest]
  ) {
    guard var pull = pulls[session], pull.blob.take(chunk, at: now) else { return (nil, []) }
    pulls[session] = nil
    pull.data += chunk.data
    pull.waits = 0
    if pull.blob.isComplete { return ((pull.tag, pull.blob.digest, pull.data), []) }
    let requests = pull.blob.requests()
    pulls[session] = pull
    return (nil, requests)
  }

  /// Gives up everything of a worker that is gone.
  mutating func drop(_ session: SessionID) {
    queued[session] = nil
    pulls[session] = nil
  }

  /// Gives up one blob that is not wanted any more.
  mutating func drop(_ tag: Tag, of session: SessionID) {
    queued[session]?.removeAll { $0.tag == tag }
    if queued[session]?.isEmpty == true { queued[session] = nil }
    if pulls[session]?.tag == tag { pulls[session] = nil }
  }
}
