import Coordinator
import Sweep
import TestSupport
import VAE
import Wire

/// Operators whose audits meet whatever else happens: they change nothing in the sweep, and whoever stays
/// gets every result.
extension World {
  /// In every third history one or two, at any time.
  mutating func planAudits() {
    // A stream of its own: the other happenings of a seed stay as they are.
    var random = self.random
    random = SeededGenerator(seed: random.next() ^ 0xa0d1)
    guard random.chance(1.0 / 3) else { return }
    linger = .seconds(10)
    scheduler = Scheduler(settings: settings())
    let points = grid.points.map(\.1)
    for number in 0..<Int.random(in: 1...2, using: &random) {
      let orders = (0..<Int.random(in: 1...4, using: &random)).map { place in
        var point = points[Int.random(in: points.indices, using: &random)]
        // Of another sweep.
        if random.chance(0.3) {
          point = Point(
            configuration: point.configuration, seeds: Seeds(UInt32(100 + 4 * number + place)))
        }
        let host = Int.random(in: 0...workers.count, using: &random)
        return AuditOrder(
          key: Sample.key(of: point), point: point,
          origin: TrainingSite(host: "host\(host)", cpu: "cpu"))
      }
      let start = random.delay(0...trouble.seconds * 1000)
      let leavesAt = random.chance(0.3) ? start + random.delay(0...20_000) : nil
      operators.append(
        SimulatedOperator(
          AuditID(random.next()), orders, leavesAt: leavesAt, isPolite: random.chance(0.5)))
      agenda.add(.operatorTick(number), at: start)
    }
  }

  mutating func tickOperator(_ number: Int) {
    guard operators[number].isHere else { return }
    if let end = operators[number].leavesAt, now >= end {
      operators[number].isHere = false
      happenings.desertedAudits += 1
      if operators[number].isPolite { ask(operators[number].pull.farewell, by: number) }
      return
    }
    ask(operators[number].pull.request, by: number)
    guard !operators[number].pull.isComplete else {
      operators[number].isHere = false
      return
    }
    agenda.add(.operatorTick(number), at: now + .seconds(1))
  }

  private mutating func ask(_ request: AuditRequest, by number: Int) {
    for _ in 0..<copies() {
      agenda.add(.auditAsked(request, by: number), at: now + random.delay(trouble.delay))
    }
  }

  mutating func hearOperator(_ request: AuditRequest, _ number: Int) {
    operators[number].heard = request.points.isEmpty ? nil : (now, coordinatorLife)
  }

  mutating func answer(_ messages: [ToOperator], to peer: PeerID) {
    for message in messages {
      for _ in 0..<copies() {
        agenda.add(
          .operatorHears(message, Int(peer.bytes[2])), at: now + random.delay(trouble.delay))
      }
    }
  }

  mutating func hear(_ message: ToOperator, _ number: Int) throws(Violation) {
    guard operators[number].isHere else { return }
    switch message {
    case .auditProgress(let progress):
      guard operators[number].pull.fits(progress) else {
        throw Violation(description: "an audit is answered with other terms")
      }
    case .auditResult(let result):
      guard operators[number].pull.receive(result) else { return }
      try check(result, operators[number].orders[result.key]?.point)
    case .refusal(let refusal):
      throw Violation(description: "an audit is refused: \(refusal.reason)")
    case .status, .order: throw Violation(description: "an audit is answered with something else")
    }
  }

  /// An audit's result is the point's, and of one that cannot be trained its reason.
  private mutating func check(_ result: AuditResult, _ point: Point?) throws(Violation) {
    guard let point else { throw Violation(description: "a result of a point nobody asked for") }
    switch result.again {
    case .outcome(let outcome, _):
      happenings.audited += 1
      guard outcome == Sample.outcome(of: point) else {
        throw Violation(description: "an audit is given another outcome")
      }
    case .notTrained(let reason):
      guard Sample.isRefused(point) || reason.contains("lost") else {
        throw Violation(description: "an audit's point is not trained: \(reason)")
      }
    }
  }

  /// The sweep does not end while somebody waits for an audit.
  func checkAudits() throws(Violation) {
    for (number, auditor) in operators.enumerated() {
      guard auditor.isHere, let heard = auditor.heard, heard.life == coordinatorLife,
        now - heard.at < AuditLedger.patience
      else { continue }
      throw Violation(description: "ends though operator \(number) waits for its audit")
    }
  }
}
