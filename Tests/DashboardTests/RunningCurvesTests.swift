import Dashboard
import Sweep
import Testing
import VAE
import Wire

@Suite("Learning curves of running points")
struct RunningCurvesTests {
  private func point(
    _ architecture: String = "784-16-2", _ counter: UInt64 = 1, seed: UInt32 = 1, ended: Int? = nil
  ) throws -> RunningPoint {
    let point = try ViewFixture.point(architecture, seed: seed)
    return RunningPoint(
      attempt: AttemptID(epoch: 1, counter: counter),
      key: point.key(dataset: Digest(of: "data"), trainerVersion: 1),
      architecture: point.configuration.architecture, sampling: true,
      progress: AttemptProgress(
        step: 10, steps: 100, epoch: (ended ?? 0) + 1,
        ended: ended.map { EpochLoss(epoch: $0, testTotal: 200 - Double($0)) }))
  }

  private func worker(_ running: [RunningPoint]) -> WorkerStatus {
    WorkerStatus(host: "alpha", process: 1, slots: 4, finished: 0, running: running)
  }

  private func history(_ epochs: Int) -> [EpochRecord] {
    (1...epochs).map {
      EpochRecord(
        epoch: $0, trainRunningTotal: 1,
        test: LossTerms(reconstruction: 1, kl: 1, total: 300 - Double($0)),
        testReconstructionAtMean: 1)
    }
  }

  @Test("A curve grows with the epochs that are told of, and each stands in it once")
  func grow() throws {
    var curves = RunningCurves()
    for ended in [nil, 1, 1, 2, 5] { curves.look([worker([try point(ended: ended)])]) }
    #expect(curves.curves.map { $0.places.map(\.epoch) } == [[1, 2, 5]])
    #expect(curves.curves[0].places.map(\.testTotal) == [199, 198, 195])
    #expect(curves.curves[0].isRunning && curves.curves[0].host == "alpha" && curves.leftOut == 0)
    // Another attempt of the same point goes on from a checkpoint.
    curves.look([worker([])])
    #expect(!curves.curves[0].isRunning)
    curves.look([worker([try point("784-16-2", 2, ended: 3)])])
    #expect(curves.curves.map { $0.places.map(\.epoch) } == [[1, 2, 3]])
    #expect(curves.curves[0].isRunning)
  }

  @Test("One that has its outcome has its whole history, and stays until its room is wanted")
  func end() throws {
    var curves = RunningCurves()
    curves.look([worker([try point(ended: 1)])])
    curves.end(AttemptID(epoch: 1, counter: 99), history(3))
    curves.end(AttemptID(epoch: 1, counter: 1), history(3))
    #expect(curves.curves.map { $0.places.map(\.testTotal) } == [[299, 298, 297]])
    #expect(!curves.curves[0].isRunning)
    let many = try (0..<RunningCurves.mostCurves).map {
      try point("784-16-2", UInt64(10 + $0), seed: UInt32(10 + $0))
    }
    curves.look([worker(many)])
    #expect(curves.curves.count == RunningCurves.mostCurves && curves.leftOut == 0)
    #expect(curves.curves.allSatisfy { $0.isRunning })
  }

  @Test("A long curve loses places and keeps its ends", arguments: [33, 100, 10_000])
  func thin(epochs: Int) throws {
    var (told, whole) = (RunningCurves(), RunningCurves())
    for epoch in 1...epochs { told.look([worker([try point(ended: epoch)])]) }
    whole.look([worker([try point()])])
    whole.end(AttemptID(epoch: 1, counter: 1), history(epochs))
    for curve in told.curves + whole.curves {
      #expect(curve.places.count <= RunningCurves.mostPlaces && curve.places.count > 8)
      #expect(curve.places.first?.epoch == 1 && curve.places.last?.epoch == epochs)
      #expect(zip(curve.places, curve.places.dropFirst()).allSatisfy { $0.epoch < $1.epoch })
    }
  }

  @Test("Of many running points so many have a curve, of every net some")
  func spread() throws {
    var curves = RunningCurves()
    let many = try (0..<300).map { try point("784-16-2", UInt64($0), seed: UInt32($0)) }
    let few = try (0..<3).map { try point("784-16-8-3", UInt64(900 + $0), seed: UInt32($0)) }
    curves.look([worker(many), worker(few)])
    #expect(curves.curves.count == RunningCurves.mostCurves)
    #expect(curves.curves.filter { $0.net.architecture.latentDim == 3 }.count == 3)
    #expect(curves.leftOut == 303 - RunningCurves.mostCurves)
    // Those that have one keep it.
    let before = Set(curves.curves.map(\.attempt))
    curves.look([worker(many), worker(few)])
    #expect(Set(curves.curves.map(\.attempt)) == before)
  }
}
