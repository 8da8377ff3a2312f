import Sweep
import Wire

extension Scheduler {
  /// Attempts on their way to the store at once; workers that ask for more wait for a commit.
  ///
  /// A thousand workers with room for a thousand points each would otherwise fill the memory with
  /// what the store cannot take for a minute.
  static let maxRecording = 4096

  /// Notes how many points more a worker would take.
  mutating func setRoom(_ room: Int, of session: SessionID) {
    guard var worker = workers[session] else { return }
    // A worker that asks for more than it could name is given what it can.
    let most = min(Self.maxHeld, Self.maxAhead * worker.slots) - worker.assigned.count
    worker.room = max(0, min(room, most))
    if worker.room > 0 {
      mayAssign = true
      if !worker.isInLine { idleWorkers.append(session) }
      worker.isInLine = true
    }
    workers[session] = worker
  }

  /// A worker has finished a point, and so has room for one more; its next heartbeat says exactly.
  mutating func addRoom(of session: SessionID) {
    setRoom((workers[session]?.room ?? 0) + 1, of: session)
  }

  /// Hands points to workers with room, one each in turn: idle slots first, then ahead of need, but
  /// only while there is more work than slots.
  ///
  /// Ahead of need a worker may have as many points as slots, and more where its points are so
  /// short that it asks for more: up to half of its share of what is left. At the tail of a sweep a
  /// point that waits behind a busy slot would keep another worker idle.
  mutating func assign() {
    guard mayAssign else { return }
    mayAssign = false
    guard recording < Self.maxRecording else { return }
    guard !isComplete, !isStopping, storeTrouble == nil, !idleWorkers.isEmpty else { return }
    guard queue.hasNext() || !pictures.waiting.isEmpty else { return }
    serve { worker, _ in worker.load < worker.slots }
    let total = max(1, slots)
    serve { worker, left in
      let own = worker.slots
      guard left > total else { return false }
      return worker.load - own < max(own, own * left / (2 * total))
    }
  }

  /// - Parameter wants: Whether a worker is to have one more while so many points are left.
  private mutating func serve(_ wants: (WorkerState, _ left: Int) -> Bool) {
    var served = true
    while served, !idleWorkers.isEmpty {
      served = false
      for session in idleWorkers {
        let left = queue.maxLeft + pictures.waiting.count
        // No copy of a worker may be alive when its attempts grow: all of them would be copied.
        guard accepts(session, left, wants) else { continue }
        guard recording < Self.maxRecording else { return }
        if let (index, point) = queue.next() {
          offer(index, point, to: session)
        } else {
          guard !pictures.waiting.isEmpty else { return }
          // Points that have their outcome come last, and only to workers of its fingerprint.
          guard let worker = workers[session], let (index, point) = nextReplay(for: worker)
          else { continue }
          offer(index, point, to: session, isReplay: true)
        }
        served = true
      }
      idleWorkers.removeAll { session in
        guard let worker = workers[session], worker.isAdmitted else { return true }
        guard worker.room == 0 else { return false }
        workers[session]?.isInLine = false
        return true
      }
    }
  }

  private func accepts(_ session: SessionID, _ left: Int, _ wants: (WorkerState, Int) -> Bool)
    -> Bool
  {
    workers[session].map {
      $0.room > 0 && wants($0, left) && health.mayTrain($0.hello.host, at: clock.elapsed)
    } ?? false
  }

  /// Counts the slots of all admitted workers, to be called when one comes or goes.
  mutating func countSlots() {
    slots = workers.values.reduce(0) { $0 + ($1.isAdmitted ? $1.slots : 0) }
  }

  private mutating func offer(
    _ index: Int, _ point: Point, to session: SessionID, isReplay: Bool = false
  ) {
    lastCounter += 1
    let id = AttemptID(
      epoch: settings.coordinatorEpoch, counter: lastCounter, start: settings.coordinatorStart)
    let key = key(of: point)
    let state = AttemptState(
      index: index, key: key, point: point, session: session, phase: .recording,
      isReplay: isReplay)
    attempts.insert(state, as: id)
    recording += 1
    workers[session]?.room -= 1
    workers[session]?.assigned.insert(id)
    if let host = workers[session]?.hello.host { health.noteOffer(of: id, to: host) }
    record(session)
    effects.append(
      .record(.attempt(id, index: index, key: key, point: point, session: session)))
  }

  private mutating func record(_ session: SessionID) {
    guard let worker = workers[session], !worker.isRecorded else { return }
    workers[session]?.isRecorded = true
    effects.append(.record(.worker(session, worker.hello, fingerprint: worker.fingerprint)))
  }

  /// The attempt is on record: now, and not before, it is granted.
  mutating func attemptRecorded(_ id: AttemptID, key: PointKey, point: Point) {
    recording -= 1
    mayAssign = true
    guard let attempt = attempts[id], case .recording = attempt.phase else { return }
    guard let worker = workers[attempt.session], !attempt.isSuperseded,
      !isBarred(id, attempt.session)
    else {
      // The worker left, its host was drained, or a late outcome came, between the offer and its
      // record; nobody was ever told of the attempt.
      close(id)
      effects.append(.record(.release(id)))
      return
    }
    let now = clock.elapsed
    attempts.update(id) { $0.phase = .leased(listed: now) }
    send(
      .grant(
        Grant(
          attempt: id, key: key, point: point, pictures: wantedPictures(of: attempt),
          checkpoint: checkpoint(at: attempt.index, for: worker))), to: worker)
  }
}
