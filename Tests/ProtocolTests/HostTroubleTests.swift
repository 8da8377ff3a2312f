import Coordinator
import Sweep
import Testing
import Wire
import Worker

@Suite("A host that cannot train")
struct HostTroubleTests {
  private func failures(_ sent: [WorkerMessage]) -> [FailureReport] {
    sent.compactMap { if case .failure(let report) = $0 { report } else { nil } }
  }

  private func handedBack(_ sent: [WorkerMessage]) -> [AttemptID] {
    sent.flatMap { message -> [AttemptID] in
      if case .handback(let handback) = message { handback.attempts } else { [] }
    }
  }

  private func searches(_ effects: [AgentEffect]) -> Int {
    effects.count { if case .findDataset = $0 { true } else { false } }
  }

  private func starts(_ effects: [AgentEffect]) -> Int {
    effects.count { if case .startTrainer = $0 { true } else { false } }
  }

  @Test(
    "gives back what waits, blames no point, takes none, and goes on when its dataset is there again",
    arguments: ["said", "status", "signal"])
  func dataset(how: String) throws {
    var harness = SessionHarness()
    harness.work()
    let (begun, waiting) = (try harness.grant(1), try harness.grant(2))
    harness.hear(.grant(begun))
    harness.hear(.grant(waiting))
    _ = harness.takeSent()
    harness.effects.removeAll()
    switch how {
    case "said":
      harness.tell(
        .trainerSaid(SlotID(0), .hostFault(TrainerHostFault(reason: "the dataset is gone"))))
      harness.tell(.trainerEnded(SlotID(0), .status(74)))
    case "status": harness.tell(.trainerEnded(SlotID(0), .status(74)))
    default: harness.tell(.trainerEnded(SlotID(0), .signal(7)))
    }
    let sent = harness.takeSent()
    let reports = failures(sent)
    #expect(reports.map(\.attempt) == [begun.attempt])
    #expect(reports.first?.reason.kind == "host")
    #expect(handedBack(sent) == [waiting.attempt])
    #expect(credit(sent) == 0)
    #expect(starts(harness.effects) == 0)
    // Nothing is tried for a second, then the dataset is looked for anew.
    #expect(searches(harness.effects) == 0)
    harness.pass(.seconds(1))
    #expect(searches(harness.effects) == 1)
    harness.tell(.datasetFound(path: "/d"))
    #expect(starts(harness.effects) == 1)
    harness.makeReady(0)
    harness.pass(.seconds(1))
    #expect((credit(harness.takeSent()) ?? 0) > 0)
    let next = try harness.grant(3)
    harness.hear(.grant(next))
    #expect(harness.takeOrders().map(\.key) == [next.key])
    harness.finish(next)
    #expect(harness.ending == nil)
    harness.ignoreRest()
  }

  @Test("fetches the dataset from its coordinator where it has it no more")
  func fetched() throws {
    var harness = SessionHarness()
    harness.work()
    harness.hear(.grant(try harness.grant(1)))
    harness.tell(.trainerEnded(SlotID(0), .status(74)))
    harness.pass(.seconds(1))
    _ = harness.takeSent()
    harness.tell(.datasetMissing)
    let asked = harness.takeSent().count { if case .blobRequest = $0 { true } else { false } }
    #expect(asked == 2)
  }

  @Test("that cannot start processes tries again after ever longer pauses, and keeps its dataset")
  func processes() throws {
    var harness = SessionHarness(wait: .seconds(3600))
    harness.work()
    let waiting = try harness.grant(1)
    harness.tell(.trainerEnded(SlotID(0), .signal(9)))
    #expect(starts(harness.effects) == 1)
    harness.hear(.grant(waiting))
    var tries: [Int] = []
    harness.tell(.trainerEnded(SlotID(0), .notStarted("Too many open files")))
    let reports = failures(harness.takeSent())
    #expect(reports.map(\.attempt) == [waiting.attempt])
    #expect(reports.first?.reason.message.contains("Too many open files") == true)
    harness.effects.removeAll()
    for second in 1...40 {
      harness.pass(.seconds(1))
      guard starts(harness.effects) > 0 else { continue }
      tries.append(second)
      harness.effects.removeAll()
      harness.tell(.trainerEnded(SlotID(0), .notStarted("Too many open files")))
      harness.reply(0, keep: [])
    }
    #expect(tries.count == 5, "\(tries)")
    #expect(searches(harness.effects) == 0)
    #expect(harness.ending == nil)
    harness.ignoreRest()
  }

  @Test("ends with its reason where nothing has worked for the whole wait, and blames no point")
  func hopeless() throws {
    var harness = SessionHarness(wait: .seconds(30))
    harness.work()
    harness.hear(.grant(try harness.grant(1)))
    harness.tell(.trainerEnded(SlotID(0), .status(74)))
    for _ in 0..<40 where harness.ending == nil {
      harness.pass(.seconds(1))
      harness.reply(0, keep: [])
      if searches(harness.effects) > 0 {
        harness.effects.removeAll { if case .findDataset = $0 { true } else { false } }
        harness.tell(.datasetFailed("no space left on device"))
      }
    }
    #expect(harness.ending?.status == 1)
    #expect(harness.ending?.message?.contains("no space left on device") == true)
    let sent = harness.takeSent()
    #expect(sent.last == .goodbye)
    #expect(failures(sent).allSatisfy { $0.reason.kind == "host" })
  }

  @Test("whose trainers compute another fingerprint than before ends, and blames no point")
  func fingerprint() throws {
    var harness = SessionHarness(slots: 2)
    harness.work()
    let grant = try harness.grant(1)
    harness.hear(.grant(grant))
    harness.tell(.trainerEnded(SlotID(1), .signal(9)))
    _ = harness.takeSent()
    harness.tell(
      .trainerSaid(SlotID(1), .ready(TrainerReady(fingerprint: "another", blasCore: "haswell"))))
    #expect(harness.ending?.status == 1)
    #expect(failures(harness.takeSent()).map(\.reason.kind) == ["host"])
  }

  @Test("is tried once for all of its trainers that failed of one cause")
  func together() {
    var trouble = HostTrouble()
    #expect(trouble.add(.dataset, "gone", at: .zero) == true)
    #expect(trouble.add(.dataset, "gone", at: .milliseconds(1)) == false)
    #expect(trouble.retryIsDue(at: .milliseconds(999)) == false)
    #expect(trouble.retryIsDue(at: .seconds(1)) == true)
    #expect(trouble.retryIsDue(at: .seconds(2)) == false)
    #expect(!trouble.isHopeless(after: .seconds(10), at: .seconds(9)))
    #expect(trouble.isHopeless(after: .seconds(10), at: .seconds(10)))
    #expect(trouble.end() == true)
    #expect(trouble.end() == false)
  }

  private func credit(_ sent: [WorkerMessage]) -> Int? {
    sent.compactMap { if case .heartbeat(let beat) = $0 { beat.credit } else { nil } }.last
  }
}
