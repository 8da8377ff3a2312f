package import Sweep
package import Wire

/// Blobs that a coordinator pulls from its workers, whatever they are for: one at a time from each, the
/// rest queued.
///
/// Memory is bounded: by `maxBytes` for what is under way, and by `maxQueued` names per worker for what
/// waits.
package struct BlobIntake: Sendable {
  /// What a blob is for.
  package enum Purpose: Hashable, Sendable {
    case checkpoint(OfferedCheckpoint)
    case artifact(HeldArtifact)

    package var digest: Digest {
      switch self {
      case .checkpoint(let offered): offered.reference.digest
      case .artifact(let artifact): artifact.digest
      }
    }

    package var size: Int {
      switch self {
      case .checkpoint(let offered): offered.reference.size
      case .artifact(let artifact): artifact.size
      }
    }
  }

  /// What became of a piece.
  package enum Arrival: Sendable {
    /// Nobody asked for it, or it has come before.
    case stray
    /// Its blob is not as large as its worker said.
    case contradicts(Purpose)
    case more([BlobRequest])
    /// It was the last; the digest is not checked here.
    case whole(Purpose, [UInt8])
  }

  /// Bytes of all blobs under way, of all workers.
  package static let maxBytes = 256 << 20
  private static let maxQueued = 64

  private struct Pull: Sendable {
    let purpose: Purpose
    var blob: BlobPull
    var data: [UInt8] = []
  }

  private var queued: [SessionID: [Purpose]] = [:]
  private var pulls: [SessionID: Pull] = [:]

  package init() {}

  package var isIdle: Bool { pulls.isEmpty && queued.isEmpty }

  private var bytes: Int { pulls.values.reduce(0) { $0 + $1.blob.size } }

  /// Queues a blob, unless it is under way or waits already.
  ///
  /// - Returns: false where too much waits; it has to be offered again later.
  @discardableResult
  package mutating func want(_ purpose: Purpose, from session: SessionID) -> Bool {
    guard purpose.size > 0, purpose.size <= Self.maxBytes else { return false }
    if pulls[session]?.purpose == purpose { return true }
    let others = queued[session] ?? []
    if others.contains(purpose) { return true }
    guard others.count < Self.maxQueued else { return false }
    queued[session] = others + [purpose]
    return true
  }

  /// What to ask for now: of new blobs, and again of those that got stuck.
  ///
  /// - Returns: Those too that are given up, since nothing of them has come for long.
  package mutating func attend(at now: Duration) -> (
    requests: [(session: SessionID, request: BlobRequest)],
    givenUp: [(session: SessionID, purpose: Purpose)]
  ) {
    var requests: [(session: SessionID, request: BlobRequest)] = []
    var givenUp: [(session: SessionID, purpose: Purpose)] = []
    for (session, var pull) in pulls.sorted(by: { $0.key.value < $1.key.value }) {
      switch pull.blob.attend(at: now) {
      case .moving: continue
      case .stuck:
        requests += pull.blob.requests().map { (session: session, request: $0) }
        pulls[session] = pull
      case .givenUp:
        pulls[session] = nil
        givenUp.append((session: session, purpose: pull.purpose))
      }
    }
    for (session, wanted) in queued.sorted(by: { $0.key.value < $1.key.value })
    where pulls[session] == nil {
      guard let next = wanted.first, bytes + next.size <= Self.maxBytes else { continue }
      queued[session] = wanted.count > 1 ? Array(wanted.dropFirst()) : nil
      var pull = Pull(
        purpose: next, blob: BlobPull(digest: next.digest, size: next.size, at: now))
      requests += pull.blob.requests().map { (session: session, request: $0) }
      pulls[session] = pull
    }
    return (requests, givenUp)
  }

  /// Takes a piece from a worker.
  package mutating func receive(_ chunk: BlobChunk, from session: SessionID, at now: Duration)
    -> Arrival
  {
    guard var pull = pulls[session], pull.blob.digest == chunk.digest else { return .stray }
    guard pull.blob.size == chunk.size else {
      pulls[session] = nil
      return .contradicts(pull.purpose)
    }
    guard pull.blob.receive(chunk, at: now) else { return .stray }
    // No second copy of the bytes while they grow.
    pulls[session] = nil
    pull.data += chunk.data
    if pull.blob.isComplete { return .whole(pull.purpose, pull.data) }
    let requests = pull.blob.requests()
    pulls[session] = pull
    return .more(requests)
  }

  /// Gives up everything of a worker that is gone.
  package mutating func drop(_ session: SessionID) {
    queued[session] = nil
    pulls[session] = nil
  }

  /// Gives up what is not wanted of a worker any more.
  package mutating func drop(of session: SessionID, where isUnwanted: (Purpose) -> Bool) {
    queued[session]?.removeAll(where: isUnwanted)
    if queued[session]?.isEmpty == true { queued[session] = nil }
    if let pull = pulls[session], isUnwanted(pull.purpose) { pulls[session] = nil }
  }
}
