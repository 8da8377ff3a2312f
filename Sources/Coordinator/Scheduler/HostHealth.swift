package import Sweep

/// Which hosts can train at present, judged by how attempts end there.
///
/// A bad host is kept apart from bad points and from bad luck: several different points fail on it
/// within seconds, one after the other, with no success between them, while points succeed elsewhere or
/// before anything ever succeeded there. Or it says itself that it can train nothing. Such a host is
/// drained: it is given nothing, and what fails there does not count against the points. After a pause
/// it is given one point as a trial; a success ends the drain, a failure doubles the pause.
package struct HostHealth: Sendable {
  /// Why a host is given nothing, and until when.
  package struct Drain: Sendable {
    package let reason: String
    /// Until the first trial; doubled with each trial that goes wrong.
    package let pause: Duration
    /// The host has said so itself, and looks for a remedy by itself.
    package let isStated: Bool
    fileprivate(set) var trialAt: Duration
    fileprivate(set) var failedTrials = 0
    fileprivate(set) var trial: AttemptID?
  }

  /// An attempt that ended without an outcome.
  package struct Failure: Sendable {
    package let attempt: AttemptID
    package let index: Int
    package let reason: FailureReason
    /// How long it had been trained.
    package let trained: Duration

    package init(attempt: AttemptID, index: Int, reason: FailureReason, trained: Duration) {
      self.attempt = attempt
      self.index = index
      self.reason = reason
      self.trained = trained
    }
  }

  /// Whose fault a failure is.
  package enum Judgement: Sendable {
    /// It may be the point's, and counts against it.
    case point
    /// The host's, which is drained already; `pause` is until its next trial, where this was one.
    case drainedHost(reason: String, pause: Duration?)
    /// The host's, which is drained from now on; these failures do not count any more.
    case badHost(reason: String, pause: Duration, excused: [Failure])
  }

  private struct State: Sendable {
    /// Within their first seconds, since the last success.
    var failures: [Failure] = []
    var hasSucceeded = false
    /// Outcomes of all hosts when the first of `failures` came.
    var outcomesBefore = 0
    var drain: Drain?
  }

  /// Different points that must have failed.
  private static let minBadPoints = 3
  /// Hosts that are remembered; those without trouble are forgotten first.
  private static let maxHosts = 16_384
  /// Failures remembered of one host.
  private static let maxFailures = 8192
  /// The pause is doubled so often at the most.
  private static let maxDoublings = 6
  /// Trials after which a host that stated its fault is no longer expected to heal.
  private static let patientTrials = 3
  /// The first pause of a host that looks for a remedy by itself.
  package static let shortPause = Duration.seconds(5)

  private let firstSeconds: Duration
  private let probation: Duration
  /// Only those on which something happened.
  private var hosts: [HostIdentity: State] = [:]
  private var drainedHosts = 0
  /// Names of hosts that have trained points for an earlier coordinator, whoever vouched for them: a
  /// proven host is not drained while all fail everywhere.
  private let proven: Set<String>

  /// - Parameters:
  ///   - firstSeconds: A failure this soon after the start of training may be the host's doing.
  ///   - proven: Hosts that have trained points for an earlier coordinator.
  ///   - drained: Hosts that it had drained, and why; they are due a trial after a pause.
  package init(
    firstSeconds: Duration, probation: Duration, proven: Set<String> = [],
    drained: [HostIdentity: String] = [:]
  ) {
    self.firstSeconds = firstSeconds
    self.probation = probation
    self.proven = Set(proven.prefix(Self.maxHosts))
    for (host, reason) in drained {
      hosts[host, default: State(hasSucceeded: proven.contains(host.name))].drain = Drain(
        reason: reason, pause: probation, isStated: false, trialAt: probation)
    }
    drainedHosts = drained.count
  }

  package var isAnyDrained: Bool { drainedHosts > 0 }

  /// Of all drained hosts, sorted.
  package var reasons: [String] {
    isAnyDrained ? hosts.compactMap { $0.value.drain?.reason }.sorted() : []
  }

  package func drain(of host: HostIdentity) -> Drain? { isAnyDrained ? hosts[host]?.drain : nil }

  /// Whether a host may be given a point: it is not drained, or is due a trial.
  package func mayTrain(_ host: HostIdentity, at now: Duration) -> Bool {
    guard let drain = drain(of: host) else { return true }
    return drain.trial == nil && now >= drain.trialAt
  }

  /// Whether a host was drained after it was offered this attempt.
  package func isBarred(_ host: HostIdentity, from attempt: AttemptID) -> Bool {
    drain(of: host).map { $0.trial != attempt } ?? false
  }

  /// Whether nothing more is to be expected of a host without somebody's help.
  package func isGivenUp(_ host: HostIdentity) -> Bool {
    drain(of: host).map { !$0.isStated || $0.failedTrials >= Self.patientTrials } ?? false
  }

  /// Where the host is drained, this attempt is its trial.
  package mutating func noteOffer(of attempt: AttemptID, to host: HostIdentity) {
    if isAnyDrained { hosts[host]?.drain?.trial = attempt }
  }

  /// An attempt has ended; a trial that ended without an outcome or a failure is made again.
  ///
  /// - Returns: Whether it was a trial.
  package mutating func forget(_ attempt: AttemptID) -> Bool {
    guard isAnyDrained, let host = hosts.first(where: { $0.value.drain?.trial == attempt })?.key
    else { return false }
    hosts[host]?.drain?.trial = nil
    return true
  }

  /// A host has brought the first outcome of a point.
  ///
  /// - Returns: Whether that has ended its drain, and whether the store knows of the drain.
  package mutating func noteSuccess(on host: HostIdentity) -> (wasDrained: Bool, isRecorded: Bool) {
    guard let state = hosts[host] else {
      makeRoom()
      hosts[host] = State(hasSucceeded: true)
      return (false, false)
    }
    if state.drain != nil { drainedHosts -= 1 }
    if state.drain != nil || !state.failures.isEmpty || !state.hasSucceeded {
      hosts[host] = State(hasSucceeded: true)
    }
    return (state.drain != nil, state.drain.map { !$0.isStated } ?? false)
  }

  /// Judges a failure that another attempt may not meet with.
  ///
  /// - Parameters:
  ///   - slots: Of all workers on the host: one event, such as a lack of memory, may end as many
  ///     trainers at once.
  ///   - outcomes: Of all hosts, so far.
  package mutating func judge(
    _ failure: Failure, on host: HostIdentity, slots: Int, outcomes: Int, at now: Duration
  ) -> Judgement {
    if let drain = drain(of: host) {
      let pause = drain.trial == failure.attempt ? failTrial(of: host, drain, at: now) : nil
      return .drainedHost(reason: drain.reason, pause: pause)
    }
    guard failure.reason.mayBeHostsDoing, failure.trained <= firstSeconds else { return .point }
    if hosts[host] == nil {
      makeRoom()
      hosts[host] = State(hasSucceeded: proven.contains(host.name))
    }
    if hosts[host]?.failures.isEmpty == true { hosts[host]?.outcomesBefore = outcomes }
    guard (hosts[host]?.failures.count ?? 0) < Self.maxFailures else { return .point }
    hosts[host]?.failures.append(failure)
    guard let state = hosts[host] else { return .point }
    let points = Set(state.failures.map(\.index)).count
    guard points >= Self.minBadPoints, state.failures.count > slots,
      !state.hasSucceeded || outcomes > state.outcomesBefore
    else { return .point }
    let text =
      "\(points) different points failed on host \(host.name) within seconds, one after the other"
      + " (the last: \(failure.reason.message))"
    begin(Drain(reason: text, pause: probation, isStated: false, trialAt: now + probation), host)
    return .badHost(reason: text, pause: probation, excused: state.failures)
  }

  /// A host has said that it can train nothing.
  ///
  /// - Returns: How long it is given nothing; nil where that was known.
  package mutating func stateFault(
    _ reason: String, on host: HostIdentity, in attempt: AttemptID, at now: Duration
  ) -> Duration? {
    if let drain = drain(of: host) {
      return drain.trial == attempt ? failTrial(of: host, drain, at: now) : nil
    }
    if hosts[host] == nil {
      makeRoom()
      hosts[host] = State(hasSucceeded: proven.contains(host.name))
    }
    let pause = min(Self.shortPause, probation)
    begin(
      Drain(
        reason: "host \(host.name) can train nothing: \(reason)", pause: pause, isStated: true,
        trialAt: now + pause), host)
    return pause
  }

  /// Names of the hosts that are drained.
  package var drainedNames: Set<String> {
    isAnyDrained ? Set(hosts.filter { $0.value.drain != nil }.map(\.key.name)) : []
  }

  /// Ends the drain of all hosts of this name.
  ///
  /// - Returns: Those of them whose drain the store knows of.
  package mutating func undrain(_ name: String) -> [HostIdentity] {
    let drained = hosts.filter { $0.key.name == name && $0.value.drain != nil }
    for host in drained.keys { hosts[host] = State(hasSucceeded: proven.contains(name)) }
    drainedHosts -= drained.count
    return drained.filter { $0.value.drain?.isStated == false }.map(\.key)
      .sorted { ($0.owner?.key ?? "") < ($1.owner?.key ?? "") }
  }

  private mutating func begin(_ drain: Drain, _ host: HostIdentity) {
    hosts[host]?.drain = drain
    hosts[host]?.failures = []
    drainedHosts += 1
  }

  private mutating func failTrial(of host: HostIdentity, _ drain: Drain, at now: Duration)
    -> Duration
  {
    let failed = min(drain.failedTrials + 1, Self.maxDoublings)
    let pause = drain.pause * (1 << failed)
    hosts[host]?.drain?.trial = nil
    hosts[host]?.drain?.failedTrials = failed
    hosts[host]?.drain?.trialAt = now + pause
    return pause
  }

  private mutating func makeRoom() {
    guard hosts.count >= Self.maxHosts else { return }
    hosts = hosts.filter { $0.value.drain != nil || !$0.value.failures.isEmpty }
    if hosts.count >= Self.maxHosts { hosts = hosts.filter { $0.value.drain != nil } }
  }
}

extension FailureReason {
  /// Whether it can be the doing of a host: a trainer process that dies of itself.
  ///
  /// A worker that was lost says nothing of its trainers, and a hang takes longer than seconds.
  fileprivate var mayBeHostsDoing: Bool {
    switch self {
    case .trainerExit, .trainerSignal: true
    case .point, .workerLost, .hung, .host: false
    }
  }
}
