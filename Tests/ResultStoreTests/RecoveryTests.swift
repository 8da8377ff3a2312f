import Foundation
import GRDB
import ResultStore
import Sweep
import TestSupport
import Testing
import VAE

@Suite("A coordinator that starts again")
struct RecoveryTests {
  @Test("gets an epoch above every earlier one, and a number that no other start has")
  func epochs() throws {
    let folder = try TemporaryFolder()
    var last: UInt64 = 0
    var numbers: Set<UInt64> = []
    for _ in 0..<3 {
      let store = try ResultStore(path: folder.file(), identity: Fixture.identity)
      for _ in 0..<2 {
        let start = try store.startEpoch()
        #expect(start.epoch == last + 1)
        #expect(start.number > 0)
        last = start.epoch
        numbers.insert(start.number)
      }
    }
    #expect(numbers.count == 6)
  }

  @Test("knows no attempt of a start that came after the copy it was restored from")
  func restored() throws {
    let folder = try TemporaryFolder()
    let (point, other) = (try Fixture.point(), try Fixture.point(1))
    _ = try OpenStore(folder.file())
    let copy = try Data(contentsOf: URL(filePath: folder.file()))
    let lost: AttemptID
    do {
      let open = try OpenStore(folder.file())
      lost = open.attempt(1)
      _ = try open.store.commit([open.grant(1, point)])
    }
    try copy.write(to: URL(filePath: folder.file()))
    let open = try OpenStore(folder.file())
    // The same epoch and counter, for another point.
    #expect(open.attempt(1).epoch == lost.epoch)
    let answers = try open.store.commit([
      open.grant(1, other), .failure(lost, key: Fixture.key(other), .point("no"), at: 3),
      .release(lost, at: 3),
      .outcome(Fixture.completed(point), Fixture.receipt(), attempt: lost),
      .outcome(Fixture.completed(other), Fixture.receipt(), attempt: lost),
    ])
    #expect(answers == [.stored] + Array(repeating: .unknownAttempt, count: 4))
  }

  @Test("reads attempts that were granted before starts drew a number")
  func storedEpochs() {
    for id in [
      AttemptID(epoch: 3, counter: 4), AttemptID(epoch: 3, counter: 4, start: 5),
      AttemptID(epoch: 1 << 31 - 1, counter: 0),
      AttemptID(epoch: 1, counter: 0, start: 1 << 31 - 1),
    ] {
      #expect(AttemptID(storedEpoch: id.storedEpoch, counter: id.counter) == id)
    }
    #expect(CoordinatorStart(after: 7).epoch == 8)
    #expect(CoordinatorStart(after: CoordinatorStart(epoch: 7, number: 9).stored).epoch == 8)
    // A start after one without a number is later than it, as SQL sorts them.
    #expect(CoordinatorStart(after: 1 << 31 - 1).stored > 1 << 31 - 1)
  }

  @Test("finds what is finished, what is in trouble and what may still be held")
  func state() throws {
    let folder = try TemporaryFolder()
    let points = try (0..<6).map { try Fixture.point(UInt32($0)) }
    let attempts: [AttemptID]
    do {
      let open = try OpenStore(folder.file())
      attempts = (0..<6).map { open.attempt($0) }
      _ = try open.store.commit(points.indices.map { open.grant(UInt64($0), points[$0]) })
      _ = try open.store.commit([
        open.deliver(3, Fixture.completed(points[3])), open.deliver(1, Fixture.diverged(points[1])),
        open.fail(2, points[2], .trainerSignal(9)), open.fail(4, points[4], .point("too large")),
      ])
    }
    let store = try ResultStore(path: folder.file(), identity: Fixture.identity)
    var finished: [FinishedPoint] = []
    let state = try store.recover { finished.append($0) }
    #expect(finished.map(\.point) == [points[3], points[1]])
    #expect(finished.map(\.key) == [points[3], points[1]].map(Fixture.key))
    #expect(finished.map(\.status) == [.ok, .diverged])
    #expect(state.finished == 2)
    #expect(state.troubled.map(\.point) == [points[2], points[4]])
    #expect(state.troubled.map(\.tally.isFailed) == [false, true])
    #expect(state.open.map(\.attempt) == [attempts[0], attempts[5]])
    #expect(state.open.map(\.point) == [points[0], points[5]])
    #expect(state.open.allSatisfy { $0.worker == Fixture.worker.id && $0.grantedAt == 2 })
  }

  @Test("keeps the sweep it knows by the digest of its definition")
  func sweeps() throws {
    let folder = try TemporaryFolder()
    let store = try ResultStore(path: folder.file(), identity: Fixture.identity)
    func register(_ definition: String, at: Double) throws -> SweepID {
      try store.register(
        sweep: "quickstart", dataset: "digits", definition: Digest(of: definition),
        yaml: "# \(definition)", at: at)
    }
    let first = try register("a", at: 1)
    let second = try register("b", at: 2)
    #expect(try register("a", at: 3) == first)
    #expect(first != second)
    let sweeps = try StoreReader(path: folder.file()).sweeps()
    #expect(sweeps.map(\.yaml) == ["# a", "# b"])
    #expect(sweeps.map(\.registeredAt) == [1, 2])
    #expect(sweeps.allSatisfy { $0.name == "quickstart" && $0.dataset == "digits" })
    #expect(sweeps.allSatisfy { $0.datasetDigest == Fixture.dataset && $0.trainerVersion == 1 })
  }

  @Test("keeps the configurations it knows")
  func configurations() throws {
    let folder = try TemporaryFolder()
    let point = try Fixture.point(0, "784-256-2", [.limit: .int(5)])
    for counter in 0..<3 {
      let open = try OpenStore(folder.file())
      _ = try open.store.commit([open.grant(UInt64(counter), point)])
    }
    let store = try ResultStore(path: folder.file(), identity: Fixture.identity)
    #expect(try store.recover { _ in }.open.map(\.point) == [point, point, point])
  }

  @Test("gets 100,000 outcomes back, each under its key")
  func manyOutcomes() throws {
    let folder = try TemporaryFolder()
    let count: UInt32 = 100_000
    do {
      let open = try OpenStore(folder.file())
      let shapes = try ["784-256-2", "784-256-32-2"].map { try Fixture.point(0, $0).configuration }
      let sample = shapes.map {
        Fixture.completed(Point(configuration: $0, seeds: Seeds(0)), epochs: 1).result
      }
      for batch in 0..<100 {
        var operations: [StoreOperation] = []
        for seed in UInt32(batch * 1000)..<UInt32((batch + 1) * 1000) {
          let shape = Int(seed % 2)
          let point = Point(configuration: shapes[shape], seeds: Seeds(seed))
          let outcome = Outcome(key: Fixture.key(point), point: point, result: sample[shape])
          operations.append(open.grant(UInt64(seed), point))
          operations.append(open.deliver(UInt64(seed), outcome))
        }
        let results = try open.store.commit(operations)
        #expect(results.allSatisfy { $0 == .stored })
      }
    }
    let clock = ContinuousClock()
    let start = clock.now
    let store = try ResultStore(path: folder.file(), identity: Fixture.identity)
    var seeds: Set<UInt32> = []
    var keys: Set<PointKey> = []
    let state = try store.recover { finished in
      seeds.insert(finished.point.seeds.noise)
      keys.insert(finished.key)
      if finished.point.seeds.noise % 997 == 0 {
        #expect(finished.key == Fixture.key(finished.point))
      }
    }
    print("recovered \(state.finished) outcomes in \(clock.now - start)")
    #expect(state.finished == Int(count))
    #expect(seeds.count == Int(count))
    #expect(keys.count == Int(count))
    #expect(state.open.isEmpty)
    #expect(state.troubled.isEmpty)
  }
}
