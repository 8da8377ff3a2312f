import Dataset
import Foundation
import Synchronization
import Testing
import VAE

private func configuration(
  _ architecture: String = "784-24-6-3", _ values: [TrainKey: ParameterValue] = [:]
) throws -> Configuration {
  let short: [TrainKey: ParameterValue] = [.epochs: .int(2), .batchSize: .int(64)]
  return try Configuration(
    architecture: Architecture(parsing: architecture),
    short.merging(values) { _, given in given })
}

private func train(
  _ configuration: Configuration, seeds: Seeds = Seeds(3),
  on dataset: Dataset = SyntheticImages.dataset()
) throws -> TrainingResult {
  let trainer = try Trainer(configuration: configuration, seeds: seeds, dataset: dataset)
  return try #require(trainer.run { _ in true })
}

extension TrainingResult {
  fileprivate var measurements: FinalMeasurements? {
    guard case .completed(let measurements) = ending else { return nil }
    return measurements
  }
}

/// Ends the thread of a test.
private final class Stop: Sendable {
  let isAsked = Atomic(false)
}

struct TrainerTests {
  @Test(
    "the same point gives the same result, with a neighbour in between and data elsewhere",
    arguments: [true, false], [5, 1])
  func sameBits(sampling: Bool, density: Int) throws {
    let point = try configuration("784-24-6-3", [.sampling: .bool(sampling)])
    let first = try train(point, on: SyntheticImages.dataset(density: density))
    _ = try train(configuration("784-9-2"))
    let second = try train(point, on: SyntheticImages.dataset(density: density))
    #expect(first == second)
    #expect(first.measurements?.digest.count == 64)
  }

  @Test("the same point gives the same result beside a thread that fills the caches")
  func sameBitsInCompany() throws {
    let point = try configuration("784-64-16-3")
    let alone = try train(point)
    let stop = Stop()
    // A thread of its own: on two cores, tasks that spin would leave none to train on.
    Thread.detachNewThread {
      var bytes = [UInt8](repeating: 0, count: 8_000_003)
      while !stop.isAsked.load(ordering: .relaxed) {
        for i in stride(from: 0, to: bytes.count, by: 64) { bytes[i] &+= 1 }
      }
    }
    defer { stop.isAsked.store(true, ordering: .relaxed) }
    // Another point and an odd allocation first, so that the next trainer's memory lies elsewhere.
    _ = try train(configuration("784-9-2"))
    let odd = [Float](repeating: 1, count: 4_099)
    let together = try train(point)
    #expect(together == alone)
    #expect(odd.count == 4_099)
  }

  @Test("each of the three seeds changes the result, and so does the optimiser")
  func seedsMatter() throws {
    let point = try configuration()
    var digests = Set<String>()
    for seeds in [
      Seeds(3), Seeds(initialization: 4, order: 3, noise: 3),
      Seeds(initialization: 3, order: 4, noise: 3), Seeds(initialization: 3, order: 3, noise: 4),
    ] {
      digests.insert(try #require(train(point, seeds: seeds).measurements).digest)
    }
    for optimizer in ["rmsprop", "sgd"] {
      let other = try configuration(
        "784-24-6-3", [.optimizer: .string(optimizer), .learningRate: .double(1e-4)])
      digests.insert(try #require(train(other).measurements).digest)
    }
    #expect(digests.count == 6)
  }

  @Test("training lowers the loss, and every measured value is there")
  func learns() throws {
    let result = try train(configuration("784-64-16-2", [.epochs: .int(30)]))
    let (first, last) = (try #require(result.history.first), try #require(result.history.last))
    #expect(result.history.map(\.epoch) == Array(1...30))
    #expect(last.test.total < 0.5 * first.test.total)
    #expect(last.testReconstructionAtMean < last.test.reconstruction)
    #expect(abs(last.test.total - last.test.reconstruction - last.test.kl) < 1e-9)
    let final = try #require(result.measurements)
    #expect(final.latents.count == 2)
    #expect(abs(final.latents.reduce(0) { $0 + $1.kl } - last.test.kl) < 1e-4)
    #expect(final.latents.allSatisfy { $0.meanSigma2 != nil && $0.gain > 0 })
    #expect(final.deadUnits.map(\.layer) == ["encoder_1", "encoder_2", "decoder_1", "decoder_2"])
  }

  @Test("a learning rate of a million diverges at its epoch, with the history up to it")
  func divergence() throws {
    let result = try train(
      configuration("784-24-6-3", [.learningRate: .double(1e6), .epochs: .int(20)]))
    guard case .diverged(let epoch) = result.ending else {
      Issue.record("it did not diverge")
      return
    }
    #expect(result.history.count == epoch)
    #expect(epoch < 20)
    #expect(result.history.dropLast().allSatisfy { $0.test.total.isFinite })
  }

  @Test("observe sees every epoch and stops the run by returning false")
  func stopping() throws {
    let trainer = try Trainer(
      configuration: configuration(), seeds: Seeds(0), dataset: SyntheticImages.dataset())
    var reports: [TrainingProgress] = []
    let stopped = trainer.run { progress in
      reports.append(progress)
      return progress.step < 10
    }
    #expect(stopped == nil)
    #expect(Set(reports.map(\.epoch)) == [1, 2])
    #expect(reports.last?.steps == 10)
    #expect(trainer.imagesTrained == 600)
    #expect(trainer.trainingSeconds > 0)
  }

  @Test("a limit above the training set is refused by name; below it, fewer images are used")
  func limit() throws {
    let tooLarge = try configuration("784-9-2", [.limit: .int(301)])
    #expect(throws: InvalidValue.self) {
      try Trainer(configuration: tooLarge, seeds: Seeds(0), dataset: SyntheticImages.dataset())
    }
    let trainer = try Trainer(
      configuration: configuration("784-9-2", [.limit: .int(70)]), seeds: Seeds(0),
      dataset: SyntheticImages.dataset())
    _ = trainer.run { _ in true }
    #expect(trainer.imagesTrained == 140)
  }
}
