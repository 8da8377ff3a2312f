import Foundation
import GRDB
import TestSupport
import Testing

@Suite("Pictures of a sweep in separate processes", .serialized)
struct PictureTests {
  /// The digest of every artifact, by key and name.
  private func digests(_ store: String) throws -> [String: String] {
    var configuration = Configuration()
    configuration.readonly = true
    return try DatabaseQueue(path: store, configuration: configuration).read { db in
      let rows = try Row.fetchAll(db, sql: "SELECT key, name, sha256 FROM artifacts")
      return Dictionary(
        uniqueKeysWithValues: rows.map { row -> (String, String) in
          ("\(row[0] as String) \(row[1] as String)", row[2])
        })
    }
  }

  @Test(
    "arrive with the outcomes; asked for later they come by replay, and nothing else runs again")
  func replay() throws {
    let program = try Program()
    let store = program.folder["small.sqlite"]
    let before = try program.writeSweep(seeds: "0..6", train: "pictures: [samples]")
    let first = try program.run("run", before)
    #expect(first.status == 0, "\(first.errors)")
    // Two nets, and the first five of seven seeds.
    #expect(try StoreProbe.count("artifacts", in: store) == 10)
    #expect(try StoreProbe.count("attempts", in: store) == 14)
    let results = try program.results("small.sqlite")

    let after = try program.writeSweep(
      seeds: "0..6", train: "pictures: {kinds: [samples, codes], seeds: 2}")
    let plan = try program.run("plan", after, "--store", "small.sqlite")
    #expect(
      plan.output.contains("4 of those done to be trained again for their pictures or measures"),
      "\(plan.output)\(plan.errors)")
    let second = try program.run("run", after)
    #expect(second.status == 0, "\(second.errors)")
    #expect(second.errors.contains("4 finished points lack pictures"), "\(second.errors)")
    #expect(try StoreProbe.count("artifacts", in: store) == 14)
    #expect(try StoreProbe.count("attempts", in: store) == 18)
    #expect(try StoreProbe.count("sweeps", in: store) == 1)
    #expect(try StoreProbe.count("faults", in: store) == 0)
    #expect(try program.results("small.sqlite") == results)

    // Nothing is left to do, and the store says so.
    let third = try program.run("run", after)
    #expect(third.status == 0, "\(third.errors)")
    #expect(try StoreProbe.count("attempts", in: store) == 18)
    let status = try program.run("status", "--store", "small.sqlite", "--format", "json")
    #expect(status.output.contains("\"lacking_artifacts\": 0"), "\(status.output)")

    // A replay gives the same bytes as a run that had been asked at once.
    let fresh = try program.run("run", after, "--store", "fresh.sqlite", "--workers", "2")
    #expect(fresh.status == 0, "\(fresh.errors)")
    let wanted = try digests(program.folder["fresh.sqlite"])
    #expect(wanted.count == 8)
    let stored = try digests(store)
    for (name, digest) in wanted { #expect(stored[name] == digest, "\(name)") }
  }

  @Test("lost with their worker come again by replay", arguments: [SIGKILL])
  func lost(signal: Int32) throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..3", epochs: 60, train: "pictures: all")
    let coordinator = try program.start(
      "coordinator", sweep, "--store", "s.sqlite", "--bind", "tcp://127.0.0.1:*", "--lease", "10s")
    let endpoint = try program.endpoint(of: coordinator)
    let worker = try program.start("worker", "--connect", endpoint, "--slots", "2")
    try coordinator.waitForFirstResult()
    worker.send(signal)
    let second = try program.start("worker", "--connect", endpoint, "--slots", "2")
    #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
    #expect(try second.waitForEnd() == 0)
    let status = try program.run("status", "--store", "s.sqlite", "--format", "json")
    #expect(status.output.contains("\"lacking_artifacts\": 0"), "\(status.output)")
    // 784-16-2 has all four kinds, 784-16-8-3 three.
    #expect(try StoreProbe.count("artifacts", in: program.folder["s.sqlite"]) == 4 * (4 + 3))
  }
}
