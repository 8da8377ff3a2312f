import Sweep
import SweepFile
import Wire

// What operators order. It is recorded first; what follows from it follows when that is durable, so that
// a restart finds the sweep as its operator was told that it is.
extension Scheduler {
  mutating func takeOrder(_ order: SweepOrder, from peer: PeerID, by owner: KeyOwner?) {
    guard standing == .running else {
      let text =
        isComplete
        ? "the sweep is complete, and its coordinator ends; started again with --retry-failed it tries "
          + "what failed or was cancelled" : "this coordinator is ending: start it again first"
      return answer([.refusal(Refusal(reason: text))], to: peer)
    }
    if case .undrain(let host) = order, let reason = whyNotDrained(host) {
      return answer([.refusal(Refusal(reason: reason))], to: peer)
    }
    out.add(.record(.order(order, by: owner, from: peer, reopened: reopened(by: order))))
  }

  /// nil where nobody has drained it: neither an operator nor the coordinator itself.
  private func whyNotDrained(_ host: String) -> String? {
    let drained = orders.drainedHosts.union(health.drainedNames)
    guard !drained.contains(host) else { return nil }
    let others =
      drained.isEmpty ? "no host is" : "these are: \(drained.sorted().joined(separator: ", "))"
    return "host \(host) is not drained; \(others)\(suggestion(for: host, among: drained))"
  }

  /// The name that was meant, if one is near.
  private func suggestion(for host: String, among others: Set<String> = []) -> String {
    let known = Set(roster.admitted.map(\.hello.host)).union(others).subtracting([host])
    return Suggestion.nearest(to: host, among: known.sorted()).map { " (did you mean \($0)?)" }
      ?? ""
  }

  /// The points whose failures an order undoes.
  private mutating func reopened(by order: SweepOrder) -> [Int: PointKey] {
    guard case .retry(let filter) = order else { return [:] }
    var keys: [Int: PointKey] = [:]
    for index in points.withFailures + artifactLedger.givenUp.keys {
      guard let point = settings.grid.point(at: index), filter.accepts(point) else { continue }
      keys[index] = points.key(of: point)
    }
    return keys
  }

  /// An order is durable: it holds from here on, and its operator is told what that means.
  mutating func orderRecorded(_ order: SweepOrder, from peer: PeerID, _ reopened: [Int: PointKey]) {
    orders.apply(order)
    mayAssign = true
    let text =
      switch order {
      case .pause: beginPause()
      case .resume: "the sweep goes on"
      case .drain(let host): beginDrain(of: host)
      case .undrain(let host): endDrain(of: host)
      case .retry(let filter): retry(filter, reopened)
      case .cancel(let filter): cancel(filter)
      }
    log(.info, "ordered by an operator: \(order.verb): \(text)")
    answer([.order(OrderReply(text: text))], to: peer)
  }

  private mutating func beginPause() -> String {
    recallOrdered()
    let running = runningCount { _ in true }
    return "paused: nothing more is begun; \(running.of("running point")) "
      + (running == 1 ? "is trained to its end" : "are trained to their end")
  }

  private mutating func beginDrain(of host: String) -> String {
    recallOrdered()
    let here = roster.admitted.filter { $0.hello.host == host }
    guard !here.isEmpty else {
      return "host \(host) is given nothing; no worker of that name is here at present"
        + suggestion(for: host)
    }
    let sessions = Set(here.map(\.session))
    let running = runningCount { sessions.contains($0.session) }
    return "host \(host) is given nothing more; \(running.of("running point")) there "
      + (running == 1 ? "is trained to its end" : "are trained to their end")
  }

  /// A host is given points again, also one that the coordinator had drained by itself.
  private mutating func endDrain(of host: String) -> String {
    for identity in health.undrain(host) {
      out.add(.record(.drain(host: identity, reason: nil, excused: [])))
    }
    return "host \(host) is given points again"
  }

  private mutating func retry(_ filter: PointFilter, _ reopened: [Int: PointKey]) -> String {
    let failed = reopened.keys.filter { points.failed[$0] != nil }.sorted()
    let forgone = reopened.keys.filter { artifactLedger.givenUp[$0] != nil }.sorted()
    var restored = 0
    if !points.cancelled.isEmpty {
      restored = points.restore(
        settings.grid.positions(of: filter), held: attempts.heldPositions)
    }
    for index in failed { points.reopen(index) }
    for index in forgone { artifactLedger.reopen(index) }
    let regained =
      forgone.isEmpty ? "" : ", and pictures or measures of \(forgone.count) that were given up"
    return "\(failed.count) failed and \(restored) cancelled "
      + (failed.count + restored == 1 ? "point is" : "points are") + " to be trained again"
      + regained + (unmatched(filter).map { "; \($0)" } ?? "")
  }

  private mutating func cancel(_ filter: PointFilter) -> String {
    let held = PositionSet(attempts.heldPositions.sorted.filter(isTrained))
    let cancelled = points.cancel(settings.grid.positions(of: filter), held: held)
    work.drop(where: cancelled.contains)
    var stopped = 0
    for id in held.intersection(cancelled).sorted.flatMap({ attempts.ids(at: $0) }) {
      guard let attempt = attempts[id], case .leased = attempt.phase else { continue }
      if attempt.progress.steps > 0 { stopped += 1 }
      giveBack(id)
    }
    let running = stopped > 0 ? ", \(stopped) of them under way" : ""
    return "\(cancelled.count.of("point")) cancelled\(running); "
      + cancellationWords(filter, isEmpty: cancelled.isEmpty)
  }

  /// What an order to cancel means beside the points that it cancels now.
  private func cancellationWords(_ filter: PointFilter, isEmpty: Bool) -> String {
    let back = "'vaesweep control \(SweepOrder.retry(filter).written)'"
    guard isEmpty else {
      return "\(back) wants them again" + (unmatched(filter).map { "; \($0)" } ?? "")
    }
    let why = unmatched(filter) ?? "none that matches is without an outcome and not cancelled yet"
    return "\(why); those that are asked for later and match will be, until \(back)"
  }

  /// Says which values no point has.
  private func unmatched(_ filter: PointFilter) -> String? {
    let absent = filter.unmatched(in: settings.grid)
    return absent.isEmpty ? nil : "no point of the sweep has \(absent.joined(separator: " or "))"
  }

  /// Whether somebody works on a position for its outcome.
  private func isTrained(_ index: Int) -> Bool {
    artifactLedger.lacking[index] == nil && attempts.isHeld(index)
      && !attempts.ids(at: index).contains { attempts[$0]?.isDelivered == true }
  }

  /// Attempts under way of which `condition` holds.
  private func runningCount(_ condition: (AttemptState) -> Bool) -> Int {
    attempts.sorted { attempt in
      guard case .leased = attempt.phase, attempt.progress.steps > 0 else { return false }
      return condition(attempt)
    }.count
  }

  /// Whether an attempt that is on record may still be granted, whatever was ordered meanwhile.
  func mayBegin(_ attempt: AttemptState, on worker: WorkerState) -> Bool {
    !orders.isPaused && !orders.isDrained(worker.hello.host)
      && (attempt.purpose != .outcome || !points.cancelled.contains(attempt.index))
  }

  /// Asks for what waits in workers that are to begin nothing.
  ///
  /// A hint that may be lost: it is repeated while the order stands.
  mutating func recallOrdered() {
    guard orders.isPaused || orders.isAnyDrained else { return }
    let waiting = attempts.sorted { attempt in
      guard case .leased = attempt.phase, attempt.progress.steps == 0 else { return false }
      return orders.isPaused
        || roster[attempt.session].map { orders.isDrained($0.hello.host) } ?? false
    }
    recall(waiting.map(\.id))
  }
}
