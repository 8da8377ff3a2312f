import Sweep
import VAE
import Wire

/// Pictures stand apart from outcomes: an outcome is committed and acknowledged without waiting for
/// them, and a point that lacks one is trained again, under the fingerprint of its outcome.
extension Scheduler {
  /// What the store lacks at the start.
  mutating func beginPictures(_ recovered: RecoveredSweep) {
    let replayed = Set(recovered.open.values)
    for (index, missing) in recovered.lacking.sorted(by: { $0.key > $1.key }) {
      let phase: LackingPoint.Phase =
        replayed.contains(index) ? .replaying : settings.grace > .zero ? .unclaimed : .waiting
      pictures.add(
        LackingPoint(
          key: missing.key, fingerprint: missing.fingerprint, kinds: missing.kinds,
          bytes: missing.bytes, phase: phase), at: index)
      pictures.losses[index] = missing.losses
      if missing.losses >= settings.maxLosses {
        giveUpPictures(at: index, "\(missing.losses) replays were lost already")
      }
    }
    guard !pictures.isSettled else { return }
    let count = pictures.lacking.count
    log(
      .info,
      "\(count) finished point\(count == 1 ? " lacks pictures or measures and is" : "s lack pictures or measures and are") "
        + "to be trained again for them")
  }

  /// The kinds that an attempt at a position is asked for.
  func wantedPictures(of attempt: AttemptState) -> Set<ArtifactKind> {
    switch attempt.purpose {
    case .outcome:
      settings.artifacts.kinds(wantedOf: attempt.point, at: attempt.index, in: settings.grid)
    case .pictures: pictures.missing(at: attempt.index)
    case .audit: []
    }
  }

  /// The next point that this worker can train again for its pictures.
  mutating func nextReplay(for worker: WorkerState) -> (index: Int, point: Point)? {
    while let index = pictures.takeWaiting(fingerprint: worker.fingerprint) {
      if let point = settings.grid.point(at: index) { return (index, point) }
      giveUpPictures(at: index, "the grid has no such point")
    }
    return nil
  }

  /// The store has spoken about an outcome: its pictures are with the worker that made it.
  mutating func expectPictures(
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
      pictures.add(
        LackingPoint(
          key: outcome.key, fingerprint: fingerprint, kinds: kinds, bytes: 0,
          phase: roster[session] == nil ? .waiting : holder), at: index)
      mayAssign = true
    case .alreadyStored:
      guard let point = pictures.lacking[index] else { return }
      switch point.phase {
      // Whoever holds them is asked first.
      case .held: return
      case .replaying: totals.replays += 1
      case .waiting, .unclaimed: break
      }
      guard roster[session] != nil, fingerprint == point.fingerprint else {
        return loseReplay(at: index, "its worker left before it handed them over")
      }
      pictures.move(index, to: .held(session, id, isReplay: true, named: now))
    case .differs:
      pictures.faulted.insert(id)
      loseReplay(at: index, "its outcome is another one")
    case .audited: return
    case .unknownAttempt:
      loseReplay(at: index, "its attempt was never granted")
    }
  }

  /// An attempt to get a point's pictures has failed; after three they are given up.
  ///
  /// The outcome stands in any case.
  mutating func loseReplay(at index: Int, _ reason: String, isRetried: Bool = true) {
    guard let point = pictures.lacking[index], !attempts.isHeld(index) else { return }
    switch point.phase {
    case .held, .waiting, .unclaimed: return
    case .replaying: break
    }
    countLoss(at: index, reason, isRetried: isRetried)
  }

  private mutating func countLoss(at index: Int, _ reason: String, isRetried: Bool) {
    let lost = pictures.losses[index, default: 0] + 1
    pictures.losses[index] = lost
    if lost >= settings.maxLosses || !isRetried {
      giveUpPictures(at: index, "\(lost.of("replay")) lost; the last: \(reason)")
    } else {
      letReplay(at: index)
      log(
        .warning,
        "replay \(lost) of \(settings.maxLosses) at point \(name(index)) lost: \(reason)",
        about: LogSubject(point: pictures.lacking[index]?.key))
    }
  }

  /// A replay was handed back through nobody's fault.
  mutating func handBackReplay(at index: Int) {
    guard let point = pictures.lacking[index], case .replaying = point.phase,
      !attempts.isHeld(index)
    else { return }
    letReplay(at: index)
  }

  /// The point waits for a worker that trains it again.
  private mutating func letReplay(at index: Int) {
    pictures.move(index, to: .waiting)
    mayAssign = true
  }

  /// Whoever held a point's pictures holds them no more.
  mutating func losePictures(at index: Int) {
    guard let point = pictures.lacking[index], case .held(_, _, let isReplay, _) = point.phase,
      !pictures.missing(at: index).isEmpty
    else { return }
    if attempts.ids(at: index).contains(where: { attempts[$0]?.purpose == .pictures }) {
      pictures.move(index, to: .replaying)
    } else if isReplay {
      countLoss(at: index, "its pictures or measures were lost with its worker", isRetried: true)
    } else {
      letReplay(at: index)
    }
  }

  /// An attempt's pictures turn out to be of no use; the point waits for a replay.
  mutating func letGoOfPictures(at index: Int, of attempt: AttemptID) {
    guard case .held(_, attempt, _, _)? = pictures.lacking[index]?.phase else { return }
    letReplay(at: index)
  }

  mutating func giveUpPictures(at index: Int, _ reason: String) {
    log(
      .warning,
      "the pictures and measures of point \(name(index)) are given up: \(reason); its outcome stands",
      about: LogSubject(point: pictures.lacking[index]?.key))
    pictures.giveUp(index, reason)
    pictures.recording[index] = nil
  }

  /// A position that lacks nothing any more needs no replay.
  mutating func callOffReplays(at index: Int) {
    for id in attempts.ids(at: index) where attempts[id]?.purpose == .pictures {
      if case .leased? = attempts[id]?.phase {
        forget(id)
      } else {
        attempts.update(id) { $0.isSuperseded = true }
      }
    }
    attempts.dropOrphan(at: index)
  }

  /// Finds pictures that nobody names any more, and points that no worker
  /// here can train again.
  mutating func judgePictures() {
    guard !pictures.isSettled else { return }
    let now = time.now
    if time.isGraceOver { pictures.endGrace() }
    for index in pictures.held.sorted() {
      guard case .held(_, _, _, let named)? = pictures.lacking[index]?.phase,
        now - named >= settings.lease
      else { continue }
      losePictures(at: index)
    }
    // Whatever ended a replay, its point waits again.
    for index in pictures.replaying where !attempts.isHeld(index) {
      pictures.move(index, to: .waiting)
    }
    if !pictures.waiting.isEmpty { mayAssign = true }
    judgeStranded()
  }

  /// Bits are promised within one fingerprint, so a worker of another one cannot help.
  private mutating func judgeStranded() {
    let present = roster.fingerprints
    let canGoOn =
      present.isEmpty || points.maxLeft > 0 || !attempts.isEmpty || pictures.waiting.isEmpty
      || pictures.waiting.contains { present.contains(pictures.lacking[$0]?.fingerprint ?? "") }
    guard !canGoOn else {
      pictures.strandedSince = nil
      return
    }
    let since = pictures.strandedSince ?? time.now
    pictures.strandedSince = since
    guard time.now - since >= settings.lease else { return }
    for index in pictures.waiting {
      giveUpPictures(at: index, "no worker here has the fingerprint of its outcome")
    }
  }

  private func name(_ index: Int) -> String {
    let architecture = settings.grid.point(at: index)?.configuration.architecture.description
    return "\(architecture ?? "\(index)") (\(pictures.lacking[index]?.key.short ?? "unknown"))"
  }
}
