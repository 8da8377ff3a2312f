import GRDB
import ResultStore
import Sweep
import TestSupport
import Testing
import VAE

@Suite("An outcome in the store")
struct OutcomeStorageTests {
  static let variants: [[TrainKey: ParameterValue]] = [
    [:],
    [.sampling: .bool(false), .limit: .int(1000)],
    [.optimizer: .string("rmsprop"), .rho: .double(0.1 + 0.2), .loss: .string("mse")],
    [
      .optimizer: .string("sgd"), .momentum: .double(0.5), .klWeight: .double(0.1),
      .activation: .string("elu"), .initializer: .string("torch_linear"), .epochs: .int(9),
    ],
  ]

  @Test("reads back as it was, to the last bit", arguments: variants)
  func roundTrip(values: [TrainKey: ParameterValue]) throws {
    let folder = try TemporaryFolder()
    let open = try OpenStore(folder.file())
    let point = try Fixture.point(7, "784-256-32-8-4", values)
    let outcome = Fixture.completed(point)
    let results = try open.store.commit([open.grant(1, point), open.deliver(1, outcome)])
    #expect(results == [.stored, .stored])

    let reader = try StoreReader(path: folder.file())
    let stored = try #require(try reader.outcomes(history: .full).first)
    #expect(stored.outcome == outcome)
    #expect(stored.outcome.resultDigest == outcome.resultDigest)
    #expect(stored.resultDigest == outcome.resultDigest)
    #expect(stored.receipt == Fixture.receipt())
    #expect(stored.attempt == open.attempt(1))
  }

  @Test("has every metric with only five epochs of its history read")
  func shortHistory() throws {
    let folder = try TemporaryFolder()
    let open = try OpenStore(folder.file())
    let point = try Fixture.point()
    let outcome = Fixture.completed(point)
    _ = try open.store.commit([open.grant(1, point), open.deliver(1, outcome)])
    let stored = try #require(try StoreReader(path: folder.file()).outcomes().first)
    #expect(stored.outcome.result.history.map(\.epoch) == [3, 4, 5, 6, 7])
    #expect(stored.outcome.testTotalLast5 == outcome.testTotalLast5)
    #expect(
      stored.json(history: false).compact
        == outcome.json(receipt: Fixture.receipt(), history: false).compact)
  }

  @Test("is read once, in the order of the keys, however many there are")
  func many() throws {
    let folder = try TemporaryFolder()
    let open = try OpenStore(folder.file())
    // Several parts for each of many processors are read at once.
    let outcomes = try (0..<9_000).map {
      Fixture.completed(try Fixture.point($0, "784-2-1"), epochs: 1)
    }
    _ = try open.store.commit(
      outcomes.enumerated().flatMap { place, outcome in
        let counter = UInt64(place + 1)
        return [open.grant(counter, outcome.point), open.deliver(counter, outcome)]
      })
    let keys = outcomes.map(\.key.description).sorted()
    let reader = try StoreReader(path: folder.file())
    #expect(try reader.outcomes().map(\.outcome.key.description) == keys)
    for count in [1, 255, 256, 257, 1279, 1280, 1281, 8999] {
      var read: [String] = []
      try reader.forEachOutcome {
        read.append($0.outcome.key.description)
        return read.count < count
      }
      #expect(read.elementsEqual(keys.prefix(count)), "\(count)")
    }
    // Whichever part finds it.
    for place in [3, 300, 2_000, 8_998] {
      let queue = try DatabaseQueue(path: folder.file())
      func set(_ change: String) throws {
        try queue.write {
          try $0.execute(
            sql: "UPDATE outcomes SET \(change) WHERE key = ?", arguments: [keys[place]])
        }
      }
      try set("train_total = train_total + 1")
      let error = #expect(throws: StoreError.self) { try reader.outcomes() }
      #expect(error?.description.contains(keys[place].prefix(12)) == true, "\(error as Any)")
      try set("train_total = train_total - 1")
    }
  }

  @Test("that diverged keeps its result digest; what is not finite is null in SQL")
  func diverged() throws {
    let folder = try TemporaryFolder()
    let open = try OpenStore(folder.file())
    let point = try Fixture.point()
    let outcome = Fixture.diverged(point)
    _ = try open.store.commit([open.grant(1, point), open.deliver(1, outcome)])
    let stored = try #require(
      try StoreReader(path: folder.file()).outcomes(history: .full).first)
    #expect(stored.outcome.divergedEpoch == 2)
    #expect(stored.outcome.resultDigest == outcome.resultDigest)
    #expect(stored.resultDigest == outcome.resultDigest)
    let queue = try DatabaseQueue(path: folder.file())
    let row = try #require(
      try queue.read {
        try Row.fetchOne(
          $0, sql: "SELECT status, diverged_epoch, test_total, test_kl, digest FROM outcomes")
      })
    #expect(
      Array(row.databaseValues) == ["diverged".databaseValue, 2.databaseValue, .null, .null, .null])
  }

  @Test("shows every key and metric as a column to a user of SQL")
  func columns() throws {
    let folder = try TemporaryFolder()
    let open = try OpenStore(folder.file())
    let point = try Fixture.point(5)
    let outcome = Fixture.completed(point)
    _ = try open.store.commit([open.grant(1, point), open.deliver(1, outcome)])
    let queue = try DatabaseQueue(path: folder.file())
    let row = try #require(
      try queue.read { try Row.fetchOne($0, sql: "SELECT * FROM outcomes") })
    guard case .object(let members) = outcome.json(receipt: Fixture.receipt(), history: false)
    else {
      Issue.record("an outcome is an object")
      return
    }
    let elsewhere: Set = ["latents", "receipt"]
    let receipt = Fixture.receipt().json
    guard case .object(let provenance) = receipt else { return }
    for member in members + provenance where !elsewhere.contains(member.name) {
      #expect(row.hasColumn(member.name), "\(member.name)")
      switch member.value {
      case .string(let text): #expect(row[member.name] == text)
      case .int(let number): #expect(row[member.name] == number)
      case .number(let number): #expect(row[member.name] == number)
      case .bool(let flag): #expect(row[member.name] == flag)
      case .array, .object: #expect(row[member.name] == member.value.compact)
      case .null: #expect((row[member.name] as DatabaseValue).isNull)
      }
    }
    for key in TrainKey.allCases { #expect(row.hasColumn(key.rawValue)) }
  }

  @Test("is stored once; the same again changes nothing")
  func once() throws {
    let folder = try TemporaryFolder()
    let open = try OpenStore(folder.file())
    let point = try Fixture.point()
    let outcome = Fixture.completed(point)
    _ = try open.store.commit([open.grant(1, point), open.grant(2, point)])
    #expect(try open.store.commit([open.deliver(1, outcome)]) == [.stored])
    #expect(try open.store.commit([open.deliver(1, outcome)]) == [.alreadyStored])
    #expect(try open.store.commit([open.deliver(2, outcome)]) == [.alreadyStored])
    #expect(try StoreReader(path: folder.file()).outcomes().count == 1)
    #expect(try StoreReader(path: folder.file()).faults().isEmpty)
  }

  @Test("that differs from the first is a fault naming both hosts, and the first stands")
  func fault() throws {
    let folder = try TemporaryFolder()
    let open = try OpenStore(folder.file())
    let point = try Fixture.point()
    let first = Fixture.completed(point)
    let other = Fixture.completed(point, shift: 1e-9)
    let results = try open.store.commit([
      open.grant(1, point), open.grant(2, point), open.deliver(1, first),
      open.deliver(2, other, host: "node-2"), open.deliver(2, other, host: "node-2"),
    ])
    let differs = StoreOutcome.differs(existing: first.resultDigest)
    #expect(results == [.stored, .stored, .stored, differs, differs])
    let reader = try StoreReader(path: folder.file())
    let faults = try reader.faults()
    #expect(faults.map(\.key) == [first.key])
    #expect(faults.map(\.keptDigest) == [first.resultDigest])
    #expect(faults.map(\.otherDigest) == [other.resultDigest])
    #expect(faults.map(\.keptHost) == ["node-1"])
    #expect(faults.map(\.otherHost) == ["node-2"])
    #expect(faults.map(\.otherAttempt) == [open.attempt(2)])
    #expect(try reader.outcomes(history: .full).map(\.outcome) == [first])
  }

  @Test("of another fingerprint is not compared where the store is mixed")
  func mixed() throws {
    var identity = Fixture.identity
    identity.mixed = true
    let folder = try TemporaryFolder()
    let open = try OpenStore(folder.file(), identity: identity)
    let point = try Fixture.point()
    let other = Fixture.completed(point, shift: 1)
    let receipt = Fixture.receipt(fingerprint: "another")
    let results = try open.store.commit([
      open.grant(1, point), open.deliver(1, Fixture.completed(point)),
      .outcome(other, receipt, attempt: open.attempt(1)), open.deliver(1, other),
    ])
    #expect(results[2] == .alreadyStored)
    #expect(results[3] == .differs(existing: Fixture.completed(point).resultDigest))
  }

  @Test("of an attempt never granted, or granted for another point, is refused")
  func unknownAttempt() throws {
    let folder = try TemporaryFolder()
    let open = try OpenStore(folder.file())
    let point = try Fixture.point()
    let other = try Fixture.point(1)
    let unknown = try Fixture.point(0, "784-8-2")
    let result = Fixture.completed(point).result
    let results = try open.store.commit([
      open.grant(1, point), open.deliver(2, Fixture.completed(point)),
      open.deliver(1, Fixture.completed(other)),
      .outcome(
        Fixture.completed(point), Fixture.receipt(),
        attempt: AttemptID(epoch: .max, counter: .max)),
      open.fail(3, point, .point("no")), open.fail(1, other, .point("no")),
      // The right key, on results of another point.
      open.deliver(1, Outcome(key: Fixture.key(point), point: other, result: result)),
      open.deliver(1, Outcome(key: Fixture.key(point), point: unknown, result: result)),
    ])
    #expect(results == [.stored] + Array(repeating: .unknownAttempt, count: 7))
    let progress = try StoreReader(path: folder.file()).progress()
    #expect((progress.ok, progress.failed, progress.running + progress.waiting) == (0, 0, 1))
  }
}
