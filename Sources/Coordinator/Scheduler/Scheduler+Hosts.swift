import Sweep
import Wire

/// How the trainers of one host fare.
struct HostState: Sendable {
  struct Drain: Sendable {
    let reason: String
    /// When the host is given one point, to see whether it can do better.
    var trialAt: Duration
    /// How often that went wrong.
    var failedTrials = 0
    var trial: AttemptID?
  }

  /// Attempts that failed within their first seconds, and their positions, since the last success.
  var failures: [(attempt: AttemptID, index: Int)] = []
  var hasSucceeded = false
  /// Outcomes of all hosts when the first of `failures` came.
  var outcomesBefore = 0
  var drain: Drain?
}

// A bad host is kept apart from bad points and from bad luck: several different points fail on it
// within seconds, one after the other, with no success between them, while points succeed elsewhere or
// before anything ever succeeded there. It is drained: given nothing, said so aloud, and its failures
// do not count against the points. Now and then it is given one point; a success ends it all.
extension Scheduler {
  /// Different points that must have failed.
  private static let mostBadPoints = 3
  /// Hosts that are remembered; those without trouble are forgotten first.
  private static let mostHosts = 16_384
  /// Failures remembered of one host.
  private static let mostFailures = 8192

  var isAnyHostDrained: Bool { drained > 0 }

  func isDrained(_ session: SessionID) -> Bool {
    guard isAnyHostDrained, let worker = workers[session] else { return false }
    return hosts[worker.hello.host]?.drain != nil
  }

  /// Whether a worker may be given a point: its host is not drained, or is due a trial.
  func mayBeGranted(_ worker: WorkerState) -> Bool {
    guard isAnyHostDrained, let drain = hosts[worker.hello.host]?.drain else { return true }
    return drain.trial == nil && clock.elapsed >= drain.trialAt
  }

  /// Whether an attempt was offered to a host that was drained before it could be granted.
  func isBarred(_ id: AttemptID, _ session: SessionID) -> Bool {
    guard isAnyHostDrained, let host = workers[session]?.hello.host,
      let drain = hosts[host]?.drain
    else { return false }
    return drain.trial != id
  }

  /// Notes the trial of a drained host.
  mutating func noteTrial(_ id: AttemptID, by session: SessionID) {
    guard isAnyHostDrained, let host = workers[session]?.hello.host else { return }
    hosts[host]?.drain?.trial = id
  }

  /// A trial that ended in no way, as when its worker left, is made again.
  mutating func forgetTrial(_ id: AttemptID) {
    guard isAnyHostDrained else { return }
    for (host, state) in hosts where state.drain?.trial == id {
      hosts[host]?.drain?.trial = nil
      mayAssign = true
    }
  }

  /// Whether every worker that is here is on a drained host and nothing is under way: without another
  /// host, or a trial that goes well, the sweep does not go on.
  package var isStuck: Bool {
    guard isAnyHostDrained, !isComplete, attempts.isEmpty else { return false }
    let admitted = workers.values.filter(\.isAdmitted)
    return !admitted.isEmpty && admitted.allSatisfy { hosts[$0.hello.host]?.drain != nil }
  }

  /// A worker of this host has brought the first outcome of a point.
  mutating func noteSuccess(of session: SessionID) {
    guard let host = workers[session]?.hello.host else { return }
    guard let state = hosts[host] else {
      makeRoomForHost()
      hosts[host] = HostState(hasSucceeded: true)
      return
    }
    if state.drain != nil {
      drained -= 1
      mayAssign = true
      log(.info, "host \(host) has trained a point; it is given points again")
      effects.append(.record(.drain(host: host, reason: nil, excused: [])))
    }
    if state.drain != nil || !state.failures.isEmpty || !state.hasSucceeded {
      hosts[host] = HostState(hasSucceeded: true)
    }
  }

  /// Judges the host of a lost attempt.
  ///
  /// - Returns: Whether the loss counts against the point: it does not on a drained host.
  mutating func countsAgainstPoint(
    _ id: AttemptID, _ attempt: AttemptState, _ reason: FailureReason
  ) -> Bool {
    guard let host = workers[attempt.session]?.hello.host else { return true }
    if let drain = hosts[host]?.drain {
      effects.append(.record(.drain(host: host, reason: drain.reason, excused: [id])))
      if drain.trial == id { trialFailed(host, drain, reason) }
      return false
    }
    guard reason.isHostsDoing, attempt.trained <= settings.firstSeconds else { return true }
    if hosts[host] == nil {
      makeRoomForHost()
      hosts[host] = HostState()
    }
    if hosts[host]?.failures.isEmpty == true {
      hosts[host]?.outcomesBefore = totals.finishedHere
    }
    guard (hosts[host]?.failures.count ?? 0) < Self.mostFailures else { return true }
    hosts[host]?.failures.append((id, attempt.index))
    return !drainIfBad(host, reason)
  }

  private mutating func drainIfBad(_ host: String, _ reason: FailureReason) -> Bool {
    guard let state = hosts[host] else { return false }
    let points = Set(state.failures.map(\.index)).count
    // One event, such as a lack of memory, may end the trainers of all slots at once.
    let slots = workers.values.reduce(0) { $0 + ($1.hello.host == host ? $1.slots : 0) }
    guard points >= Self.mostBadPoints, state.failures.count > slots,
      !state.hasSucceeded || totals.finishedHere > state.outcomesBefore
    else { return false }
    let text =
      "\(points) different points failed on host \(host) within seconds, one after the other"
      + " (the last: \(reason.message))"
    hosts[host]?.drain = HostState.Drain(
      reason: text, trialAt: clock.elapsed + settings.probation)
    hosts[host]?.failures = []
    drained += 1
    log(
      .error,
      "DRAINED: \(text). It is given nothing for \(settings.probation.inWords), and these failures "
        + "do not count against the points: look at its memory, its disk and its libraries")
    effects.append(
      .record(.drain(host: host, reason: text, excused: state.failures.map(\.attempt))))
    for failure in state.failures.dropLast() { excuse(failure.index) }
    handBackUnstarted(host)
    return true
  }

  /// A loss at this position does not count any more.
  private mutating func excuse(_ index: Int) {
    guard let lost = losses[index], lost > 0 else { return }
    losses[index] = lost - 1
    guard lost >= settings.mostLosses, failed.removeValue(forKey: index) != nil, !isHeld(index)
    else { return }
    queue.putBack(index)
    mayAssign = true
  }

  /// Points that wait on a drained host go to others.
  private mutating func handBackUnstarted(_ host: String) {
    for (_, worker) in workers.sorted(by: { $0.key.value < $1.key.value })
    where worker.hello.host == host {
      for id in worker.assigned.sorted() {
        guard let attempt = attempts[id], case .leased = attempt.phase, attempt.progress.steps == 0
        else { continue }
        close(id)
        effects.append(.record(.release(id)))
      }
    }
  }

  private mutating func trialFailed(
    _ host: String, _ drain: HostState.Drain, _ reason: FailureReason
  ) {
    let failed = min(drain.failedTrials + 1, 6)
    let pause = settings.probation * (1 << failed)
    hosts[host]?.drain?.trial = nil
    hosts[host]?.drain?.failedTrials = failed
    hosts[host]?.drain?.trialAt = clock.elapsed + pause
    log(
      .warning,
      "host \(host) failed its trial (\(reason.message)); it is given nothing for \(pause.inWords)")
  }

  private mutating func makeRoomForHost() {
    guard hosts.count >= Self.mostHosts else { return }
    hosts = hosts.filter { $0.value.drain != nil || !$0.value.failures.isEmpty }
    if hosts.count >= Self.mostHosts { hosts = hosts.filter { $0.value.drain != nil } }
  }

  /// Hosts as an earlier coordinator knew them; those that are drained are due a trial after a pause.
  static func recoveredHosts(
    _ recovered: RecoveredSweep, _ pause: Duration
  ) -> [String: HostState] {
    var hosts: [String: HostState] = [:]
    for host in recovered.provenHosts.prefix(mostHosts) {
      hosts[host] = HostState(hasSucceeded: true)
    }
    for (host, reason) in recovered.drained {
      hosts[host, default: HostState()].drain = HostState.Drain(reason: reason, trialAt: pause)
    }
    return hosts
  }
}

extension FailureReason {
  /// Whether it can be the doing of a host: a trainer process that dies of itself.
  ///
  /// A worker that was lost says nothing of its trainers, and a hang takes longer than seconds.
  fileprivate var isHostsDoing: Bool {
    switch self {
    case .trainerExit, .trainerSignal: true
    case .point, .workerLost, .hung: false
    }
  }
}
