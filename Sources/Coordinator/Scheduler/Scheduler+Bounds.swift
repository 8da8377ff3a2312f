import Sweep
import Wire

// What keeps the scheduler's memory bounded, whatever a confused or an evil peer sends. Attempts are
// bounded by the credits of workers; everything else that a message can add to is bounded here.
extension Scheduler {
  /// Sessions known at once.
  static let maxWorkers = 16_384
  /// Slots of one worker that are believed.
  static let maxSlots = 4096
  /// Attempts of one worker: fewer than a heartbeat can name.
  static let maxHeld = 1 << 15
  /// Attempts for each slot of a worker.
  static let maxAhead = 1024
  /// Late outcomes of one worker on their way to the store.
  static let maxLate = 256
  /// Attempts per worker remembered as never granted.
  static let maxRejected = 1024
  /// Sessions that have said hello and not got further.
  static let maxIntroduced = 4096

  /// Whether a session more may be known.
  ///
  /// A worker process is one session on one connection: a peer that says hello under another name
  /// has given up the one before, unless that was admitted. Where too many have only said hello, the
  /// first of them has to go.
  mutating func makeRoom(for session: SessionID, from peer: PeerID) -> Bool {
    guard workers.count < Self.maxWorkers + Self.maxIntroduced else { return false }
    if let earlier = introductions.updateValue(session, forKey: peer) { dropIntroduced(earlier) }
    introduced.append((session, peer))
    if introduced.count > Self.maxIntroduced {
      let (first, its) = introduced.removeFirst()
      dropIntroduced(first)
      if introductions[its] == first { introductions[its] = nil }
    }
    return true
  }

  private mutating func dropIntroduced(_ session: SessionID) {
    if workers[session]?.isAdmitted == false { workers[session] = nil }
  }

  /// Logs what a peer caused: at most a line a second, so that nobody can fill a disk with it.
  mutating func complain(_ text: String) {
    guard lastComplaint.map({ clock.elapsed - $0 >= .seconds(1) }) ?? true else { return }
    lastComplaint = clock.elapsed
    log(.warning, text)
  }
}

// A store that takes nothing for now.
extension Scheduler {
  mutating func storeStalled(_ reason: String) {
    if storeTrouble == nil {
      log(
        .warning,
        "\(reason); nothing is handed out or acknowledged until then, and workers go on with what "
          + "they hold")
    }
    storeTrouble = reason
  }

  mutating func storeRecovered() {
    guard storeTrouble != nil else { return }
    storeTrouble = nil
    mayAssign = true
    log(.info, "the store can be written again; the sweep goes on")
  }

  /// What a person should look at.
  var alerts: [String] {
    let faults =
      totals.faults > 0
      ? ["\(totals.faults.of("result")) differed from the stored one: see the table faults"] : []
    return (storeTrouble.map { [$0] } ?? []) + faults + health.reasons.map { "drained: \($0)" }
  }
}

// Workers whose successor has come.
extension Scheduler {
  /// A worker that holds the locks of others knows that they are dead: no lease is waited for.
  mutating func giveUpPredecessors(_ sessions: [SessionID], of successor: WorkerState) {
    for session in sessions where session != successor.session {
      guard let dead = workers[session], dead.hello.host == successor.hello.host else { continue }
      workers[session] = nil
      forgetArtifacts(of: session)
      guard dead.isAdmitted else { continue }
      log(.warning, "worker \(dead.name) has died; \(successor.name) has taken its place")
      for id in dead.assigned.sorted() { expire(id, "\(dead.name) died") }
    }
    countSlots()
  }
}
