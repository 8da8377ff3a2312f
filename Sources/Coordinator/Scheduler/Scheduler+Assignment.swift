import Sweep
import Wire

extension Scheduler {
  /// Notes how many points more a worker would take.
  mutating func setRoom(_ room: Int, of session: SessionID) {
    workers[session]?.room = max(0, room)
    if room <= 0 {
      hungry.removeAll { $0 == session }
    } else if !hungry.contains(session) {
      hungry.append(session)
    }
  }

  /// Hands points to workers with room, one each in turn: idle slots first, then one point ahead of
  /// need, but only while there is more work than slots.
  ///
  /// At the tail of a sweep a point that waits behind a busy slot would keep another worker idle.
  mutating func assign() {
    guard !isComplete, !isStopping, !hungry.isEmpty else { return }
    serve { $0.assigned.count < $0.hello.slots }
    guard !hungry.isEmpty else { return }
    let slots = workers.values.reduce(0) { $0 + ($1.isAdmitted ? $1.hello.slots : 0) }
    if queue.mostLeft > slots { serve { _ in true } }
  }

  private mutating func serve(_ wants: (WorkerState) -> Bool) {
    var served = true
    while served {
      served = false
      for session in hungry {
        guard let worker = workers[session], worker.room > 0, wants(worker) else { continue }
        guard let (index, point) = queue.next() else { return }
        offer(index, point, to: session)
        served = true
      }
      hungry.removeAll { (workers[$0]?.room ?? 0) == 0 }
    }
  }

  private mutating func offer(_ index: Int, _ point: Point, to session: SessionID) {
    lastCounter += 1
    let id = AttemptID(epoch: settings.coordinatorEpoch, counter: lastCounter)
    let key = key(of: point)
    let state = AttemptState(
      index: index, key: key, point: point, session: session, phase: .recording)
    attempts.insert(state, as: id)
    workers[session]?.room -= 1
    workers[session]?.assigned.insert(id)
    effects.append(
      .record(.attempt(id, index: index, key: key, point: point, session: session)))
  }

  /// The attempt is on record: now, and not before, it is granted.
  mutating func grant(_ id: AttemptID, key: PointKey, point: Point) {
    guard let attempt = attempts[id], case .recording = attempt.phase else { return }
    guard let worker = workers[attempt.session], !attempt.isSuperseded else {
      // The worker left, or a late outcome came, between the offer and its record; nobody was ever
      // told of the attempt.
      attempts.update(id) { $0.phase = .closing }
      effects.append(.record(.release(id)))
      return
    }
    let now = clock.elapsed
    attempts.update(id) { $0.phase = .leased(listed: now) }
    send(
      .grant(Grant(session: attempt.session, attempt: id, key: key, point: point)), to: worker.peer)
  }
}
