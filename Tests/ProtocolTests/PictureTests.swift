import Coordinator
import Sweep
import Testing
import VAE
import Wire

/// What a worker and its coordinator say to each other about pictures.
extension SchedulerHarness {
  static func withArtifacts(
    points: Int = 1, kinds: Set<PictureKind> = [.codes], seeds: ArtifactPlan.Seeds = .all,
    recovered: RecoveredSweep = RecoveredSweep(),
    sourceLocation: SourceLocation = #_sourceLocation,
    change: (inout SchedulerSettings) -> Void = { _ in }
  ) throws -> SchedulerHarness {
    try SchedulerHarness(
      points: points, recovered: recovered, sourceLocation: sourceLocation
    ) {
      $0.artifacts = ArtifactPlan(pictures: kinds, seeds: seeds)
      change(&$0)
    }
  }

  static func held(_ grant: Grant, _ artifact: Artifact) -> HeldArtifact {
    HeldArtifact(
      attempt: grant.attempt, key: grant.key, kind: artifact.kind,
      digest: Digest(of: artifact.data), size: artifact.data.count)
  }

  mutating func name(_ artifacts: [HeldArtifact], from worker: UInt64) {
    receive(
      .heartbeat(
        Heartbeat(
          held: [], credit: 0, artifacts: artifacts)),
      from: worker)
  }

  /// The requests for pieces that wait for `worker`; whatever else waits is taken too.
  mutating func takeRequests(_ worker: UInt64) -> [BlobRequest] {
    take(worker).compactMap { if case .blobRequest(let request) = $0 { request } else { nil } }
  }

  mutating func takeSettled(_ worker: UInt64) -> [ArtifactKind] {
    take(worker).compactMap {
      if case .artifactSettled(let settled) = $0 { settled.kind } else { nil }
    }
  }

  mutating func answer(_ request: BlobRequest, _ data: [UInt8], from worker: UInt64) {
    let end = min(data.count, request.offset + request.length)
    receive(
      .blobChunk(
        BlobChunk(
          digest: request.digest, offset: request.offset,
          size: data.count, data: Array(data[request.offset..<end]))), from: worker)
  }

  /// Delivers the outcome and everything that was granted with it, to the last commit.
  mutating func handOver(_ grant: Grant, from worker: UInt64) {
    let artifacts = grant.artifacts.sorted().map { Sample.artifact($0, of: grant.point) }
    name(artifacts.map { Self.held(grant, $0) }, from: worker)
    for artifact in artifacts {
      for request in takeRequests(worker) { answer(request, artifact.data, from: worker) }
    }
    commit()
  }

  var artifactRecords: [Artifact] {
    records.compactMap {
      if case .artifact(let artifact, _, _, _, _) = $0 { artifact } else { nil }
    }
  }
}

@Suite("The scheduler and pictures")
struct PictureTests {
  @Test("asks for the pictures of the first seeds with the grant, and of no others")
  func grants() throws {
    var harness = try SchedulerHarness.withArtifacts(
      points: 3, kinds: [.codes, .samples], seeds: .first(2))
    harness.join(1, slots: 3)
    harness.beat(1, credit: 3)
    harness.commit()
    let grants = harness.take(1).compactMap {
      if case .grant(let grant) = $0 { grant } else { nil }
    }
    #expect(grants.map(\.artifacts) == [[.codes, .samples], [.codes, .samples], []])
  }

  @Test("acknowledges an outcome without waiting, and ends when the picture is committed")
  func flow() throws {
    var harness = try SchedulerHarness.withArtifacts()
    harness.join(1)
    let grant = try harness.grantOne(1)
    harness.deliver(grant, from: 1)
    harness.commit()
    let acknowledgement = Acknowledgement(attempt: grant.attempt)
    #expect(harness.take(1) == [.acknowledgement(acknowledgement)])
    #expect(!harness.isComplete)
    #expect(harness.scheduler.status().lackingArtifacts == 1)
    let artifact = Sample.artifact(.codes, of: grant.point)
    harness.name([SchedulerHarness.held(grant, artifact)], from: 1)
    let request = try #require(harness.takeRequests(1).first)
    harness.answer(request, artifact.data, from: 1)
    #expect(harness.artifactRecords == [artifact])
    // Named again while it is on its way to the disk: neither asked for nor let go.
    harness.name([SchedulerHarness.held(grant, artifact)], from: 1)
    #expect(harness.take(1).count { if case .heartbeatReply = $0 { false } else { true } } == 0)
    harness.commit()
    let settled = ArtifactSettled(attempt: grant.attempt, kind: .codes)
    #expect(harness.take(1) == [.artifactSettled(settled), .finish])
    #expect(harness.isComplete)
  }

  @Test("wants no picture of a point that diverged")
  func diverged() throws {
    var harness = try SchedulerHarness.withArtifacts(points: 7)
    harness.join(1, slots: 7)
    harness.beat(1, credit: 7)
    harness.commit()
    for case .grant(let grant) in harness.take(1) {
      harness.deliver(grant, from: 1)
      harness.commit()
      if grant.point.seeds.order < 6 { harness.handOver(grant, from: 1) }
    }
    #expect(harness.scheduler.status().diverged == 1)
    #expect(harness.isComplete)
    harness.ignoreRest()
  }

  @Test("pulls a large one in pieces, two requests at a time, and again what was lost")
  func pieces() throws {
    var harness = try SchedulerHarness.withArtifacts()
    harness.join(1)
    let grant = try harness.grantOne(1)
    harness.deliver(grant, from: 1)
    harness.commit()
    let artifact = Sample.artifact(.codes, of: grant.point, bytes: 900_000)
    let held = SchedulerHarness.held(grant, artifact)
    harness.name([held], from: 1)
    var requests = harness.takeRequests(1)
    let shortest = BlobPull.shortest
    #expect(requests.map(\.offset) == [0, shortest])
    harness.answer(requests[0], artifact.data, from: 1)
    #expect(harness.takeRequests(1).map(\.offset) == [2 * shortest])
    // A doubled piece is not taken twice.
    harness.answer(requests[0], artifact.data, from: 1)
    #expect(harness.takeRequests(1).isEmpty)
    for _ in 0..<7 {
      harness.pass(.seconds(1))
      harness.name([held], from: 1)
    }
    requests = harness.takeRequests(1)
    #expect(requests.map(\.offset) == [shortest, 2 * shortest])
    while let request = requests.first {
      requests.removeFirst()
      harness.answer(request, artifact.data, from: 1)
      requests += harness.takeRequests(1)
    }
    #expect(harness.artifactRecords == [artifact])
  }

  @Test(
    "refuses a wrong size, a wrong digest and what is no picture, and takes nothing of it",
    arguments: ["size", "digest", "content"])
  func refused(what: String) throws {
    var harness = try SchedulerHarness.withArtifacts()
    harness.join(1)
    let grant = try harness.grantOne(1)
    harness.deliver(grant, from: 1)
    harness.commit()
    var artifact = Sample.artifact(.codes, of: grant.point)
    if what == "content" { artifact = Artifact(kind: .codes, data: [1, 2, 3]) }
    harness.name([SchedulerHarness.held(grant, artifact)], from: 1)
    let request = try #require(harness.takeRequests(1).first)
    var data = artifact.data
    if what == "size" { data.append(0) }
    if what == "digest" { data[data.count - 1] ^= 1 }
    harness.answer(request, data, from: 1)
    #expect(harness.records.isEmpty)
    #expect(harness.takeSettled(1) == [.codes])
    #expect(harness.scheduler.totals.refusedArtifacts == 1)
    #expect(harness.log.contains { $0.hasPrefix("refused codes of point") })
  }

  @Test(
    "settles what is not wanted: another kind, an unknown point, a fingerprint not the outcome's")
  func unwanted() throws {
    var harness = try SchedulerHarness.withArtifacts(points: 2) { $0.mixed = true }
    harness.join(1)
    let grant = try harness.grantOne(1)
    harness.deliver(grant, from: 1)
    harness.commit()
    _ = harness.take(1)
    let samples = Sample.artifact(.samples, of: grant.point)
    var unknown = SchedulerHarness.held(grant, Sample.artifact(.codes, of: grant.point))
    unknown.key = PointKey(Digest(of: "nobody's"))
    harness.name([SchedulerHarness.held(grant, samples), unknown], from: 1)
    #expect(harness.takeSettled(1) == [.samples, .codes])
    harness.receive(.hello(Sample.hello(2)), from: 2)
    harness.receive(.ready(Ready(fingerprint: "other")), from: 2)
    harness.commit()
    _ = harness.take(2)
    harness.name(
      [SchedulerHarness.held(grant, Sample.artifact(.codes, of: grant.point))], from: 2)
    #expect(harness.takeSettled(2) == [.codes])
    #expect(harness.scheduler.totals.unwantedArtifacts == 3)
    #expect(harness.records.isEmpty)
  }

  @Test("believes a worker no more that names what it never sends")
  func neverSent() throws {
    var harness = try SchedulerHarness.withArtifacts()
    harness.join(1)
    let grant = try harness.grantOne(1)
    harness.deliver(grant, from: 1)
    harness.commit()
    let held = SchedulerHarness.held(grant, Sample.artifact(.codes, of: grant.point))
    for _ in 0..<300 {
      harness.pass(.seconds(1))
      harness.name([held], from: 1)
    }
    #expect(harness.scheduler.totals.refusedArtifacts == 3)
    #expect(harness.takeSettled(1).count > 3)
  }

  @Test("trains a point again when its pictures are lost with its worker, and only for those")
  func replay() throws {
    var harness = try SchedulerHarness.withArtifacts(kinds: [.codes, .samples])
    harness.join(1)
    let grant = try harness.grantOne(1)
    harness.deliver(grant, from: 1)
    harness.commit()
    let codes = Sample.artifact(.codes, of: grant.point)
    harness.name([SchedulerHarness.held(grant, codes)], from: 1)
    let request = try #require(harness.takeRequests(1).first)
    harness.answer(request, codes.data, from: 1)
    harness.commit()
    harness.receive(.goodbye, from: 1)
    harness.join(2)
    let again = try harness.grantOne(2)
    #expect(again.key == grant.key)
    #expect(again.attempt > grant.attempt)
    #expect(again.artifacts == [.samples])
    harness.deliver(again, from: 2)
    harness.commit(.alreadyStored)
    #expect(harness.scheduler.status().ok == 1)
    harness.handOver(again, from: 2)
    #expect(harness.isComplete)
    #expect(harness.scheduler.work.trained == 2)
    #expect(harness.scheduler.failures.isEmpty)
    harness.ignoreRest()
  }

  @Test("waits for the heartbeats of a lease before it trains again")
  func patience() throws {
    var harness = try SchedulerHarness.withArtifacts()
    harness.join(1)
    let grant = try harness.grantOne(1)
    harness.deliver(grant, from: 1)
    harness.commit()
    harness.join(2)
    for second in 1...17 {
      harness.pass(.seconds(1))
      harness.name([], from: 1)
      harness.beat(2, credit: 1)
      if second < 15 { #expect(harness.records.isEmpty) }
    }
    #expect(harness.attemptRecords == 1)
    harness.ignoreRest()
  }

  @Test("gives pictures up after three lost replays; the outcome stands and the sweep ends")
  func givenUp() throws {
    var recovered = RecoveredSweep()
    recovered.finished = [0]
    recovered.ok = 1
    let point = try #require(try Sample.grid(points: 1).point(at: 0))
    recovered.lacking = [
      0: MissingArtifacts(key: Sample.outcome(of: point).key, kinds: [.codes], fingerprint: "f")
    ]
    var harness = try SchedulerHarness.withArtifacts(recovered: recovered) { $0.grace = .zero }
    #expect(!harness.isComplete)
    harness.join(1)
    for loss in 1...3 {
      let grant = try harness.grantOne(1)
      #expect(grant.artifacts == [.codes])
      harness.fail(grant, .trainerSignal(9), from: 1)
      harness.commit()
      #expect(harness.isComplete == (loss == 3))
    }
    #expect(harness.scheduler.failures.isEmpty)
    #expect(harness.scheduler.status().ok == 1)
    #expect(harness.scheduler.givenUpArtifacts[0]?.contains("signal 9") == true)
    #expect(harness.log.contains { $0.contains("given up") && $0.contains("outcome stands") })
    harness.ignoreRest()
  }

  @Test("takes no picture of a replay whose outcome is another one")
  func fault() throws {
    var recovered = RecoveredSweep()
    recovered.finished = [0]
    recovered.ok = 1
    let point = try #require(try Sample.grid(points: 1).point(at: 0))
    recovered.lacking = [
      0: MissingArtifacts(key: Sample.outcome(of: point).key, kinds: [.codes], fingerprint: "f")
    ]
    var harness = try SchedulerHarness.withArtifacts(recovered: recovered) { $0.grace = .zero }
    harness.join(1)
    let grant = try harness.grantOne(1)
    harness.deliver(grant, from: 1)
    harness.commit(.differs(stored: String(repeating: "a", count: 64)))
    #expect(harness.log.contains { $0.hasPrefix("FAULT") })
    harness.name([SchedulerHarness.held(grant, Sample.artifact(.codes, of: point))], from: 1)
    #expect(harness.takeSettled(1) == [.codes])
    // Another host may be the right one.
    let second = try harness.grantOne(1)
    harness.deliver(second, from: 1)
    harness.commit(.alreadyStored)
    harness.handOver(second, from: 1)
    #expect(harness.isComplete)
    harness.ignoreRest()
  }

  @Test("a second artifact that differs is a fault, and the first stands")
  func differingArtifact() throws {
    var harness = try SchedulerHarness.withArtifacts()
    harness.join(1)
    let grant = try harness.grantOne(1)
    harness.deliver(grant, from: 1)
    harness.commit()
    let artifact = Sample.artifact(.codes, of: grant.point)
    harness.name([SchedulerHarness.held(grant, artifact)], from: 1)
    let request = try #require(harness.takeRequests(1).first)
    harness.answer(request, artifact.data, from: 1)
    harness.commit(.differs(stored: String(repeating: "b", count: 64)))
    #expect(harness.log.contains { $0.hasPrefix("FAULT") && $0.contains("codes") })
    #expect(harness.scheduler.totals.faults == 1)
    #expect(harness.isComplete)
    harness.ignoreRest()
  }

  @Test("does not let another fingerprint train again, and says so when nobody has the right one")
  func stranded() throws {
    var recovered = RecoveredSweep()
    recovered.finished = [0]
    recovered.ok = 1
    let point = try #require(try Sample.grid(points: 1).point(at: 0))
    recovered.lacking = [
      0: MissingArtifacts(key: Sample.outcome(of: point).key, kinds: [.codes], fingerprint: "old")
    ]
    var harness = try SchedulerHarness.withArtifacts(recovered: recovered) {
      $0.grace = .zero
      $0.mixed = true
    }
    harness.join(1)
    for _ in 0..<14 {
      harness.pass(.seconds(1))
      harness.beat(1, credit: 1)
    }
    #expect(harness.records.isEmpty)
    #expect(!harness.isComplete)
    for _ in 0..<3 {
      harness.pass(.seconds(1))
      harness.beat(1, credit: 1)
    }
    #expect(harness.isComplete)
    #expect(harness.scheduler.givenUpArtifacts[0]?.contains("fingerprint") == true)
    harness.ignoreRest()
  }

  @Test("after a restart takes pictures from the worker that still has them, and repeats nothing")
  func restart() throws {
    let point = try #require(try Sample.grid(points: 1).point(at: 0))
    let key = Sample.outcome(of: point).key
    var recovered = RecoveredSweep()
    recovered.finished = [0]
    recovered.ok = 1
    recovered.lacking = [0: MissingArtifacts(key: key, kinds: [.codes], fingerprint: "f")]
    var harness = try SchedulerHarness.withArtifacts(recovered: recovered)
    harness.join(1)
    harness.beat(1, credit: 2)
    #expect(harness.records.isEmpty)
    let grant = Grant(
      attempt: AttemptID(epoch: 1, counter: 3), key: key, point: point,
      artifacts: [.codes])
    harness.handOver(grant, from: 1)
    #expect(harness.isComplete)
    harness.ignoreRest()
  }

  @Test("calls a replay off when the pictures come after all")
  func calledOff() throws {
    var harness = try SchedulerHarness.withArtifacts()
    harness.join(1)
    let grant = try harness.grantOne(1)
    harness.deliver(grant, from: 1)
    harness.commit()
    _ = harness.take(1)
    // Silent for more than a lease, as if its network were gone.
    harness.pass(.seconds(16))
    harness.join(2)
    let again = try harness.grantOne(2)
    harness.join(1)
    harness.handOver(grant, from: 1)
    #expect(harness.isComplete)
    harness.beat(2, holding: [again.attempt], credit: 0)
    #expect(harness.takeKeep(2) == [])
    harness.ignoreRest()
  }
}
