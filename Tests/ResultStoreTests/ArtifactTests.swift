import GRDB
import ResultStore
import Sweep
import TestSupport
import Testing
import VAE

@Suite("A picture's data in the store")
struct ArtifactTests {
  private static let codes = Artifact(kind: .codes, data: [1, 2, 3])

  private let folder: TemporaryFolder
  private let open: OpenStore
  private let point: Point

  init() throws {
    folder = try TemporaryFolder()
    open = try OpenStore(folder.file())
    point = try Fixture.point(3, "784-256-2")
    _ = try open.store.commit([
      open.grant(1, point), open.deliver(1, Fixture.completed(point)), open.grant(2, point),
    ])
  }

  private func add(
    _ artifact: Artifact, attempt: UInt64 = 1, of other: Point? = nil,
    worker: WorkerRecordID = Fixture.worker.id,
    fingerprint: String = Fixture.identity.fingerprint
  ) throws -> StoreOutcome? {
    try open.store.commit([
      .artifact(
        artifact, of: Fixture.key(other ?? point), attempt: open.attempt(attempt), worker: worker,
        fingerprint: fingerprint, at: 9)
    ]).first
  }

  @Test("reads back as it was, and is told by its kind")
  func roundTrip() throws {
    let samples = Artifact(
      kind: .samples, data: (0..<200_000).map { UInt8(truncatingIfNeeded: $0) })
    #expect(try add(Self.codes) == .stored)
    #expect(try add(samples) == .stored)
    let reader = try StoreReader(path: folder.file())
    #expect(try reader.artifactKinds() == [Fixture.key(point): [.codes, .samples]])
    #expect(try reader.artifact(of: Fixture.key(point), .codes) == [1, 2, 3])
    #expect(try reader.artifact(of: Fixture.key(point), .samples) == samples.data)
    #expect(try reader.artifact(of: Fixture.key(point), .trajectories) == nil)
  }

  private static func likelihood(_ bound: Double, draws: Int, images: Int? = nil) -> Artifact {
    let likelihood = Likelihood(
      bound: bound, boundError: 0.5, mutualInformation: nil, draws: draws, images: images ?? 100)
    return Artifact(
      kind: .likelihood(Likelihood.Effort(draws: draws, images: images)),
      data: likelihood.arrays.data)
  }

  @Test("a likelihood is read with its outcome, the one of most draws; the result is what it was")
  func likelihood() throws {
    let before = try #require(try StoreReader(path: folder.file()).outcome(of: Fixture.key(point)))
    #expect(before.outcome.measurements?.study[.importanceBound] == nil)
    #expect(try add(Self.likelihood(101, draws: 50)) == .stored)
    #expect(try add(Self.likelihood(99, draws: 500)) == .stored)
    #expect(try add(Self.likelihood(98, draws: 500, images: 10)) == .stored)
    let reader = try StoreReader(path: folder.file())
    let after = try #require(try reader.outcome(of: Fixture.key(point))).outcome
    // The pixels are grey.
    #expect(after.measurements?.study[.nll] == nil)
    #expect(after.measurements?.study[.importanceBound] == 99)
    #expect(after.measurements?.study[.importanceBoundError] == 0.5)
    #expect(after.measurements?.study[.likelihoodImages] == 100)
    #expect(after.resultDigest == before.outcome.resultDigest)
    var all: [Outcome] = []
    try reader.forEachOutcome {
      all.append($0.outcome)
      return true
    }
    #expect(all.map { $0.measurements?.study[.importanceBound] } == [99])
    #expect(Metric(rawValue: "importance_bound")?.value(of: after) == 99)
  }

  @Test("a likelihood that is none is damage, not a measure")
  func damagedLikelihood() throws {
    let kind = ArtifactKind.likelihood(.usual)
    #expect(try add(Artifact(kind: kind, data: [1, 2, 3])) == .stored)
    let reader = try StoreReader(path: folder.file())
    #expect(throws: StoreError.self) { try reader.outcome(of: Fixture.key(point)) }
  }

  @Test("arriving twice changes nothing; a different one is a fault that names it")
  func twice() throws {
    #expect(try add(Self.codes) == .stored)
    #expect(try add(Self.codes) == .alreadyStored)
    #expect(try add(Self.codes, attempt: 2) == .alreadyStored)
    let other = Artifact(kind: .codes, data: [1, 2, 4])
    let kept = Digest(of: Self.codes.data)
    #expect(try add(other, attempt: 2) == .differs(existing: kept))
    let reader = try StoreReader(path: folder.file())
    let fault = try #require(try reader.faults().first)
    #expect(fault.artifact == "codes")
    #expect(fault.keptDigest == kept)
    #expect(fault.otherDigest == Digest(of: other.data))
    #expect(try reader.artifact(of: Fixture.key(point), .codes) == [1, 2, 3])
    // The attempt is not to be trusted with another picture either.
    #expect(try add(Artifact(kind: .samples, data: [5]), attempt: 2) == .unfit)
  }

  @Test("belongs to an outcome of the same point, worker and fingerprint, or is not stored")
  func unfit() throws {
    let unfinished = try Fixture.point(4, "784-256-2")
    let broken = try Fixture.point(5, "784-256-2")
    _ = try open.store.commit([
      open.grant(3, unfinished), open.grant(4, broken), open.deliver(4, Fixture.diverged(broken)),
    ])
    #expect(try add(Self.codes, attempt: 77) == .unfit)
    #expect(try add(Self.codes, attempt: 3) == .unfit)
    #expect(try add(Self.codes, attempt: 3, of: unfinished) == .unfit)
    #expect(try add(Self.codes, attempt: 4, of: broken) == .unfit)
    #expect(try add(Self.codes, worker: WorkerRecordID(session: 12)) == .unfit)
    #expect(try add(Self.codes, fingerprint: "another") == .unfit)
    #expect(try add(Artifact(kind: .codes, data: [])) == .unfit)
    #expect(try StoreReader(path: folder.file()).artifactKinds().isEmpty)
  }

  @Test("of an attempt whose outcome differs is refused")
  func faulty() throws {
    _ = try open.store.commit([open.deliver(2, Fixture.completed(point, shift: 1))])
    #expect(try add(Self.codes, attempt: 2) == .unfit)
    #expect(try add(Self.codes, attempt: 1) == .stored)
  }

  @Test("is kept within the limit of a point")
  func limit() throws {
    let half = [UInt8](repeating: 7, count: Artifact.largestTotal / 2)
    #expect(try add(Artifact(kind: .codes, data: half)) == .stored)
    #expect(try add(Artifact(kind: .samples, data: half + [1])) == .unfit)
    #expect(try add(Artifact(kind: .samples, data: half)) == .stored)
    #expect(try add(Artifact(kind: .trajectories, data: [1])) == .unfit)
  }

  @Test("that was damaged on the disk is told, not drawn")
  func damaged() throws {
    #expect(try add(Self.codes) == .stored)
    try DatabaseQueue(path: folder.file()).write {
      try $0.execute(sql: "UPDATE artifacts SET data = x'010205'")
    }
    let reader = try StoreReader(path: folder.file())
    let error = #expect(throws: StoreError.self) {
      try reader.artifact(of: Fixture.key(point), .codes)
    }
    #expect(error?.kind == .damaged)
    #expect(error?.description.contains("codes of point") == true)
  }

  @Test("a replay that gave the stored outcome again is over")
  func replay() throws {
    _ = try open.store.commit([open.deliver(2, Fixture.completed(point))])
    let releases = try DatabaseQueue(path: folder.file()).read {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM releases")
    }
    #expect(releases == 1)
    // The attempt that made the outcome says it twice: it is not released.
    #expect(try open.store.commit([open.deliver(1, Fixture.completed(point))]) == [.alreadyStored])
  }
}

@Suite("Pictures at the start of a coordinator")
struct RecoveredArtifactsTests {
  @Test("are told with what is stored, what was lost, and what may still be under way")
  func recovery() throws {
    let folder = try TemporaryFolder()
    let open = try OpenStore(folder.file())
    let point = try Fixture.point(3, "784-256-2")
    let key = Fixture.key(point)
    let own = try Fixture.point(4, "784-256-2")
    _ = try open.store.commit([
      // Lost before the outcome: no replay.
      open.grant(1, point), open.fail(1, point, .trainerSignal(9)),
      open.grant(2, point), open.deliver(2, Fixture.completed(point)),
      .artifact(
        Artifact(kind: .codes, data: [1, 2, 3]), of: key, attempt: open.attempt(2),
        worker: Fixture.worker.id, fingerprint: Fixture.identity.fingerprint, at: 4),
      open.grant(3, point), open.fail(3, point, .trainerSignal(9)),
      open.grant(4, point), open.deliver(4, Fixture.completed(point)),
      open.grant(5, point), open.deliver(5, Fixture.completed(point, shift: 1)),
      open.grant(6, point),
      open.grant(7, own), open.deliver(7, Fixture.completed(own)),
      open.grant(8, own), open.fail(8, own, .point("cannot be trained")),
    ])
    var fingerprints: [String] = []
    let state = try open.store.recover { fingerprints.append($0.fingerprint) }
    #expect(state.open.isEmpty)
    #expect(fingerprints == [Fixture.identity.fingerprint, Fixture.identity.fingerprint])
    let pictures = try open.store.recoverArtifacts()
    #expect(pictures.stored[key]?.kinds == [.codes])
    #expect(pictures.stored[key]?.bytes == 3)
    #expect(pictures.replayLosses == [key: 1, Fixture.key(own): 3])
    #expect(pictures.open.map(\.attempt) == [open.attempt(6)])
    let reader = try StoreReader(path: folder.file())
    #expect(try reader.givenUpArtifacts() == [Fixture.key(own)])
    _ = try open.store.commit([.reopen([key, Fixture.key(own)], at: 9)])
    #expect(try open.store.recoverArtifacts().replayLosses.isEmpty)
    #expect(try reader.givenUpArtifacts().isEmpty)
  }

  @Test("a sweep whose file changed only in what does not define it is the same, with the new file")
  func yaml() throws {
    let folder = try TemporaryFolder()
    let open = try OpenStore(folder.file())
    let again = try open.store.register(
      sweep: "a sweep", dataset: "digits", definition: Digest(of: "a definition"),
      yaml: "name: a sweep\npictures: all\n", at: 5)
    #expect(again == open.sweep)
    let sweeps = try StoreReader(path: folder.file()).sweeps()
    #expect(sweeps.map(\.yaml) == ["name: a sweep\npictures: all\n"])
    #expect(sweeps.map(\.registeredAt) == [1])
  }
}
