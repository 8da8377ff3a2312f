import Coordinator
import Sweep
import Testing
import VAE
import Wire

@Suite("The scheduler, where a worker is not to be believed,")
struct SchedulerRefusalTests {
  @Test("drops an outcome whose key does not fit its point, or whose attempt nobody granted")
  func forged() throws {
    var harness = try SchedulerHarness()
    harness.join(1)
    let grant = try harness.grantOne(1)
    var outcome = Sample.outcome(of: grant.point)
    outcome = Outcome(
      key: PointKey(Digest(of: "forged")), point: outcome.point, result: outcome.result)
    harness.receive(
      .delivery(
        Delivery(
          attempt: grant.attempt, outcome: outcome, receipt: Sample.receipt)),
      from: 1)
    // It has nothing better to deliver: the point goes to others.
    #expect(harness.records.count == 1)
    harness.commit()
    let never = Grant(
      attempt: AttemptID(epoch: 9, counter: 9), key: grant.key,
      point: grant.point)
    harness.deliver(never, from: 1)
    harness.commit(.unknownAttempt)
    harness.beat(1, holding: [grant.attempt], finished: [never.attempt], credit: 0)
    #expect(harness.takeKeep(1) == [])
  }

  @Test(
    "refuses an outcome that lacks epochs or was made under another fingerprint, and tries the point again",
    arguments: ["epochs", "fingerprint"], [false, true])
  func unfit(what: String, mixed: Bool) throws {
    var harness = try SchedulerHarness(points: 1) { $0.mixed = mixed }
    let grant = try harness.hold()
    var outcome = Sample.outcome(of: grant.point)
    var receipt = Sample.receipt
    if what == "epochs" {
      var result = outcome.result
      result.history.removeLast()
      outcome = Outcome(key: outcome.key, point: outcome.point, result: result)
    } else {
      receipt.fingerprint = "another"
    }
    let delivery = Delivery(attempt: grant.attempt, outcome: outcome, receipt: receipt)
    harness.receive(.delivery(delivery), from: 1)
    let isTaken = mixed && what == "fingerprint"
    let outcomes = harness.records.count { if case .outcome = $0 { true } else { false } }
    #expect(outcomes == (isTaken ? 1 : 0))
    #expect(harness.scheduler.totals.refusedAttempts == (isTaken ? 0 : 1))
    guard !isTaken else { return }
    harness.commit()
    harness.beat(1, finished: [grant.attempt], credit: 1)
    #expect(harness.takeKeep(1) == [])
    harness.commit()
    let next = harness.takeGrants(1)
    #expect(next.map(\.key) == [grant.key])
    #expect(next.first?.attempt != grant.attempt)
  }

  @Test("counts no failure against the point of another key than its attempt's")
  func failureOfAnotherPoint() throws {
    var harness = try SchedulerHarness(points: 1)
    let grant = try harness.hold()
    let report = FailureReport(
      attempt: grant.attempt, key: PointKey(Digest(of: "another")), reason: .point("limit"))
    harness.receive(.failure(report), from: 1)
    harness.commit()
    #expect(harness.scheduler.failures.isEmpty)
    #expect(harness.take(1) == [.acknowledgement(Acknowledgement(attempt: grant.attempt))])
    #expect(try harness.grantOne(1).key == grant.key)
  }

  @Test("takes nothing for an attempt of another start with the same epoch and counter")
  func otherStart() throws {
    var harness = try SchedulerHarness(points: 2) { $0.coordinatorStart = 5 }
    let grant = try harness.hold()
    #expect(grant.attempt.start == 5)
    let before = AttemptID(epoch: grant.attempt.epoch, counter: grant.attempt.counter, start: 4)
    // As a worker that lived through the restoration of a store would go on.
    let failure = FailureReport(attempt: before, key: grant.key, reason: .point("limit"))
    harness.receive(.failure(failure), from: 1)
    #expect(harness.records.isEmpty)
    harness.beat(1, holding: [before, grant.attempt], credit: 0, running: true)
    let said = harness.take(1)
    #expect(said.first == .acknowledgement(Acknowledgement(attempt: before)))
    #expect(said.last == .heartbeatReply(HeartbeatReply(keep: [grant.attempt])))
  }

  @Test(
    "refuses a worker that could not give the same bits",
    arguments: ["version", "core", "fingerprint"])
  func refusal(what: String) throws {
    var harness = try SchedulerHarness()
    var hello = Sample.hello(1)
    if what == "version" { hello.trainerVersion = 99 }
    if what == "core" { hello.blasCores = ["generic"] }
    harness.receive(.hello(hello), from: 1)
    if what == "fingerprint" {
      _ = harness.take(1)
      harness.receive(.ready(Ready(fingerprint: "other")), from: 1)
    }
    let said = harness.take(1)
    guard case .refusal(let refusal)? = said.first, said.count == 1 else {
      Issue.record("\(said)")
      return
    }
    #expect(refusal.reason.contains(what == "version" ? "trainer version 99" : what))
    if what == "version" {
      #expect(refusal.reason.hasSuffix(": run the same vaesweep on every host"))
    }
    harness.beat(1, credit: 1)
    #expect(harness.records.isEmpty)
    harness.ignoreRest()
  }

  @Test("takes a worker of another fingerprint, with its own core, where it is told to mix")
  func mixed() throws {
    var harness = try SchedulerHarness { $0.mixed = true }
    var hello = Sample.hello(1)
    hello.blasCores = ["generic", "native"]
    harness.receive(.hello(hello), from: 1)
    guard case .terms(let terms)? = harness.take(1).first else {
      Issue.record("no terms")
      return
    }
    #expect(terms.blasCore == "native")
    harness.receive(.ready(Ready(fingerprint: "other")), from: 1)
    harness.commit()
    _ = try harness.grantOne(1)
  }

  @Test("asks a session it does not know to introduce itself, and grants it nothing")
  func stranger() throws {
    var harness = try SchedulerHarness()
    harness.beat(1, credit: 1)
    guard case .terms? = harness.take(1).first else {
      Issue.record("no terms")
      return
    }
    #expect(harness.records.isEmpty)
  }
}
