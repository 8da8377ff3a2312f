import Coordinator
import Sweep
import Testing

@Suite("The health of hosts")
struct HostHealthTests {
  private let pause = Duration.seconds(300)

  private func health() -> HostHealth {
    HostHealth(firstSeconds: .seconds(10), probation: pause)
  }

  private func id(_ counter: UInt64) -> AttemptID {
    AttemptID(epoch: 1, counter: counter, start: 1)
  }

  private func failure(_ number: Int, _ reason: FailureReason = .trainerSignal(11))
    -> HostHealth.Failure
  {
    HostHealth.Failure(
      attempt: id(UInt64(number)), index: number, reason: reason, trained: .seconds(1))
  }

  @Test("drains the host of three different points' failures and excuses them all")
  func bad() {
    var health = health()
    for number in 0..<2 {
      guard
        case .point = health.judge(
          failure(number), on: HostIdentity("a"), slots: 1, outcomes: 0, at: .zero)
      else {
        Issue.record("drained too early")
        return
      }
    }
    guard
      case .badHost(let reason, pause, let excused) = health.judge(
        failure(2), on: HostIdentity("a"), slots: 1, outcomes: 0, at: .zero)
    else {
      Issue.record("not drained")
      return
    }
    #expect(excused.map(\.index) == [0, 1, 2])
    #expect(health.reasons == [reason])
    #expect(!health.mayTrain(HostIdentity("a"), at: pause - .seconds(1)))
    #expect(health.mayTrain(HostIdentity("b"), at: .zero))
    #expect(health.mayTrain(HostIdentity("a"), at: pause))
    #expect(health.isGivenUp(HostIdentity("a")))
  }

  @Test(
    "doubles the pause with each trial that fails, and asks for another where one came to nothing")
  func trials() {
    var health = health()
    var now = Duration.zero
    var expected = HostHealth.shortPause
    #expect(health.stateFault("no dataset", on: HostIdentity("a"), in: id(1), at: now) == expected)
    // What else ends there meanwhile is no trial.
    #expect(health.stateFault("no dataset", on: HostIdentity("a"), in: id(2), at: now) == nil)
    for trial in 0..<8 {
      now += expected
      #expect(health.mayTrain(HostIdentity("a"), at: now))
      let attempt = id(UInt64(10 + trial))
      health.noteOffer(of: attempt, to: HostIdentity("a"))
      #expect(!health.mayTrain(HostIdentity("a"), at: now))
      #expect(!health.isBarred(HostIdentity("a"), from: attempt))
      #expect(health.isBarred(HostIdentity("a"), from: id(3)))
      #expect(health.isGivenUp(HostIdentity("a")) == (trial >= 3))
      expected = HostHealth.shortPause * (1 << min(trial + 1, 6))
      #expect(
        health.stateFault("no dataset", on: HostIdentity("a"), in: attempt, at: now) == expected)
    }
    now += expected
    health.noteOffer(of: id(30), to: HostIdentity("a"))
    let wasTrial = health.forget(id(30))
    #expect(wasTrial)
    #expect(health.mayTrain(HostIdentity("a"), at: now))
    let (wasDrained, isRecorded) = health.noteSuccess(on: HostIdentity("a"))
    #expect(wasDrained && !isRecorded)
    #expect(!health.isAnyDrained)
  }

  @Test("remembers a bounded number of hosts, the drained ones among them")
  func bounded() {
    var health = health()
    _ = health.stateFault("no dataset", on: HostIdentity("bad"), in: id(1), at: .zero)
    for number in 0..<40_000 { _ = health.noteSuccess(on: HostIdentity("host\(number)")) }
    #expect(health.drain(of: HostIdentity("bad")) != nil)
    #expect(health.reasons.count == 1)
  }
}
