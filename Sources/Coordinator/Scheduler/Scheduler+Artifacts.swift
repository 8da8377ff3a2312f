import Sweep
import VAE
import Wire

/// The way of an artifact: a heartbeat names it, the coordinator asks for its pieces, the store
/// commits it, and then the worker is told to forget it.
extension Scheduler {
  /// Refusals after which nothing more is taken from a worker.
  private static let maxRefusals = 3

  /// Judges what a heartbeat names: what is not wanted is settled, the rest is asked for.
  mutating func considerArtifacts(_ artifacts: [HeldArtifact], from session: SessionID) {
    guard let worker = roster[session] else { return }
    var wanted: [HeldArtifact] = []
    for artifact in artifacts {
      guard !artifactLedger.faulted.contains(artifact.attempt),
        artifactLedger.refusals[session, default: 0] < Self.maxRefusals,
        let index = artifactLedger.index(of: artifact.key),
        let point = artifactLedger.lacking[index], point.kinds.contains(artifact.kind),
        point.fingerprint == worker.fingerprint
      else {
        totals.unwantedArtifacts += 1
        settle(artifact, of: session)
        continue
      }
      guard artifactLedger.missing(at: index).contains(artifact.kind) else { continue }
      guard point.bytes + artifact.size <= Artifact.largestTotal else {
        refuse(artifact, of: session, "with it the point would have over a megabyte of them")
        continue
      }
      if claim(artifact, point, at: index, by: session) { wanted.append(artifact) }
    }
    intake.drop(of: session) { purpose in
      if case .artifact(let artifact) = purpose { !wanted.contains(artifact) } else { false }
    }
    // What the store cannot take would gather in memory. While the coordinator stops they are wanted
    // too: what is not handed over then has to be trained again.
    guard storeTrouble == nil else { return }
    for artifact in wanted { intake.want(.artifact(artifact), from: session) }
    requestBlobs()
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
    artifactLedger.move(
      index, to: .held(session, artifact.attempt, isReplay: isReplay, named: time.now))
    return true
  }

  /// All bytes of an artifact are here: what they are is checked, and then they go to the store.
  mutating func artifactArrived(
    _ artifact: HeldArtifact, _ data: [UInt8], from session: SessionID
  ) {
    guard let worker = roster[session] else { return }
    guard Digest(of: data) == artifact.digest else {
      return refuse(artifact, of: session, "its bytes have another digest than was said")
    }
    guard NamedArrays(data: data) != nil else {
      return refuse(artifact, of: session, "its bytes are no arrays")
    }
    guard let index = artifactLedger.index(of: artifact.key),
      artifactLedger.missing(at: index).contains(artifact.kind)
    else { return settle(artifact, of: session) }
    artifactLedger.recording[index, default: []].insert(artifact.kind)
    artifactLedger.reserve(artifact.size, at: index)
    out.add(
      .record(
        .artifact(
          Artifact(kind: artifact.kind, data: data), key: artifact.key,
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
    let index = artifactLedger.index(of: key)
    if let index {
      artifactLedger.recording[index]?.remove(artifact.kind)
      if artifactLedger.recording[index]?.isEmpty == true { artifactLedger.recording[index] = nil }
    }
    switch answer {
    case .unknownAttempt:
      if let index { artifactLedger.reserve(-artifact.data.count, at: index) }
      guard attempt.start == settings.coordinatorStart else {
        // Of a start that the store was put back behind: nobody's fault, and of no use.
        settle(held, of: session)
        if let index { letGoOfArtifacts(at: index, of: attempt) }
        return
      }
      return refuse(held, of: session, "the store has no outcome that it belongs to")
    case .differs(let stored):
      totals.faults += 1
      artifactLedger.faulted.insert(attempt)
      log(
        .error,
        "FAULT: \(roster[session]?.name ?? "a worker") has \(artifact.kind.rawValue) "
          + "\(held.digest.short) of point \(key.short), but \(stored.prefix(12)) is stored: one of "
          + "two hosts computes wrongly (table faults)",
        about: subject(of: attempt, key: key, from: session))
    case .stored: totals.artifacts += 1
    case .alreadyStored, .audited: break
    }
    settle(held, of: session)
    if let index, artifactLedger.supply(artifact.kind, at: index) { callOffReplays(at: index) }
  }

  /// A worker is gone, and with it what only it had.
  mutating func forgetArtifacts(of session: SessionID) {
    intake.drop(session)
    artifactLedger.refusals[session] = nil
    for index in artifactLedger.held.sorted() {
      guard case .held(session, _, _, _)? = artifactLedger.lacking[index]?.phase else { continue }
      loseArtifacts(at: index)
    }
  }

  mutating func refuse(
    _ artifact: HeldArtifact, of session: SessionID, _ reason: String
  ) {
    totals.refusedArtifacts += 1
    if roster[session] != nil { artifactLedger.refusals[session, default: 0] += 1 }
    intake.drop(of: session) { $0 == .artifact(artifact) }
    log(
      .warning,
      "refused \(artifact.kind.rawValue) of point \(artifact.key.short) from "
        + "\(roster[session]?.name ?? "a worker that left"): \(reason)",
      about: subject(of: artifact.attempt, key: artifact.key, from: session))
    settle(artifact, of: session)
  }

  private mutating func settle(_ artifact: HeldArtifact, of session: SessionID) {
    guard let worker = roster[session] else { return }
    let settled = ArtifactSettled(attempt: artifact.attempt, kind: artifact.kind)
    send(.artifactSettled(settled), to: worker)
  }
}
