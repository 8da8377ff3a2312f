import Sweep
import VAE
import Wire

/// Artifacts stand apart from outcomes: an outcome is committed and acknowledged without waiting for
/// them, and a point that lacks one is trained again, under the fingerprint of its outcome.
extension Scheduler {
  /// What the store lacks at the start.
  mutating func beginArtifacts(_ recovered: RecoveredSweep) {
    let replayed = Set(recovered.open.values)
    for (index, missing) in recovered.lacking.sorted(by: { $0.key > $1.key }) {
      let phase: LackingPoint.Phase =
        replayed.contains(index) ? .replaying : settings.grace > .zero ? .unclaimed : .waiting
      artifactLedger.add(
        LackingPoint(
          key: missing.key, fingerprint: missing.fingerprint, kinds: missing.kinds,
          bytes: missing.bytes, phase: phase), at: index)
      artifactLedger.losses[index] = missing.losses
      if missing.losses >= settings.maxLosses {
        giveUpArtifacts(at: index, "\(missing.losses) replays were lost already")
      }
    }
    guard !artifactLedger.isSettled else { return }
    let count = artifactLedger.lacking.count
    log(
      .info,
      "\(count) finished point\(count == 1 ? " lacks pictures or measures and is" : "s lack pictures or measures and are") "
        + "to be trained again for them")
  }

  /// The kinds that an attempt at a position is asked for.
  func wantedArtifacts(of attempt: AttemptState) -> Set<ArtifactKind> {
    switch attempt.purpose {
    case .outcome:
      settings.artifacts.kinds(wantedOf: attempt.point, at: attempt.index, in: settings.grid)
    case .artifacts: artifactLedger.missing(at: attempt.index)
    case .audit: []
    }
  }

  /// The next point that this worker can train again for its artifacts.
  mutating func nextReplay(for worker: WorkerState) -> (index: Int, point: Point)? {
    while let index = artifactLedger.takeWaiting(fingerprint: worker.fingerprint) {
      if let point = settings.grid.point(at: index) { return (index, point) }
      giveUpArtifacts(at: index, "the grid has no such point")
    }
    return nil
  }

  /// The store has spoken about an outcome: its artifacts are with the worker that made it.
  mutating func expectArtifacts(
    of outcome: Outcome, _ fingerprint: String, attempt id: AttemptID, from session: SessionID,
    _ answer: CommittedRecord.Answer
  ) {
    guard !settings.artifacts.isEmpty, let index = settings.grid.index(of: outcome.point)
    else { return }
    let now = time.now
    switch answer {
    case .stored:
      guard outcome.status == .ok else { return }
      let kinds = settings.artifacts.kinds(wantedOf: outcome.point, at: index, in: settings.grid)
      guard !kinds.isEmpty else { return }
      let holder = LackingPoint.Phase.held(session, id, isReplay: false, named: now)
      artifactLedger.add(
        LackingPoint(
          key: outcome.key, fingerprint: fingerprint, kinds: kinds, bytes: 0,
          phase: roster[session] == nil ? .waiting : holder), at: index)
      mayAssign = true
    case .alreadyStored:
      guard let point = artifactLedger.lacking[index] else { return }
      switch point.phase {
      // Whoever holds them is asked first.
      case .held: return
      case .replaying, .waiting, .unclaimed: break
      }
      guard roster[session] != nil, fingerprint == point.fingerprint else {
        return loseReplay(at: index, "its worker left before it handed them over")
      }
      artifactLedger.move(index, to: .held(session, id, isReplay: true, named: now))
    case .differs:
      artifactLedger.faulted.insert(id)
      loseReplay(at: index, "its outcome is another one")
    case .audited: return
    case .unknownAttempt:
      loseReplay(at: index, "its attempt was never granted")
    }
  }

  /// An attempt to get a point's artifacts has failed; after three they are given up.
  ///
  /// The outcome stands in any case.
  mutating func loseReplay(at index: Int, _ reason: String, isRetried: Bool = true) {
    guard let point = artifactLedger.lacking[index], !attempts.isHeld(index) else { return }
    switch point.phase {
    case .held, .waiting, .unclaimed: return
    case .replaying: break
    }
    work.drop(index)
    countLoss(at: index, reason, isRetried: isRetried)
  }

  private mutating func countLoss(at index: Int, _ reason: String, isRetried: Bool) {
    let lost = artifactLedger.losses[index, default: 0] + 1
    artifactLedger.losses[index] = lost
    if lost >= settings.maxLosses || !isRetried {
      giveUpArtifacts(at: index, "\(lost.of("replay")) lost; the last: \(reason)")
    } else {
      letReplay(at: index)
      log(
        .warning,
        "replay \(lost) of \(settings.maxLosses) at point \(name(index)) lost: \(reason)",
        about: LogSubject(point: artifactLedger.lacking[index]?.key))
    }
  }

  /// A replay was handed back through nobody's fault.
  mutating func handBackReplay(at index: Int) {
    guard let point = artifactLedger.lacking[index], case .replaying = point.phase,
      !attempts.isHeld(index)
    else { return }
    letReplay(at: index)
  }

  /// The point waits for a worker that trains it again.
  private mutating func letReplay(at index: Int) {
    artifactLedger.move(index, to: .waiting)
    mayAssign = true
  }

  /// Whoever held a point's artifacts holds them no more.
  mutating func loseArtifacts(at index: Int) {
    guard let point = artifactLedger.lacking[index],
      case .held(_, _, let isReplay, _) = point.phase,
      !artifactLedger.missing(at: index).isEmpty
    else { return }
    if attempts.ids(at: index).contains(where: { attempts[$0]?.purpose == .artifacts }) {
      artifactLedger.move(index, to: .replaying)
    } else if isReplay {
      countLoss(at: index, "its pictures or measures were lost with its worker", isRetried: true)
    } else {
      letReplay(at: index)
    }
  }

  /// An attempt's artifacts turn out to be of no use; the point waits for a replay.
  mutating func letGoOfArtifacts(at index: Int, of attempt: AttemptID) {
    guard case .held(_, attempt, _, _)? = artifactLedger.lacking[index]?.phase else { return }
    letReplay(at: index)
  }

  mutating func giveUpArtifacts(at index: Int, _ reason: String) {
    log(
      .warning,
      "the pictures and measures of point \(name(index)) are given up: \(reason); its outcome stands",
      about: LogSubject(point: artifactLedger.lacking[index]?.key))
    artifactLedger.giveUp(index, reason)
    work.drop(index)
    artifactLedger.recording[index] = nil
  }

  /// A position that lacks nothing any more needs no replay.
  mutating func callOffReplays(at index: Int) {
    work.drop(index)
    for id in attempts.ids(at: index) where attempts[id]?.purpose == .artifacts {
      if case .leased? = attempts[id]?.phase {
        forget(id)
      } else {
        attempts.update(id) { $0.isSuperseded = true }
      }
    }
    attempts.dropOrphan(at: index)
  }

  /// Finds artifacts that nobody names any more, and points that no worker
  /// here can train again.
  mutating func judgeArtifacts() {
    guard !artifactLedger.isSettled else { return }
    let now = time.now
    if time.isGraceOver { artifactLedger.endGrace() }
    for index in artifactLedger.held.sorted() {
      guard case .held(_, _, _, let named)? = artifactLedger.lacking[index]?.phase,
        now - named >= settings.lease
      else { continue }
      loseArtifacts(at: index)
    }
    // Whatever ended a replay, its point waits again.
    for index in artifactLedger.replaying where !attempts.isHeld(index) {
      artifactLedger.move(index, to: .waiting)
    }
    if !artifactLedger.waiting.isEmpty { mayAssign = true }
    judgeStranded()
  }

  /// Bits are promised within one fingerprint, so a worker of another one cannot help.
  private mutating func judgeStranded() {
    let present = roster.fingerprints
    let canGoOn =
      present.isEmpty || points.maxLeft > 0 || !attempts.isEmpty || artifactLedger.waiting.isEmpty
      || artifactLedger.waiting.contains {
        present.contains(artifactLedger.lacking[$0]?.fingerprint ?? "")
      }
    guard !canGoOn else {
      artifactLedger.strandedSince = nil
      return
    }
    let since = artifactLedger.strandedSince ?? time.now
    artifactLedger.strandedSince = since
    guard time.now - since >= settings.lease else { return }
    for index in artifactLedger.waiting {
      giveUpArtifacts(at: index, "no worker here has the fingerprint of its outcome")
    }
  }

  private func name(_ index: Int) -> String {
    let architecture = settings.grid.point(at: index)?.configuration.architecture.description
    return
      "\(architecture ?? "\(index)") (\(artifactLedger.lacking[index]?.key.short ?? "unknown"))"
  }
}
