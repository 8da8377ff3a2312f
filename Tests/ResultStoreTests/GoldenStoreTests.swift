import Foundation
import GRDB
import ResultStore
import Sweep
import TestSupport
import Testing
import VAE

/// Stores that earlier programs wrote; `Goldens/make` says which.
@Suite("A golden store", .serialized)
struct GoldenStoreTests {
  private static let goldens = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Goldens")
  private static let versions = ["v2", "v3", "v4"]

  private let folder = Result { try TemporaryFolder() }

  /// A copy that may be written to.
  private func copy(_ version: String) throws -> String {
    let path = try folder.get().file("\(version).sqlite")
    try FileManager.default.copyItem(
      at: Self.goldens.appending(path: "\(version).sqlite"), to: URL(filePath: path))
    return path
  }

  /// What the program of the time printed of each outcome, by its key.
  private func printed(_ version: String) throws -> [String: String] {
    let text = try String(
      contentsOf: Self.goldens.appending(path: "\(version)/export.jsonl"), encoding: .utf8)
    let lines = text.split(separator: "\n").map(String.init)
    return Dictionary(
      uniqueKeysWithValues: lines.map { (String($0.dropFirst(#"{"key":""#.count).prefix(64)), $0) })
  }

  /// Train keys that were added since, each at its default: what was printed then has none of them.
  private static let later = TrainKey.allCases.filter { !$0.entersKeyAtDefault }
    .map { JSONValue.Member($0.rawValue, JSONValue($0.defaultValue)) }

  private func check(_ path: String, _ version: String) throws {
    let reader = try StoreReader(path: path)
    let outcomes = try reader.outcomes(history: .full)
    let lines = try printed(version)
    #expect(outcomes.count == lines.count)
    for stored in outcomes {
      let json = stored.json(history: true).without(Self.later)
      #expect(json.compact == lines[stored.outcome.key.description])
      #expect(stored.outcome.resultVersion == 1)
    }
    #expect(Set(outcomes.map(\.outcome.status)) == [.ok, .diverged])
    #expect(try reader.failures().map(\.reason) == Array(repeating: .trainerSignal(9), count: 3))
    #expect(try reader.troubledPoints().filter(\.tally.isFailed).count == 1)
    let kinds = try reader.artifactKinds()
    #expect(kinds.count >= 7)
    for (key, kinds) in kinds {
      for kind in kinds { #expect(try reader.artifact(of: key, kind) != nil) }
    }
    #expect(try reader.claimFamilies().count == 1)
  }

  private func identity(_ path: String) throws -> StoreIdentity {
    try DatabaseQueue(path: path).read { db in
      let row = try #require(try Row.fetchOne(db, sql: "SELECT * FROM store"))
      return StoreIdentity(
        datasetDigest: try #require(Digest(hex: row["dataset_digest"])),
        trainerVersion: row["trainer_version"], blasCore: row["blas_core"],
        fingerprint: row["fingerprint"], mixed: false)
    }
  }

  /// Opens it as a coordinator does, which brings it up to date.
  private func open(_ path: String, _ body: (ResultStore) throws -> Void = { _ in }) throws {
    let store = try ResultStore(path: path, identity: identity(path))
    _ = try store.startEpoch()
    try body(store)
  }

  @Test(
    "is read as it was written, before and after a coordinator has brought it up to date",
    arguments: versions)
  func read(version: String) throws {
    let path = try copy(version)
    let before = try Data(contentsOf: URL(filePath: path))
    try check(path, version)
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
    try open(path)
    try check(path, version)
    #expect(
      try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 5)
  }

  @Test("is recovered whole", arguments: versions)
  func recovered(version: String) throws {
    let path = try copy(version)
    let lines = try printed(version)
    try open(path) { store in
      var keys: Set<String> = []
      let state = try store.recover { keys.insert($0.key.description) }
      #expect(keys == Set(lines.keys))
      #expect(state.troubled.count == 1)
      #expect(state.open.isEmpty)
    }
  }

  @Test("stays as it was when the catalogues have grown", arguments: versions)
  func grown(version: String) throws {
    let path = try copy(version)
    try Later.inForce {
      // Members of the new key and measure are printed too, so that the lines are others.
      let reader = try StoreReader(path: path)
      let lines = try printed(version)
      for stored in try reader.outcomes(history: .full) {
        #expect(lines[stored.outcome.key.description]?.contains(stored.resultDigest.hex) == true)
        #expect(stored.json(history: false)["later_measure"] == .null)
        #expect(stored.json(history: false)["later_optional"] == nil)
      }
      try open(path)
      let again = try StoreReader(path: path).outcomes(history: .full)
      #expect(again.count == lines.count)
      #expect(again.allSatisfy { $0.outcome.resultVersion == 1 })
    }
    // A program that lacks the key says so.
    let error = #expect(throws: StoreError.self) { try StoreReader(path: path) }
    #expect(error?.kind == .newer)
    #expect(error?.description.contains("a train key later_decay") == true)
  }

  @Test(
    "takes new results beside old ones, and compares a replay in what both have",
    arguments: versions)
  func mixedVersions(version: String) throws {
    let path = try copy(version)
    let old = try #require(
      try StoreReader(path: path).outcomes(history: .full).first { $0.outcome.status == .ok })
    try Later.inForce {
      try open(path) { store in
        let sweep = try store.register(
          sweep: "later", dataset: "digits:200:100", definition: Digest(of: "later"), yaml: "",
          at: 1)
        _ = try store.commit([.worker(Fixture.worker, at: 1)])
        let start = try store.startEpoch()
        func grant(_ counter: UInt64, _ key: PointKey, _ point: Point) -> StoreOperation {
          .attempt(
            AttemptID(epoch: start.epoch, counter: counter, start: start.number), key: key,
            index: Int(counter), point: point,
            sweep: sweep, worker: Fixture.worker.id, at: 2)
        }
        func deliver(_ counter: UInt64, _ outcome: Outcome) -> StoreOperation {
          .outcome(
            outcome, old.receipt,
            attempt: AttemptID(epoch: start.epoch, counter: counter, start: start.number))
        }
        // The same point trained by the new program, with what it measures besides.
        func replayed(_ change: (inout FinalMeasurements) -> Void) throws -> Outcome {
          var final = try #require(old.outcome.measurements)
          final.study[Later.measure] = 7
          final.study[Later.optional] = 8
          change(&final)
          return Outcome(
            key: old.outcome.key, point: old.outcome.point,
            result: TrainingResult(
              history: old.outcome.result.history, ending: .completed(final)))
        }
        let point = Point(
          configuration: try Configuration(
            architecture: Architecture(parsing: "784-8-2"),
            [Later.decay: .double(0.5), .epochs: .int(7)]), seeds: Seeds(3))
        let key = point.key(
          dataset: try identity(path).datasetDigest, trainerVersion: 1)
        let fresh = Outcome(key: key, point: point, result: Fixture.completed(point).result)
        #expect(
          try store.commit([
            grant(1, old.outcome.key, old.outcome.point), deliver(1, try replayed { _ in }),
            grant(2, old.outcome.key, old.outcome.point),
            deliver(2, try replayed { $0.train.kl += 1 }),
            grant(3, key, point), deliver(3, fresh),
          ]) == [
            .stored, .alreadyStored, .stored, .differs(existing: old.resultDigest), .stored,
            .stored,
          ])
        // What was asked for later has come with the replay; the result is the old one.
        let read = try StoreReader(path: path).outcomes(history: .full)
        let kept = try #require(read.first { $0.outcome.key == old.outcome.key })
        #expect(kept.resultDigest == old.resultDigest)
        #expect(kept.outcome.measurements?.study[Later.optional] == 8)
        #expect(kept.outcome.measurements?.study[Later.measure] == nil)
        let stored = try #require(read.first { $0.outcome.key == key })
        #expect(stored.outcome == fresh)
        #expect(stored.outcome.resultVersion == 2)
        #expect(stored.outcome.point.configuration[Later.decay] == .double(0.5))
      }
    }
  }

  @Test(
    "of version 3 has the columns that a new store has, but for the version of results and later keys"
  )
  func columns() throws {
    let (old, new) = (try copy("v3"), try folder.get().file("new.sqlite"))
    _ = try OpenStore(new)
    func columns(_ path: String, _ table: String) throws -> [String] {
      try DatabaseQueue(path: path).read { db in
        try Row.fetchAll(db, sql: "SELECT * FROM pragma_table_info(?)", arguments: [table]).map {
          "\($0["name"] as String) \($0["type"] as String) \($0["notnull"] as Int)"
        }
      }
    }
    let tables = try DatabaseQueue(path: old).read {
      try String.fetchAll($0, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'")
    }
    #expect(tables.count == 17)
    for table in ["configurations", "outcomes", "epochs", "latents"] {
      let added =
        ["result_version"] + TrainKey.allCases.filter { !$0.entersKeyAtDefault }.map(\.rawValue)
      let kept = try columns(new, table).filter { column in
        !added.contains { column.hasPrefix("\($0) ") }
      }
      #expect(try kept == columns(old, table), "\(table)")
    }
  }
}

extension JSONValue {
  /// An object without these members, where they have these values.
  fileprivate func without(_ members: [Member]) -> JSONValue {
    guard case .object(let own) = self else { return self }
    return .object(own.filter { !members.contains($0) })
  }
}
