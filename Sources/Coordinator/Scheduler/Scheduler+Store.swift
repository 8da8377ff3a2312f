import Sweep
import Wire

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
    return (storeTrouble.map { [$0] } ?? []) + faults + orders.alerts
      + health.reasons.map { "drained: \($0)" }
  }
}

// Workers whose successor has come.
extension Scheduler {
  /// A worker that holds the locks of others knows that they are dead: no lease is waited for.
  mutating func giveUpPredecessors(_ sessions: [SessionID], of successor: WorkerState) {
    for session in sessions where session != successor.session {
      guard let dead = roster[session], dead.host == successor.host else { continue }
      roster.remove(session)
      forgetArtifacts(of: session)
      guard dead.isAdmitted else { continue }
      log(
        .warning, "worker \(dead.name) has died; \(successor.name) has taken its place",
        about: dead.subject)
      for id in dead.assigned.sorted() { expire(id, "\(dead.name) died", with: dead) }
    }
  }
}
