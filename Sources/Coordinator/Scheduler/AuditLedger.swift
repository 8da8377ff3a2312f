package import Sweep
package import Wire

/// Points that operators want trained again, who may train each, and what came of them.
///
/// Nothing of it outlives the coordinator: an operator asks anew until it has all. Memory is bounded by
/// `maxAudits` and the points of one request.
package struct AuditLedger: Sendable {
  /// Audits under way at once.
  package static let maxAudits = 8
  /// An audit that nobody has asked for this long is forgotten.
  package static let patience = Duration.seconds(60)

  /// How far a wanted point is.
  package enum Phase: Hashable, Sendable {
    case waiting
    /// An attempt trains it, or is about to.
    case running
    case done(AuditedPoint.Again)
  }

  private struct Audit: Sendable {
    var positions: [PointKey: Int] = [:]
    var lastAsked: Duration
  }

  private struct Wanted: Sendable {
    let audit: AuditID
    let order: AuditOrder
    /// Where the sweep has the point, if it is one of its own.
    let own: Int?
    var phase = Phase.waiting
    var losses = 0
    var attempts: [AttemptID] = []
  }

  private var audits: [AuditID: Audit] = [:]
  private var wanted: [Int: Wanted] = [:]
  /// Positions in the phase `waiting`, ascending.
  private var waiting: [Int] = []
  private var byAttempt: [AttemptID: Int] = [:]
  private var next = AuditPosition.first
  /// Since when a coordinator that has nothing else to do waits for an audit.
  private var restingSince: Duration?

  package init() {}

  package var isEmpty: Bool { audits.isEmpty }

  /// Audits under way.
  package var count: Int { audits.count }

  /// How many wait for a worker.
  package var waitingCount: Int { waiting.count }

  /// Positions in the phase `running`, ascending.
  package var running: [Int] {
    wanted.filter { $0.value.phase == .running }.map(\.key).sorted()
  }

  package func phase(at position: Int) -> Phase? { wanted[position]?.phase }

  // MARK: operators

  /// Whether an audit is under way.
  package func isKnown(_ audit: AuditID) -> Bool { audits[audit] != nil }

  /// Of a request's points those that are new.
  package func news(in request: AuditRequest) -> [AuditOrder] {
    let known = audits[request.audit]?.positions ?? [:]
    return request.points.filter { known[$0.key] == nil }
  }

  /// Takes in a point.
  ///
  /// - Parameters:
  ///   - own: Its position in the coordinator's grid.
  ///   - problem: Why it cannot be trained at all.
  package mutating func add(
    _ order: AuditOrder, of audit: AuditID, own: Int?, problem: String?, at now: Duration
  ) {
    guard audits[audit]?.positions[order.key] == nil else { return }
    let position = next
    next += 1
    audits[audit, default: Audit(lastAsked: now)].positions[order.key] = position
    wanted[position] = Wanted(audit: audit, order: order, own: own)
    waiting.append(position)
    if let problem { move(position, to: .done(.notTrained(problem))) }
  }

  /// Notes that an audit was asked for, and forgets what it does not name any more; naming nothing it is
  /// over.
  ///
  /// - Returns: The positions that are forgotten: nobody is to train them any more.
  package mutating func keep(_ request: AuditRequest, at now: Duration) -> [Int] {
    guard let audit = audits[request.audit] else { return [] }
    guard !request.points.isEmpty else { return drop(request.audit) }
    audits[request.audit]?.lastAsked = now
    let named = Set(request.points.map(\.key))
    let forgotten = audit.positions.filter { !named.contains($0.key) }
    for (key, position) in forgotten {
      audits[request.audit]?.positions[key] = nil
      forget(position)
    }
    return forgotten.values.sorted()
  }

  /// Audits that nobody has asked for long.
  package func silent(at now: Duration) -> [AuditID] {
    audits.filter { now - $0.value.lastAsked >= Self.patience }.map(\.key)
      .sorted { $0.value < $1.value }
  }

  /// Forgets an audit.
  ///
  /// - Returns: Its positions.
  package mutating func drop(_ audit: AuditID) -> [Int] {
    let positions = audits.removeValue(forKey: audit)?.positions.values.sorted() ?? []
    for position in positions { forget(position) }
    return positions
  }

  /// What has come of an audit's points, in their order, at most so many of them.
  package func results(of audit: AuditID, atMost most: Int) -> [AuditResult] {
    let positions = audits[audit]?.positions.values.sorted() ?? []
    var results: [AuditResult] = []
    for position in positions where results.count < most {
      guard let point = wanted[position], case .done(let again) = point.phase else { continue }
      results.append(AuditResult(audit: audit, key: point.order.key, again: again))
    }
    return results
  }

  /// Points of an audit that wait, and those that are being trained.
  package func counts(of audit: AuditID) -> (waiting: Int, running: Int) {
    var counts = (waiting: 0, running: 0)
    for position in (audits[audit]?.positions ?? [:]).values {
      switch wanted[position]?.phase {
      case .waiting: counts.waiting += 1
      case .running: counts.running += 1
      case .done, nil: break
      }
    }
    return counts
  }

  // MARK: the end

  /// Whether a coordinator without anything else to do stays.
  package enum Rest: Hashable, Sendable {
    /// It begins to wait for an audit.
    case begun
    /// It waits, or an audit is under way.
    case going
    case over
  }

  /// To be asked while nothing else is left to do: it is over when no audit has been under way for so long.
  package mutating func rest(for length: Duration, at now: Duration) -> Rest {
    guard audits.isEmpty else {
      restingSince = nil
      return .going
    }
    guard length > .zero else { return .over }
    guard let since = restingSince else {
      restingSince = now
      return .begun
    }
    return now - since >= length ? .over : .going
  }

  /// There is something else to do.
  package mutating func endRest() { restingSince = nil }

  // MARK: workers

  /// Takes the first waiting point for which no site present says more than this one.
  ///
  /// - Parameters:
  ///   - present: Where points can be trained now, `site` among them.
  ///   - isHeld: Whether somebody works on this position of the grid: its own attempts come first.
  package mutating func take(
    for site: TrainingSite, among present: some Collection<TrainingSite>, isHeld: (Int) -> Bool
  ) -> (position: Int, order: AuditOrder)? {
    var best: [TrainingSite: Int] = [:]
    for position in waiting {
      guard let point = wanted[position], !(point.own.map(isHeld) ?? false) else { continue }
      let origin = point.order.origin
      let most =
        best[origin] ?? present.map { $0.independence(from: origin) }.max() ?? 0
      best[origin] = most
      guard site.independence(from: origin) >= most else { continue }
      move(position, to: .running)
      return (position, point.order)
    }
    return nil
  }

  /// An attempt is to train a position.
  package mutating func note(_ attempt: AttemptID, at position: Int) {
    guard wanted[position] != nil else { return }
    wanted[position]?.attempts.append(attempt)
    byAttempt[attempt] = position
  }

  /// An attempt's outcome is in.
  ///
  /// - Returns: Its position, where that was still wanted.
  package mutating func finish(_ attempt: AttemptID, _ outcome: Outcome, _ receipt: Receipt) -> Int?
  {
    guard let position = byAttempt[attempt] else { return nil }
    if case .done? = wanted[position]?.phase { return nil }
    move(position, to: .done(.outcome(outcome, receipt)))
    return position
  }

  /// An attempt has come to nothing; too many of them, or one that no other can better, end the matter.
  package mutating func lose(
    at position: Int, _ reason: String, isRetried: Bool, maxLosses: Int
  ) {
    guard wanted[position]?.phase == .running else { return }
    wanted[position]?.losses += 1
    let lost = wanted[position]?.losses ?? 0
    guard isRetried else { return move(position, to: .done(.notTrained(reason))) }
    guard lost >= maxLosses else { return }
    move(position, to: .done(.notTrained("\(lost.of("attempt")) lost; the last: \(reason)")))
  }

  /// A loss turns out to be the fault of its host.
  package mutating func excuse(_ position: Int) {
    guard let point = wanted[position], point.losses > 0 else { return }
    wanted[position]?.losses -= 1
    if case .done(.notTrained) = point.phase { move(position, to: .waiting) }
  }

  /// Nobody trains a position any more: it waits for the next worker.
  ///
  /// - Returns: Whether it does.
  @discardableResult
  package mutating func handBack(_ position: Int) -> Bool {
    guard wanted[position]?.phase == .running else { return false }
    move(position, to: .waiting)
    return true
  }

  private mutating func move(_ position: Int, to phase: Phase) {
    waiting.removeAll { $0 == position }
    wanted[position]?.phase = phase
    guard phase == .waiting else { return }
    waiting.insert(position, at: waiting.firstIndex { $0 > position } ?? waiting.endIndex)
  }

  private mutating func forget(_ position: Int) {
    waiting.removeAll { $0 == position }
    for attempt in wanted.removeValue(forKey: position)?.attempts ?? [] {
      byAttempt[attempt] = nil
    }
  }
}
