import Foundation
import GRDB
import ResultStore
import Sweep
import TestSupport
import Testing
import VAE

@Suite("Two stores that are merged")
struct MergeTests {
  private let folder = Result { try TemporaryFolder() }

  private func path(_ name: String) throws -> String { try folder.get().file(name) }

  private func merge(_ isMixed: Bool = false) throws -> StoreMerge.Result {
    try StoreMerge(path("a"), path("b"), into: path("c"), isMixed: isMixed).run()
  }

  private func outcomes(_ name: String) throws -> [PointKey: StoredOutcome] {
    let outcomes = try StoreReader(path: path(name)).outcomes(history: .full)
    return Dictionary(uniqueKeysWithValues: outcomes.map { ($0.outcome.key, $0) })
  }

  @Test("hold each outcome with its receipt and attempt, each failure, release and picture")
  func everything() throws {
    let points = try (0..<6).map { try Fixture.point(UInt32($0)) }
    let picture = Artifact(kind: .samples, data: [1, 2, 3])
    for (name, own) in [("a", [0, 1, 2, 4]), ("b", [2, 3, 4, 5])] {
      let open = try OpenStore(path(name))
      for place in own { _ = try open.store.commit([open.grant(UInt64(place), points[place])]) }
      // 2 is done in both, 4 lost once in a and three times in b, 5 given back.
      for place in own where place < 4 {
        _ = try open.store.commit([
          open.deliver(UInt64(place), Fixture.completed(points[place]), host: "node-\(name)")
        ])
      }
      let reason = FailureReason.trainerSignal(9)
      if name == "a" {
        _ = try open.store.commit([open.fail(4, points[4], reason)])
        _ = try open.store.commit([
          .artifact(
            picture, of: Fixture.key(points[0]), attempt: open.attempt(0),
            worker: Fixture.worker.id, fingerprint: Fixture.identity.fingerprint, at: 4)
        ])
      } else {
        _ = try open.store.commit([
          open.fail(4, points[4], reason), open.grant(10, points[4]),
          open.fail(10, points[4], reason), .release(open.attempt(5), at: 3),
          .drain(host: "node-7", reason: "hot", excused: [], at: 5),
          .drain(host: "node-7", owner: "a key", reason: "cold", excused: [], at: 5),
        ])
      }
    }
    #expect(try merge() == .joined(first: 3, second: 2, both: 1, total: 4))
    let (a, b, c) = (try outcomes("a"), try outcomes("b"), try outcomes("c"))
    #expect(Set(c.keys) == Set(a.keys).union(b.keys))
    for (key, outcome) in c { #expect(outcome == a[key] ?? b[key]) }
    let reader = try StoreReader(path: path("c"))
    #expect(try reader.failures().count == 3)
    let troubled = try reader.troubledPoints()
    #expect(troubled.map(\.key) == [Fixture.key(points[4])])
    #expect(troubled[0].tally.isFailed)
    #expect(try reader.artifact(of: Fixture.key(points[0]), .samples) == picture.data)
    let drained = try reader.drainedHosts()
    #expect(drained.map(\.name) == ["node-7", "node-7"])
    #expect(drained.map(\.owner) == [nil, "a key"])
    #expect(try reader.sweeps().count == 1)
    #expect(try reader.progress().running == 0 && reader.progress().waiting == 0)
    #expect(
      try reader.attempts(of: Fixture.key(points[5])).map(\.ending) == [.released(at: 3)])
    #expect(try reader.attempts(of: Fixture.key(points[2])).count == 2)
    // A coordinator opens it, and its start is a later one than all.
    let store = try ResultStore(path: path("c"), identity: Fixture.identity)
    let last = try StoreReader(path: path("b")).progress().coordinatorEpoch
    #expect(try store.startEpoch().epoch > last)
    #expect(
      try store.storeID() != ResultStore(path: path("a"), identity: Fixture.identity).storeID())
  }

  @Test(
    "may tell the error of a likelihood by another formula, and nothing else of it",
    arguments: [
      (91.25, true), (91.5, false),
    ])
  func likelihoods(bound: Double, isAlike: Bool) throws {
    let point = try Fixture.point(0)
    for (name, own, error) in [("a", 91.25, 0.03), ("b", bound, 0.06)] {
      let open = try OpenStore(path(name))
      _ = try open.store.commit([open.grant(0, point)])
      _ = try open.store.commit([open.deliver(0, Fixture.completed(point), host: "node-\(name)")])
      let likelihood = Likelihood(
        bound: own, boundError: error, mutualInformation: 3, draws: 20, images: 30)
      _ = try open.store.commit([
        .artifact(
          Artifact(
            kind: .likelihood(Likelihood.Effort(draws: 20, images: 30)),
            data: likelihood.arrays.data),
          of: Fixture.key(point), attempt: open.attempt(0), worker: Fixture.worker.id,
          fingerprint: Fixture.identity.fingerprint, at: 4)
      ])
    }
    if case .joined = try merge() { #expect(isAlike) } else { #expect(!isAlike) }
  }

  @Test("may have granted unlike attempts under one number")
  func collidingAttempts() throws {
    let points = try (0..<3).map { try Fixture.point(UInt32($0)) }
    let start: CoordinatorStart
    let sweep: SweepID
    do {
      let open = try OpenStore(path("a"))
      (start, sweep) = (open.start, open.sweep)
      _ = try open.store.commit([open.grant(0, points[0])])
    }
    try FileManager.default.copyItem(atPath: path("a"), toPath: path("b"))
    for (name, place) in [("a", 1), ("b", 2)] {
      // As after a power cut that took back the start of the second.
      let store = try ResultStore(path: path(name), identity: Fixture.identity)
      let attempt = AttemptID(epoch: start.epoch, counter: 1, start: start.number)
      let point = points[place]
      _ = try store.commit([
        .attempt(
          attempt, key: Fixture.key(point), index: place, point: point, sweep: sweep,
          worker: Fixture.worker.id, at: 3),
        .outcome(Fixture.completed(point), Fixture.receipt(), attempt: attempt),
      ])
    }
    #expect(try merge() == .joined(first: 1, second: 1, both: 0, total: 2))
    let c = try outcomes("c")
    #expect(Set(c.keys) == Set([1, 2].map { Fixture.key(points[$0]) }))
    let attempts = c.values.map(\.attempt)
    #expect(attempts[0] != attempts[1])
    for (key, outcome) in c {
      let reader = try StoreReader(path: path("c"))
      #expect(try reader.attempts(of: key).map(\.attempt) == [outcome.attempt])
    }
  }

  @Test("with results that differ are left alone")
  func conflict() throws {
    let point = try Fixture.point()
    for (name, shift) in [("a", 0.0), ("b", 1.0)] {
      let open = try OpenStore(path(name))
      _ = try open.store.commit([
        open.grant(0, point),
        open.deliver(0, Fixture.completed(point, shift: shift), host: "node-\(name)"),
      ])
    }
    guard case .refused(let conflicts) = try merge() else {
      Issue.record("the merge was not refused")
      return
    }
    #expect(conflicts.map(\.key) == [Fixture.key(point)])
    #expect(conflicts[0].hosts == ["node-a", "node-b"])
    #expect(Set(conflicts[0].digests).count == 2)
    #expect(try !FileManager.default.fileExists(atPath: path("c")))
  }

  @Test(
    "of unlike fingerprints are joined where that is asked for, and the first one's result stands")
  func mixed() throws {
    let point = try Fixture.point()
    var other = Fixture.identity
    other.fingerprint = Digest(of: "another").hex
    for (name, identity, shift) in [("a", Fixture.identity, 0.0), ("b", other, 1.0)] {
      let open = try OpenStore(path(name), identity: identity)
      _ = try open.store.commit([
        open.grant(0, point),
        .outcome(
          Fixture.completed(point, shift: shift),
          Fixture.receipt(fingerprint: identity.fingerprint), attempt: open.attempt(0)),
      ])
    }
    #expect(throws: StoreError.self) { try merge() }
    #expect(try merge(true) == .joined(first: 1, second: 1, both: 1, total: 1))
    #expect(try outcomes("c").values.map(\.outcome) == [Fixture.completed(point)])
  }

  @Test("keep that a claim was fixed before the results of both, or only of one")
  func claims() throws {
    let point = try Fixture.point()
    let family = Digest(of: "{}")
    for (name, at) in [("a", 10.0), ("b", 1_900_000_000.0)] {
      let open = try OpenStore(path(name))
      try open.store.record(
        claims: name == "a" ? family : Digest(of: "[]"), family: name == "a" ? "{}" : "[]",
        yaml: "y", of: open.sweep, outcomesBefore: 0, at: at)
      if name == "a" {
        _ = try open.store.commit([
          open.grant(0, point), open.deliver(0, Fixture.completed(point)),
        ])
      }
    }
    _ = try merge()
    let families = try StoreReader(path: path("c")).claimFamilies()
    #expect(families.map(\.digest) == [family, Digest(of: "[]")])
    // The second was fixed when the first store had an outcome of the sweep.
    #expect(families.map(\.outcomesBefore) == [0, 1])
  }

  @Test("into a name beside which an old journal lies are refused")
  func journal() throws {
    for name in ["a", "b"] { _ = try OpenStore(path(name)) }
    try Data("old".utf8).write(to: URL(filePath: path("c") + "-journal"))
    #expect(throws: StoreError.self) { try merge() }
    #expect(try !FileManager.default.fileExists(atPath: path("c")))
  }

  @Test("that are damaged are refused")
  func damage() throws {
    for name in ["a", "b"] {
      let open = try OpenStore(path(name))
      let point = try Fixture.point()
      _ = try open.store.commit([open.grant(0, point), open.deliver(0, Fixture.completed(point))])
    }
    try DatabaseQueue(path: path("b")).write { db in
      try db.execute(sql: "UPDATE outcomes SET seconds = seconds + 1")
    }
    #expect(throws: StoreError.self) { try merge() }
    #expect(try !FileManager.default.fileExists(atPath: path("c")))
  }

  @Test(
    "that hold a row whose seal fits and whose key or digest does not are refused as readers do",
    arguments: ["a", "b"],
    [
      "UPDATE outcomes SET seed = NULL, init_seed = init_seed + 1",
      "UPDATE outcomes SET train_kl = train_kl + 1",
    ])
  func forged(name: String, change: String) throws {
    for name in ["a", "b"] {
      let open = try OpenStore(path(name))
      let point = try Fixture.point()
      _ = try open.store.commit([open.grant(0, point), open.deliver(0, Fixture.completed(point))])
    }
    // Without seals nobody tells a changed row but by what it says; the merge seals anew.
    try Fixture.removeSeals(path(name))
    try DatabaseQueue(path: path(name)).write { db in try db.execute(sql: change) }
    let told = #expect(throws: StoreError.self) {
      try StoreReader(path: path(name)).outcomes()
    }
    let error = #expect(throws: StoreError.self) { try merge() }
    #expect(error?.kind == .damaged)
    #expect(error?.description == told?.description)
    #expect(try !FileManager.default.fileExists(atPath: path("c")))
  }

  @Test("are two: one and the same under two names is refused")
  func same() throws {
    let open = try OpenStore(path("a"))
    _ = open.start
    try FileManager.default.createSymbolicLink(atPath: path("b"), withDestinationPath: "a")
    for second in ["a", "b"] {
      let error = #expect(throws: StoreError.self) {
        try StoreMerge(path("a"), path(second), into: path("c")).run()
      }
      #expect(error?.description.contains("the same file") == true, "\(error?.description ?? "")")
    }
    #expect(try !FileManager.default.fileExists(atPath: path("c")))
  }
}
