package import Sweep
package import VAE
package import Wire

/// Artifacts on their way from trainers to the coordinator.
///
/// In memory only: what is lost with the worker comes again by replay. Bounded, since a worker that
/// holds much takes no further points.
package struct HeldArtifacts: Sendable {
  /// One artifact.
  private struct Kept: Sendable {
    let digest: Digest
    let data: [UInt8]
  }

  /// The artifacts of one finished attempt.
  private struct Finished: Sendable {
    let key: PointKey
    var kept: [ArtifactKind: Kept]
    /// Its outcome is committed, so that its artifacts have something to belong to.
    var isAcknowledged = false
  }

  /// What a trainer has sent of the run under way, whole or in part.
  private struct Arriving: Sendable {
    var pieces: [ArtifactKind: [UInt8]] = [:]
    var sizes: [ArtifactKind: Int] = [:]
    /// Its trainer broke the rules; nothing of the run is kept.
    var isSpoilt = false
  }

  private var finished: [AttemptID: Finished] = [:]
  private var arriving: [SlotID: Arriving] = [:]

  package init() {}

  package var isEmpty: Bool { finished.isEmpty }

  /// Points a worker may take on while it holds this much; no limit of its own where it holds none.
  package func room(slots: Int) -> Int { finished.isEmpty ? .max : 4 * slots + 4 - finished.count }

  /// What may be asked for, oldest attempts first.
  package var named: [HeldArtifact] {
    var named: [HeldArtifact] = []
    for (attempt, run) in finished.sorted(by: { $0.key < $1.key })
    where run.isAcknowledged {
      for (kind, kept) in run.kept.sorted(by: { $0.key < $1.key }) {
        guard named.count < HeldArtifact.maxNamed else { return named }
        named.append(
          HeldArtifact(
            attempt: attempt, key: run.key, kind: kind, digest: kept.digest,
            size: kept.data.count))
      }
    }
    return named
  }

  /// A slot begins a new run.
  package mutating func begin(_ slot: SlotID) { arriving[slot] = nil }

  /// Adds a piece from a trainer; says what is wrong where it may not be.
  package mutating func add(
    _ piece: TrainerArtifact, from slot: SlotID, wanted: Set<ArtifactKind>
  ) -> String? {
    var run = arriving[slot] ?? Arriving()
    guard !run.isSpoilt else { return nil }
    let size = run.sizes[piece.kind] ?? piece.size
    run.sizes[piece.kind] = size
    let total = run.sizes.values.reduce(0, +)
    guard wanted.contains(piece.kind), piece.size == size, total <= Artifact.largestTotal,
      piece.offset == run.pieces[piece.kind]?.count ?? 0,
      piece.data.count <= size - piece.offset
    else {
      arriving[slot] = Arriving(isSpoilt: true)
      return "a trainer sent \(piece.kind.rawValue) of \(piece.size) bytes out of turn; "
        + "the pictures and measures of its point are dropped"
    }
    run.pieces[piece.kind, default: []] += piece.data
    arriving[slot] = run
    return nil
  }

  /// The run in `slot` has its outcome: what is whole is kept until it is settled.
  ///
  /// One that diverged has no artifacts.
  package mutating func finish(_ slot: SlotID, as point: HeldPoint, _ status: OutcomeStatus) {
    guard let run = arriving.removeValue(forKey: slot), status == .ok else { return }
    var kept: [ArtifactKind: Kept] = [:]
    for (kind, data) in run.pieces where data.count == run.sizes[kind] {
      kept[kind] = Kept(digest: Digest(of: data), data: data)
    }
    if !kept.isEmpty { finished[point.attempt] = Finished(key: point.key, kept: kept) }
  }

  /// The outcome of an attempt is committed.
  ///
  /// - Returns: Whether there is something to offer now.
  package mutating func acknowledge(_ attempt: AttemptID) -> Bool {
    guard finished[attempt]?.isAcknowledged == false else { return false }
    finished[attempt]?.isAcknowledged = true
    return true
  }

  package mutating func forget(_ attempt: AttemptID) { finished[attempt] = nil }

  package mutating func forget(_ kind: ArtifactKind, of attempt: AttemptID) {
    finished[attempt]?.kept[kind] = nil
    if finished[attempt]?.kept.isEmpty == true { finished[attempt] = nil }
  }

  /// Answers a request for a piece of what is held.
  ///
  /// The coordinator has two under way at a time, so that no heartbeat waits long behind them.
  package func serve(_ request: BlobRequest, _ effects: inout AgentEffects) {
    guard let data = data(of: request.digest), request.offset < data.count else { return }
    let end = min(data.count, request.offset + min(request.length, BlobChunk.largest))
    effects.send(
      .blobChunk(
        BlobChunk(
          digest: request.digest, offset: request.offset, size: data.count,
          data: Array(data[request.offset..<end]))))
  }

  private func data(of digest: Digest) -> [UInt8]? {
    for run in finished.values {
      for kept in run.kept.values where kept.digest == digest { return kept.data }
    }
    return nil
  }
}
