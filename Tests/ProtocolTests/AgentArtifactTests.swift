import Coordinator
import Sweep
import Testing
import VAE
import Wire
import Worker

extension SessionHarness {
  func grant(_ counter: UInt64, artifacts: Set<ArtifactKind>) throws -> Grant {
    var grant = try self.grant(counter)
    grant.artifacts = artifacts
    return grant
  }

  mutating func hand(_ artifact: Artifact, in slot: Int = 0) {
    for piece in TrainerArtifact.pieces(of: artifact) {
      tell(.trainerSaid(SlotID(slot), .artifact(piece)))
    }
  }

  mutating func acknowledge(_ grant: Grant) {
    hear(.acknowledgement(Acknowledgement(attempt: grant.attempt)))
  }

  mutating func settle(_ grant: Grant, _ kind: ArtifactKind) {
    hear(.artifactSettled(ArtifactSettled(attempt: grant.attempt, kind: kind)))
  }

  /// The last heartbeat since the last look.
  mutating func takeBeat() -> Heartbeat? {
    takeSent().compactMap { if case .heartbeat(let beat) = $0 { beat } else { nil } }.last
  }
}

@Suite("A worker's session and pictures")
struct AgentArtifactTests {
  @Test(
    "passes what is wanted on to the trainer, and names what came once its outcome is committed")
  func named() throws {
    var harness = SessionHarness()
    harness.work()
    let grant = try harness.grant(1, artifacts: [.codes, .samples])
    harness.hear(.grant(grant))
    #expect(harness.takeOrders().map(\.artifacts) == [[.codes, .samples]])
    let codes = Sample.artifact(.codes, of: grant.point, bytes: 600_000)
    let samples = Sample.artifact(.samples, of: grant.point)
    harness.hand(codes)
    harness.hand(samples)
    harness.finish(grant)
    harness.pass(.seconds(1))
    #expect(harness.takeBeat()?.artifacts == [])
    harness.acknowledge(grant)
    #expect(
      harness.takeBeat()?.artifacts == [
        SchedulerHarness.held(grant, codes), SchedulerHarness.held(grant, samples),
      ])
    harness.settle(grant, .codes)
    harness.settle(grant, .codes)
    harness.pass(.seconds(2))
    #expect(harness.takeBeat()?.artifacts == [SchedulerHarness.held(grant, samples)])
    harness.settle(grant, .samples)
    harness.pass(.seconds(2))
    #expect(harness.takeBeat()?.artifacts == [])
  }

  @Test("hands pieces out as they are asked for, and nothing that it does not have")
  func served() throws {
    var harness = SessionHarness()
    harness.work()
    let grant = try harness.grant(1, artifacts: [.codes])
    harness.hear(.grant(grant))
    let codes = Sample.artifact(.codes, of: grant.point, bytes: 300_000)
    harness.hand(codes)
    harness.finish(grant)
    harness.acknowledge(grant)
    _ = harness.takeSent()
    var data: [UInt8] = []
    for offset in [0, BlobChunk.largest, 5_000_000] {
      harness.hear(
        .blobRequest(
          BlobRequest(
            digest: Digest(of: codes.data), offset: offset,
            length: BlobChunk.largest)))
    }
    harness.hear(
      .blobRequest(
        BlobRequest(digest: Sample.dataset, offset: 0, length: 10)))
    for case .blobChunk(let chunk) in harness.takeSent() { data += chunk.data }
    #expect(data == codes.data)
  }

  @Test(
    "drops pictures that come out of turn, unasked or too large, and keeps the outcome",
    arguments: ["order", "kind", "size", "gap"])
  func spoilt(what: String) throws {
    var harness = SessionHarness()
    harness.work()
    let grant = try harness.grant(1, artifacts: [.codes, .samples])
    harness.hear(.grant(grant))
    let codes = Sample.artifact(.codes, of: grant.point)
    func say(_ kind: ArtifactKind, offset: Int, size: Int, count: Int) {
      let piece = TrainerArtifact(
        kind: kind, offset: offset, size: size, data: [UInt8](repeating: 1, count: count))
      harness.tell(.trainerSaid(SlotID(0), .artifact(piece)))
    }
    harness.hand(codes)
    switch what {
    case "order": say(.samples, offset: 10, size: 20, count: 10)
    case "kind": say(.trajectories, offset: 0, size: 10, count: 10)
    case "size": say(.samples, offset: 0, size: Artifact.largestTotal, count: 10)
    default: say(.codes, offset: 0, size: 5, count: 5)
    }
    harness.finish(grant)
    #expect(harness.takeSent().contains { if case .delivery = $0 { true } else { false } })
    harness.acknowledge(grant)
    #expect(harness.takeBeat()?.artifacts.isEmpty ?? true)
  }

  @Test("names nothing of a run that did not finish, or that diverged")
  func unfinished() throws {
    var harness = SessionHarness()
    harness.work()
    let diverging = try harness.grant(6, artifacts: [.codes])
    harness.hear(.grant(diverging))
    harness.hand(Sample.artifact(.codes, of: diverging.point))
    harness.finish(diverging)
    harness.acknowledge(diverging)
    let killed = try harness.grant(1, artifacts: [.codes])
    harness.hear(.grant(killed))
    harness.hand(Sample.artifact(.codes, of: killed.point))
    harness.tell(.trainerEnded(SlotID(0), .signal(9)))
    harness.makeReady(0)
    harness.acknowledge(killed)
    let next = try harness.grant(2, artifacts: [.codes])
    harness.hear(.grant(next))
    harness.finish(next)
    harness.acknowledge(next)
    harness.pass(.seconds(2))
    #expect(harness.takeBeat()?.artifacts == [])
  }

  @Test("takes no further points while it holds the pictures of many")
  func bounded() throws {
    var harness = SessionHarness()
    harness.work()
    for counter: UInt64 in 7..<20 where counter % 7 != 6 {
      let grant = try harness.grant(counter, artifacts: [.codes])
      harness.hear(.grant(grant))
      harness.hand(Sample.artifact(.codes, of: grant.point))
      harness.finish(grant)
      harness.acknowledge(grant)
    }
    let beat = harness.takeBeat()
    #expect(beat?.credit == 0)
    #expect(beat?.artifacts.count == 12)
  }

  @Test("hands over what it has before it stops")
  func stopping() throws {
    var harness = SessionHarness()
    harness.work()
    let grant = try harness.grant(1, artifacts: [.codes])
    harness.hear(.grant(grant))
    harness.hand(Sample.artifact(.codes, of: grant.point))
    harness.finish(grant)
    harness.tell(.stopRequested)
    harness.acknowledge(grant)
    #expect(harness.ending == nil)
    harness.pass(.seconds(1))
    #expect(harness.takeBeat()?.artifacts.count == 1)
    harness.settle(grant, .codes)
    harness.tell(.tick)
    #expect(harness.ending?.status == 0)
    harness.ignoreRest()
  }
}
