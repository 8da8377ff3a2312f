import Sweep
import VAE
import Wire

extension Scheduler {
  /// Renews every lease a heartbeat names, says which attempts to keep, and notes the room.
  mutating func renew(_ heartbeat: Heartbeat, _ origin: Origin) {
    guard var worker = admitted(origin) else { return }
    let imagesBefore = totals.imagesTrained
    var keep: [AttemptID] = []
    var named: Set<AttemptID> = []
    var lost: [AttemptID] = []
    var hung: [AttemptID] = []
    for held in heartbeat.held {
      named.insert(held.attempt)
      guard shouldHold(held, origin.session, &worker) else { continue }
      if isHung(held.attempt) { hung.append(held.attempt) } else { keep.append(held.attempt) }
    }
    let (images, now) = (totals.imagesTrained - imagesBefore, time.now)
    roster.update(origin.session) {
      $0.assigned = worker.assigned
      $0.speed.add(images, at: now)
    }
    for id in hung { giveUpHung(id) }
    send(.heartbeatReply(HeartbeatReply(keep: keep)), to: origin)
    var unseen = 0
    for id in worker.assigned where !named.contains(id) {
      unseen += 1
      if isLost(id) { lost.append(id) }
    }
    for id in lost.sorted() { regrant(id) }
    setRoom(heartbeat.credit - unseen, of: origin.session)
    considerArtifacts(heartbeat.artifacts, from: origin.session)
    if isComplete { send(.finish, to: origin) }
  }

  /// Whether a worker should go on holding an attempt; renews its lease if so.
  private mutating func shouldHold(
    _ held: HeldAttempt, _ session: SessionID, _ worker: inout WorkerState
  ) -> Bool {
    if let attempt = attempts[held.attempt], attempt.session == session, !attempt.isSuperseded {
      renewLease(held, attempt)
      return true
    }
    // Its outcome is on its way to the store: an old heartbeat must not make the attempt one that
    // runs, nor let the worker forget an outcome that is not committed.
    if attempts.isLate(held.attempt) { return true }
    if adopt(held.attempt, by: session) {
      worker.assigned.insert(held.attempt)
      if let adopted = attempts[held.attempt], held.progress.step > 0 {
        work.begin(adopted.index, at: held.progress.step, of: held.progress.steps)
      }
      attempts.update(held.attempt) {
        $0.progress = held.progress
        $0.isOfBefore = held.finished
      }
      return true
    }
    // A finished attempt is for the store to judge when its delivery arrives, whoever it was granted
    // to: it may be the first outcome of its point. Anything else has been settled without this worker.
    return held.finished && !worker.rejected.contains(held.attempt)
  }

  /// Renews a lease, and counts for how long its trainer has made no progress.
  ///
  /// The time between two heartbeats counts as at most two intervals: while a worker was stopped,
  /// its trainers were not at fault.
  private mutating func renewLease(_ held: HeldAttempt, _ attempt: AttemptState) {
    let progress = max(attempt.progress, held.progress)
    count(progress, of: attempt)
    guard case .leased(let listed) = attempt.phase else {
      return attempts.update(held.attempt) { $0.progress = progress }
    }
    let now = time.now
    let isStill = progress.steps > 0 && progress == attempt.progress
    let still = isStill ? attempt.still + min(now - listed, settings.heartbeat * 2) : .zero
    attempts.update(held.attempt) {
      $0.phase = .leased(listed: now)
      $0.progress = progress
      $0.still = still
    }
  }

  /// Counts what an attempt has trained since it was last heard of; an audit does nothing of the sweep.
  private mutating func count(_ progress: AttemptProgress, of attempt: AttemptState) {
    guard progress.step > 0 else { return }
    let isAudit = attempt.purpose == .audit
    var counted = attempt.progress.step
    if counted == 0 {
      let start = min(progress.resumedAt ?? attempt.checkpointStep, progress.step)
      counted = isAudit ? start : work.begin(attempt.index, at: start, of: progress.steps)
    }
    if !isAudit { work.reach(attempt.index, step: progress.step) }
    countImages(of: attempt, from: counted, upTo: progress.step)
  }

  /// Counts the images that an attempt has trained from one step to another.
  private mutating func countImages(of attempt: AttemptState, from counted: Int, upTo step: Int) {
    guard step > counted else { return }
    let configuration = attempt.point.configuration
    let images = [counted, step].map {
      configuration.images(afterSteps: $0, of: settings.trainImages)
    }
    totals.imagesTrained += images[1] - images[0]
  }

  /// Counts what an attempt has trained to its end and no heartbeat told of; where none told of it at all,
  /// that is the whole point.
  mutating func countRest(of attempt: AttemptState) {
    let before = totals.imagesTrained
    // How many steps there are a heartbeat tells only once the trainer has told its worker.
    let end = settings.trainImages == nil ? attempt.progress.steps : Int.max
    let counted = attempt.progress.step > 0 ? attempt.progress.step : attempt.checkpointStep
    countImages(of: attempt, from: counted, upTo: end)
    let (images, now) = (totals.imagesTrained - before, time.now)
    roster.update(attempt.session) { $0.speed.add(images, at: now) }
  }

  /// Whether a trainer has made no progress for twice the time after which its worker should have
  /// killed it.
  private func isHung(_ id: AttemptID) -> Bool {
    guard let attempt = attempts[id], case .leased = attempt.phase else { return false }
    return attempt.still >= settings.hang * 2
  }

  private mutating func giveUpHung(_ id: AttemptID) {
    guard let attempt = attempts[id] else { return }
    close(id)
    let reason = FailureReason.hung(seconds: Int(attempt.still / .seconds(1)))
    recordLoss(of: id, attempt, reason)
  }

  /// What an attempt of an earlier start is for.
  private func purpose(at index: Int) -> AttemptState.Purpose {
    artifactLedger.lacking[index] == nil ? .outcome : .artifacts
  }

  /// Takes over an attempt that an earlier epoch granted, from the worker that still holds it or
  /// from its successor.
  mutating func adopt(_ id: AttemptID, by session: SessionID) -> Bool {
    let predecessors = roster[session]?.hello.predecessors ?? []
    guard let index = attempts.claimable(id, by: session, predecessors),
      !points.cancelled.contains(index), let point = settings.grid.point(at: index)
    else { return false }
    let state = AttemptState(
      index: index, key: points.key(of: point), point: point, session: session,
      phase: .leased(listed: time.now), purpose: purpose(at: index))
    attempts.adopt(id, as: state)
    return true
  }

  /// Whether a grant that a heartbeat does not name is old enough to have been lost.
  private func isLost(_ id: AttemptID) -> Bool {
    guard let attempt = attempts[id], case .leased(let listed) = attempt.phase else { return false }
    return time.now - max(listed, attempt.grantedAgain) >= settings.heartbeat
  }

  /// Grants again what a worker should hold but did not name.
  private mutating func regrant(_ id: AttemptID) {
    guard let attempt = attempts[id], let worker = roster[attempt.session] else { return }
    let now = time.now
    attempts.update(id) { $0.grantedAgain = now }
    let grant = Grant(
      attempt: id, key: attempt.key, point: attempt.point, artifacts: wantedArtifacts(of: attempt),
      checkpoint: checkpoints.reference(at: attempt.index, fingerprint: worker.fingerprint))
    send(.grant(grant), to: worker)
  }

  /// Finds workers that fell silent and attempts that nobody names any more.
  mutating func judgeLeases() {
    guard time.isJudgementDue() else { return }
    let now = time.now
    for worker in roster.silent(for: settings.lease, at: now) {
      roster.remove(worker.session)
      forgetArtifacts(of: worker.session)
      guard worker.isAdmitted else { continue }
      log(
        .warning, "worker \(worker.name) has been silent for \(settings.lease.inWords); it is lost",
        about: worker.subject)
      for id in worker.assigned.sorted() {
        expire(id, "\(worker.name) fell silent", with: worker)
      }
    }
    let unnamed = attempts.sorted { attempt in
      guard case .leased(let listed) = attempt.phase else { return false }
      return now - listed >= settings.lease
    }
    for (id, attempt) in unnamed {
      expire(id, "\(roster[attempt.session]?.name ?? "its worker") no longer holds it")
    }
    judgeArtifacts()
    judgeAudits()
    recallWaiting()
    recallOrdered()
    if time.isGraceOver { releaseUnclaimed() }
  }

  /// Nobody has claimed these in the time that there was: they go to others.
  private mutating func releaseUnclaimed() {
    // Whoever held these had the grace to say so. Not a loss: the coordinator was away.
    for (id, index) in attempts.unclaimed {
      guard let point = settings.grid.point(at: index) else {
        attempts.dropOrphan(id)
        continue
      }
      let state = AttemptState(
        index: index, key: points.key(of: point), point: point, session: .nobody, phase: .closing,
        purpose: purpose(at: index))
      attempts.adopt(id, as: state)
      out.add(.record(.release(id)))
    }
  }

  /// A lease has run out.
  ///
  /// - Parameter worker: Who held it, where that worker is known no more: what it ran in of a batch
  ///   scheduler may be gone as a whole.
  mutating func expire(_ id: AttemptID, _ text: String, with worker: WorkerState? = nil) {
    guard let attempt = attempts[id], case .leased = attempt.phase else { return }
    // A point that waited behind another never ran, so nothing is known against it.
    guard attempt.progress.steps > 0 else { return giveBack(id) }
    if let worker, let allocation = worker.hello.allocation,
      allocationLosses.excuse(
        at: attempt.index, reached: checkpoints.reached(at: attempt.index))
    {
      log(
        .warning,
        "attempt at point \(attempt.point.configuration.architecture) (\(attempt.key.short)) ended "
          + "with its allocation, \(allocation); it does not count: \(text)",
        about: subject(of: id, attempt))
      return giveBack(id)
    }
    close(id)
    if let worker { attempts.update(id) { $0.lostWorker = worker.name } }
    recordLoss(of: id, attempt, .workerLost(text))
  }
}
