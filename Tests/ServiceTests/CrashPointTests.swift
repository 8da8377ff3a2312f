import Coordinator
import Platform
import ResultStore
import Sweep
import Synchronization
import TestSupport
import Testing
import Wire
import Worker
import ZeroMQ

@Suite("A coordinator that dies", .serialized)
struct CrashPointTests {
  /// Dies at every step of a sweep in turn, until one is past its last.
  ///
  /// The next coordinator goes on, with the same workers, and the table is as if nothing had been. Of
  /// the steps some are of workers, attempts and outcomes, some of points that cannot be trained, some
  /// of pictures.
  @Test("at any of its durable steps is followed by one that finishes the sweep")
  func everyStep() throws {
    let fingerprint = try ServiceFixture.fingerprint()
    var expected: [PointKey: Digest]?
    var steps = 0
    var survived = false
    while !survived {
      steps += 1
      for moment in DyingWriter.Moment.allCases {
        let fixture = try ServiceFixture(
          seeds: "0..1", more: ", limit: [none, 9999]", pictures: "[codes]")
        // One more died before it could grant anything: the store is made, and its epoch begun.
        _ = try fixture.coordinator(try StopSignal(), fingerprint: fingerprint)
        survived = try finish(fixture, fingerprint, step: steps, moment)
        let reader = try StoreReader(path: fixture.folder["s.sqlite"])
        let outcomes = try reader.outcomes(history: .full)
        let table = Dictionary(
          uniqueKeysWithValues: outcomes.map { ($0.outcome.key, $0.resultDigest) })
        #expect(table.count == 2, "step \(steps), \(moment)")
        let failed = try reader.troubledPoints().filter(\.tally.isFailed)
        #expect(failed.count == 2, "step \(steps), \(moment)")
        #expect(try reader.artifactKinds().count == 2, "step \(steps), \(moment)")
        #expect(table == expected ?? table, "step \(steps), \(moment)")
        expected = table
      }
      try #require(steps < 100)
    }
    // Worker, grants, outcomes: there was something to die at.
    #expect(steps > 4)
    print("a coordinator died at \(steps - 1) steps, before and after each")
  }

  /// - Returns: Whether the first coordinator lived to the end.
  private func finish(
    _ fixture: ServiceFixture, _ fingerprint: String, step: Int, _ moment: DyingWriter.Moment
  ) throws -> Bool {
    let endpoint = try Endpoint(parsing: "ipc://\(fixture.folder["socket"])")
    let death = try #require(DyingWriter.anyError(fixture))
    let first = Background {
      let stop = try StopSignal()
      let service = try fixture.coordinator(
        stop, fingerprint: fingerprint, at: endpoint, grace: .seconds(15)
      ) { DyingWriter($0, step: step, moment, death: death) }
      return try service.run(stopWorkers: nil, watch: { _ in }).isComplete
    }
    let worker = Background { try fixture.worker(endpoint, 1, try StopSignal()).run() }
    let survived: Bool
    do {
      survived = try first.value()
    } catch is CoordinatorError {
      survived = false
    }
    if !survived {
      let second = Background {
        let service = try fixture.coordinator(
          try StopSignal(), fingerprint: fingerprint, at: endpoint, grace: .seconds(15))
        return try service.run(stopWorkers: nil, watch: { _ in }).isComplete
      }
      #expect(try second.value())
    }
    #expect(try worker.value().status == 0)
    return survived
  }
}
