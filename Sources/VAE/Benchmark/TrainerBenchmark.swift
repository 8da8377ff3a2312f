import Compute
package import Dataset
internal import Platform

/// What `vaesweep bench trainer` measures, on one core.
///
/// The step is the trainer's own: gather, forward, backward, optimiser. The floor is the time that
/// OpenBLAS needs for the dense products of the same step alone.
package struct TrainerBenchmark: Hashable, Sendable {
  /// Seconds per step of each part, read off the clock between the parts of real steps, so that
  /// their sum is the step; `StepPhase` says what counts where.
  package struct Breakdown: Hashable, Sendable {
    package var gather: Double
    package var gemm: Double
    package var sparse: Double
    package var elementwise: Double
    package var loss: Double
    package var optimiser: Double
  }

  package var architecture: String
  package var batchSize: Int
  package var blasCore: String
  package var blasVersion: String
  /// Median and best over the repetitions.
  package var imagesPerSecond: Double
  package var bestImagesPerSecond: Double
  package var repetitions: Int
  /// Median over the repetitions, which alternate with those of the step.
  package var gemmFloorImagesPerSecond: Double
  /// Step rate ÷ floor rate.
  package var floorRatio: Double
  package var fmaPeakGflops: Double
  /// 2 · MACs of the dense algorithm · images/s ÷ peak.
  package var denseEquivalentShare: Double
  /// From process start to the end of the first training step; nil where /proc does not say.
  package var secondsToFirstStep: Double?
  /// Peak resident memory of the process after training, before the floor was measured.
  package var peakRSSMegabytes: Double?
  package var breakdown: Breakdown

  /// Measures for about `seconds`; `configuration` gives architecture, batch size and optimiser.
  package static func run(
    configuration: Configuration, dataset: Dataset, seconds: Double
  ) throws(InvalidValue) -> TrainerBenchmark {
    let trainer = try Trainer(configuration: configuration, seeds: Seeds(0), dataset: dataset)
    _ = trainer.trainSteps { true }
    let firstStep = ProcessFacts.secondsSinceStart

    let repetitions = 7
    let slice = max(seconds, 0.7) / Double(repetitions)
    func rate(_ body: (() -> Bool) -> Int) -> Double {
      let clock = ContinuousClock()
      let start = clock.now
      let images = body { (clock.now - start).seconds >= slice * 0.45 }
      return Double(images) / (clock.now - start).seconds
    }
    // Once around everything before the clock counts.
    _ = rate(trainer.trainSteps)
    let peakRSS = ProcessFacts.peakRSSMegabytes
    let floor = GemmFloor(configuration: configuration)
    _ = rate(floor.run)
    var (steps, floors): ([Double], [Double]) = ([], [])
    for _ in 0..<repetitions {
      steps.append(rate(trainer.trainSteps))
      floors.append(rate(floor.run))
    }
    let median = steps.median
    let peak = FMAPeak.gflops()
    let breakdown = Breakdown.measure(trainer, seconds: slice * 0.45)
    return TrainerBenchmark(
      architecture: configuration.architecture.description, batchSize: configuration.batchSize,
      blasCore: BLAS.coreName, blasVersion: BLAS.version, imagesPerSecond: median,
      bestImagesPerSecond: steps.max() ?? median,
      repetitions: repetitions, gemmFloorImagesPerSecond: floors.median,
      floorRatio: median / floors.median, fmaPeakGflops: peak,
      denseEquivalentShare: 2 * floor.multiplyAddsPerImage * median / (peak * 1e9),
      secondsToFirstStep: firstStep, peakRSSMegabytes: peakRSS, breakdown: breakdown)
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

extension [Double] {
  /// The middle value, or the mean of the two middle ones; 0 when empty.
  var median: Double {
    let sorted = sorted()
    guard let upper = sorted.dropFirst(count / 2).first else { return 0 }
    return count % 2 == 1 ? upper : (upper + sorted[count / 2 - 1]) / 2
  }
}
