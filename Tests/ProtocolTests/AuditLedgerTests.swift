import Coordinator
import Sweep
import Testing
import VAE
import Wire

@Suite("The ledger of audits")
struct AuditLedgerTests {
  private let audit = AuditID(7)
  private let a = TrainingSite(host: "a", cpu: "zen5")
  private let b = TrainingSite(host: "b", cpu: "zen5")
  private let c = TrainingSite(host: "c", cpu: "xeon")
  private let otherUnderA = TrainingSite(host: "a", cpu: "xeon")

  private func orders(_ count: Int, from origin: TrainingSite) throws -> [AuditOrder] {
    try Sample.grid(points: count).points.map {
      AuditOrder(key: Sample.key(of: $0.1), point: $0.1, origin: origin)
    }
  }

  private func request(_ orders: [AuditOrder]) -> AuditRequest {
    AuditRequest(
      audit: audit, dataset: Sample.dataset, trainerVersion: Trainer.version, points: orders)
  }

  private func ledger(_ orders: [AuditOrder], own: Int? = nil) -> AuditLedger {
    var ledger = AuditLedger()
    for order in orders {
      ledger.add(order, of: audit, own: own, problem: nil, at: .zero)
    }
    return ledger
  }

  private func take(
    _ ledger: inout AuditLedger, _ site: TrainingSite, of present: [TrainingSite]
  ) -> Int? {
    ledger.take(for: site, among: present) { _ in false }?.position
  }

  @Test("gives a point to another host, of another CPU kind if one is there, or else to whichever")
  func sites() throws {
    let orders = try orders(1, from: a)
    for (site, present, isTaken) in [
      (a, [a], true), (a, [a, b], false), (b, [a, b], true), (b, [a, b, c], false),
      (c, [a, b, c], true), (b, [b], true), (a, [a, otherUnderA], false),
      (otherUnderA, [a, otherUnderA], true), (otherUnderA, [otherUnderA, b], false),
    ] {
      var ledger = ledger(orders)
      #expect((take(&ledger, site, of: present) != nil) == isTaken, "\(site) of \(present)")
    }
  }

  @Test("gives each point once, in their order, and again when it is handed back")
  func turns() throws {
    var ledger = ledger(try orders(3, from: a))
    let taken = (0..<4).map { _ in take(&ledger, b, of: [b]) }
    #expect(taken == [0, 1, 2, nil].map { $0.map { AuditPosition.first + $0 } })
    #expect(ledger.counts(of: audit) == (0, 3))
    #expect(ledger.handBack(AuditPosition.first + 1) == true)
    #expect(ledger.handBack(AuditPosition.first + 1) == false)
    #expect(ledger.counts(of: audit) == (1, 2))
    #expect(take(&ledger, b, of: [b]) == AuditPosition.first + 1)
  }

  @Test("lets the grid's own attempts at a point end first")
  func held() throws {
    var ledger = ledger(try orders(1, from: a), own: 5)
    #expect(ledger.take(for: b, among: [b]) { $0 == 5 } == nil)
    #expect(ledger.take(for: b, among: [b]) { $0 == 4 } != nil)
  }

  @Test("keeps a result until it is not named any more, and forgets what is not wanted")
  func naming() throws {
    let orders = try orders(2, from: a)
    var ledger = ledger(orders)
    let position = try #require(take(&ledger, b, of: [b]))
    let attempt = AttemptID(epoch: 1, counter: 1)
    ledger.note(attempt, at: position)
    let outcome = Sample.outcome(of: orders[0].point)
    #expect(ledger.finish(attempt, outcome, Sample.receipt) == position)
    #expect(ledger.finish(attempt, outcome, Sample.receipt) == nil)
    let result = AuditResult(
      audit: audit, key: orders[0].key, again: .outcome(outcome, Sample.receipt))
    #expect(ledger.keep(request(orders), at: .seconds(1)).isEmpty)
    #expect(ledger.results(of: audit, atMost: 9) == [result])
    #expect(ledger.results(of: audit, atMost: 0).isEmpty)
    #expect(ledger.keep(request([orders[1]]), at: .seconds(2)) == [position])
    #expect(ledger.results(of: audit, atMost: 9).isEmpty)
    #expect(ledger.finish(attempt, outcome, Sample.receipt) == nil)
    #expect(ledger.news(in: request(orders)) == [orders[0]])
    #expect(ledger.keep(request([]), at: .seconds(3)) == [position + 1])
    #expect(ledger.isEmpty && ledger.waitingCount == 0)
  }

  @Test("gives a point up after so many losses, and takes it up again where its host was to blame")
  func losses() throws {
    let orders = try orders(2, from: a)
    var ledger = ledger(orders)
    let position = AuditPosition.first
    for _ in 0..<3 {
      #expect(take(&ledger, b, of: [b]) == position)
      ledger.lose(at: position, "it died", isRetried: true, maxLosses: 3)
      ledger.handBack(position)
    }
    let lost = AuditedPoint.Again.notTrained("3 attempts lost; the last: it died")
    #expect(ledger.phase(at: position) == .done(lost))
    ledger.excuse(position)
    #expect(ledger.phase(at: position) == .waiting)
    #expect(take(&ledger, b, of: [b]) == position)
    ledger.lose(at: position, "no such limit", isRetried: false, maxLosses: 3)
    #expect(ledger.phase(at: position) == .done(.notTrained("no such limit")))
  }

  @Test("calls an audit silent when nobody has asked for it for a minute")
  func silence() throws {
    let orders = try orders(1, from: a)
    var ledger = ledger(orders)
    #expect(ledger.keep(request(orders), at: .seconds(30)).isEmpty)
    #expect(ledger.silent(at: .seconds(89)).isEmpty)
    #expect(ledger.silent(at: .seconds(90)) == [audit])
    #expect(ledger.drop(audit) == [AuditPosition.first])
    #expect(ledger.isEmpty)
  }

  @Test("holds a coordinator that has nothing else to do, and for a while after the last audit")
  func rest() throws {
    var ledger = AuditLedger()
    #expect(ledger.rest(for: .zero, at: .zero) == .over)
    #expect(ledger.rest(for: .seconds(10), at: .seconds(1)) == .begun)
    #expect(ledger.rest(for: .seconds(10), at: .seconds(10)) == .going)
    let orders = try orders(1, from: a)
    ledger.add(orders[0], of: audit, own: nil, problem: nil, at: .seconds(10))
    #expect(ledger.rest(for: .seconds(10), at: .seconds(20)) == .going)
    _ = ledger.drop(audit)
    #expect(ledger.rest(for: .seconds(10), at: .seconds(20)) == .begun)
    #expect(ledger.rest(for: .seconds(10), at: .seconds(30)) == .over)
  }
}

@Suite("An operator's side of an audit")
struct AuditPullTests {
  private func pull(_ count: Int) throws -> (AuditPull, [AuditOrder]) {
    let origin = TrainingSite(host: "a", cpu: "c")
    let orders = try Sample.grid(points: count).points.map {
      AuditOrder(key: Sample.key(of: $0.1), point: $0.1, origin: origin)
    }
    let pull = AuditPull(
      AuditID(7), orders, dataset: Sample.dataset, trainerVersion: Trainer.version)
    return (pull, orders.sorted { $0.key < $1.key })
  }

  @Test("asks for a bounded number at a time, and names what it lacks until it has all")
  func window() throws {
    var (pull, orders) = try pull(300)
    #expect(pull.request.points == Array(orders.prefix(AuditRequest.maxPoints)))
    for order in orders.prefix(100) {
      let again = AuditedPoint.Again.outcome(Sample.outcome(of: order.point), Sample.receipt)
      let result = AuditResult(audit: AuditID(7), key: order.key, again: again)
      #expect(pull.receive(result) == true)
      #expect(pull.receive(result) == false)
    }
    #expect(pull.request.points == Array(orders.dropFirst(100)))
    for order in orders.dropFirst(100) {
      #expect(!pull.isComplete)
      pull.receive(
        AuditResult(audit: AuditID(7), key: order.key, again: .notTrained("it died")))
    }
    #expect(pull.isComplete && pull.request.points.isEmpty)
    #expect(pull.results.count == 300)
  }

  @Test("takes nothing of another audit, of a point it did not name, or of another point")
  func foreign() throws {
    var (pull, orders) = try pull(2)
    let again = AuditedPoint.Again.notTrained("it died")
    #expect(
      pull.receive(AuditResult(audit: AuditID(8), key: orders[0].key, again: again)) == false)
    #expect(
      pull.receive(
        AuditResult(
          audit: AuditID(7), key: PointKey(Digest(of: "another")), again: again)) == false)
    #expect(
      pull.receive(
        AuditResult(
          audit: AuditID(7), key: orders[0].key,
          again: .outcome(Sample.outcome(of: orders[1].point), Sample.receipt))) == false)
    #expect(pull.results.isEmpty)
  }
}
