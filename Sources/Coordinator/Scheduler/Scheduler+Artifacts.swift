import Sweep
import VAE
import Wire

/// The way of an artifact: a heartbeat names it, the coordinator asks for its pieces, the store
/// commits it, and then the worker is told to forget it.
extension Scheduler {
  /// Artifacts on their way at once, each of at most a megabyte.
  private static let maxPulls = 16
  /// How long an unanswered request waits until it is repeated.
  private static let patience = Duration.seconds(5)
  /// Repetitions in vain before a worker counts as never sending: a bad network loses several.
  private static let maxStalls = 15
  /// Refusals after which nothing more is taken from a worker.
  private static let maxRefusals = 3

  /// Judges what a heartbeat names: what is not wanted is settled, the rest is asked for.
  mutating func considerArtifacts(_ artifacts: [HeldArtifact], from session: SessionID) {
    guard let worker = workers[session] else { return }
    var wanted: [HeldArtifact] = []
    for artifact in artifacts {
      guard !pictures.faulted.contains(artifact.attempt),
        pictures.refusals[session, default: 0] < Self.maxRefusals,
        let index = pictures.index(of: artifact.key),
        let point = pictures.lacking[index], point.kinds.contains(artifact.kind),
        point.fingerprint == worker.fingerprint
      else {
        totals.unwantedArtifacts += 1
        settle(artifact, of: session)
        continue
      }
      guard pictures.missing(at: index).contains(artifact.kind) else { continue }
      guard point.bytes + artifact.size <= Artifact.largestTotal else {
        refuse(artifact, of: session, "with it the point would have over a megabyte of pictures")
        continue
      }
      if claim(artifact, point, at: index, by: session) { wanted.append(artifact) }
    }
    pictures.offers[session] = wanted.isEmpty ? nil : wanted
    if let pull = pictures.pulls[session], !wanted.contains(pull.artifact) {
      pictures.pulls[session] = nil
    }
    pull(from: session)
  }

  /// Notes that a worker has an artifact; false where another one that has it too was first.
  private mutating func claim(
    _ artifact: HeldArtifact, _ point: LackingPoint, at index: Int, by session: SessionID
  ) -> Bool {
    var isReplay = false
    if case .held(let holder, let attempt, let isOfReplay, _) = point.phase {
      guard holder == session, attempt == artifact.attempt else { return false }
      isReplay = isOfReplay
    }
    pictures.move(
      index, to: .held(session, artifact.attempt, isReplay: isReplay, named: clock.elapsed))
    return true
  }

  /// Begins the next pull from a worker, if there is room for one.
  private mutating func pull(from session: SessionID) {
    // What the store cannot take would gather in memory.
    guard storeTrouble == nil else { return }
    // Also while the coordinator stops: what is not handed over then has to be trained again.
    guard pictures.pulls[session] == nil, pictures.pulls.count < Self.maxPulls else { return }
    let next = pictures.offers[session]?.first { artifact in
      pictures.index(of: artifact.key).map {
        pictures.missing(at: $0).contains(artifact.kind)
      } ?? false
    }
    guard let next else { return }
    pictures.pulls[session] = ArtifactPull(next, at: clock.elapsed)
    requestPieces(from: session)
  }

  /// Keeps two requests under way.
  private mutating func requestPieces(from session: SessionID) {
    guard let worker = workers[session] else { return }
    for request in pictures.pulls[session]?.blob.requests() ?? [] {
      send(.blobRequest(request), to: worker)
    }
  }

  /// A piece has come; what nobody asked for is dropped.
  mutating func takeArtifactPiece(_ chunk: BlobChunk, of session: SessionID, from peer: PeerID) {
    guard let worker = workers[session], worker.peer == peer,
      let pull = pictures.pulls[session], pull.artifact.digest == chunk.digest
    else { return }
    guard chunk.size == pull.artifact.size else {
      return refuse(pull.artifact, of: session, "it has another size than was said")
    }
    guard pictures.pulls[session]?.blob.take(chunk, at: clock.elapsed) == true
    else { return }
    pictures.pulls[session]?.data += chunk.data
    pictures.pulls[session]?.stalls = 0
    guard pictures.pulls[session]?.blob.isComplete == true else {
      return requestPieces(from: session)
    }
    finishPull(of: session, worker)
    self.pull(from: session)
  }

  /// All bytes are here: what they are is checked, and then they go to the store.
  private mutating func finishPull(of session: SessionID, _ worker: WorkerState) {
    guard let pull = pictures.pulls.removeValue(forKey: session) else { return }
    let artifact = pull.artifact
    guard Digest(of: pull.data) == artifact.digest else {
      return refuse(artifact, of: session, "its bytes have another digest than was said")
    }
    guard NamedArrays(data: pull.data) != nil else {
      return refuse(artifact, of: session, "its bytes are no arrays")
    }
    guard let index = pictures.index(of: artifact.key),
      pictures.missing(at: index).contains(artifact.kind)
    else { return settle(artifact, of: session) }
    pictures.recording[index, default: []].insert(artifact.kind)
    pictures.reserve(artifact.size, at: index)
    effects.append(
      .record(
        .artifact(
          Artifact(kind: artifact.kind, data: pull.data), key: artifact.key,
          attempt: artifact.attempt, session: session, fingerprint: worker.fingerprint)))
  }

  /// The store has spoken about an artifact: its worker may forget it.
  mutating func artifactRecorded(
    _ artifact: Artifact, of key: PointKey, attempt: AttemptID, from session: SessionID,
    _ answer: CommittedRecord.Answer
  ) {
    let held = HeldArtifact(
      attempt: attempt, key: key, kind: artifact.kind, digest: Digest(of: artifact.data),
      size: artifact.data.count)
    let index = pictures.index(of: key)
    if let index {
      pictures.recording[index]?.remove(artifact.kind)
      if pictures.recording[index]?.isEmpty == true { pictures.recording[index] = nil }
    }
    switch answer {
    case .unknownAttempt:
      if let index { pictures.reserve(-artifact.data.count, at: index) }
      guard attempt.start == settings.coordinatorStart else {
        // Of a start that the store was put back behind: nobody's fault, and of no use.
        settle(held, of: session)
        if let index { letGoOfPictures(at: index, of: attempt) }
        return
      }
      return refuse(held, of: session, "the store has no outcome that it belongs to")
    case .differs(let stored):
      totals.faults += 1
      pictures.faulted.insert(attempt)
      log(
        .error,
        "FAULT: \(workers[session]?.name ?? "a worker") has \(artifact.kind.rawValue) "
          + "\(held.digest.short) of point \(key.short), but \(stored.prefix(12)) is stored: one of "
          + "two hosts computes wrongly (table faults)")
    case .stored: totals.artifacts += 1
    case .alreadyStored: break
    }
    settle(held, of: session)
    if let index, pictures.supply(artifact.kind, at: index) { callOffReplays(at: index) }
  }

  /// A worker is gone, and with it what only it had.
  mutating func forgetArtifacts(of session: SessionID) {
    pictures.offers[session] = nil
    pictures.pulls[session] = nil
    pictures.refusals[session] = nil
    for index in pictures.held.sorted() {
      guard case .held(session, _, _, _)? = pictures.lacking[index]?.phase else { continue }
      losePictures(at: index)
    }
  }

  /// Asks again for pieces that do not come; a worker that never sends them is believed no more.
  mutating func judgePulls() {
    for (session, pull) in pictures.pulls.sorted(by: { $0.key.value < $1.key.value })
    where pictures.pulls[session]?.blob.askAgain(after: Self.patience, at: clock.elapsed) == true {
      guard pull.stalls < Self.maxStalls else {
        refuse(pull.artifact, of: session, "it was named and never came")
        continue
      }
      pictures.pulls[session]?.stalls += 1
      requestPieces(from: session)
    }
  }

  private mutating func refuse(
    _ artifact: HeldArtifact, of session: SessionID, _ reason: String
  ) {
    totals.refusedArtifacts += 1
    if workers[session] != nil { pictures.refusals[session, default: 0] += 1 }
    if pictures.pulls[session]?.artifact == artifact { pictures.pulls[session] = nil }
    pictures.offers[session]?.removeAll { $0 == artifact }
    log(
      .warning,
      "refused \(artifact.kind.rawValue) of point \(artifact.key.short) from "
        + "\(workers[session]?.name ?? "a worker that left"): \(reason)")
    settle(artifact, of: session)
  }

  private mutating func settle(_ artifact: HeldArtifact, of session: SessionID) {
    guard let worker = workers[session] else { return }
    let settled = ArtifactSettled(attempt: artifact.attempt, kind: artifact.kind)
    send(.artifactSettled(settled), to: worker)
  }
}
