import Compute

/// The parts of a training step, as the benchmark names them.
///
/// An epilogue that is fused into a product counts where it runs: bias and activation of a sparse
/// first layer under `sparse`, the output layer's bias and its gradient under `loss`.
enum StepPhase: Int, CaseIterable {
  /// Copying the batch and building what the first layer reads.
  case gather
  /// Dense products.
  case gemm
  /// Products with the sparse batch, and sorting it by column.
  case sparse
  /// Biases, activations, noise and the latent layer, with their gradients.
  case elementwise
  /// The reconstruction loss and its gradient by the logits.
  case loss
  /// The update.
  case optimiser
}

/// Reads the clock between the parts of real steps.
///
/// About thirty readings per step at 25 ns each: less than 0.1 % of the default step. A workspace
/// without one pays a test of nil.
final class StepClock {
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant
  private var durations = [Duration](repeating: .zero, count: StepPhase.allCases.count)

  init() { last = clock.now }

  /// Starts a step: what lies before belongs to no part.
  func start() { last = clock.now }

  /// The time since the last call belongs to `phase`.
  func mark(_ phase: StepPhase) {
    let now = clock.now
    durations[phase.rawValue] += now - last
    last = now
  }

  /// Seconds of `phase` so far.
  func seconds(_ phase: StepPhase) -> Double { durations[phase.rawValue].seconds }
}

extension TrainerBenchmark.Breakdown {
  /// Runs real steps of `trainer` for about `seconds` with the clock read between their parts.
  static func measure(_ trainer: Trainer, seconds: Double) -> Self {
    let clock = StepClock()
    trainer.workspace.clock = clock
    defer { trainer.workspace.clock = nil }
    let (timer, start) = (ContinuousClock(), ContinuousClock.now)
    var steps = 0.0
    _ = trainer.trainSteps {
      steps += 1
      return timer.now - start >= .seconds(seconds)
    }
    func part(_ phase: StepPhase) -> Double { clock.seconds(phase) / steps }
    return Self(
      gather: part(.gather), gemm: part(.gemm), sparse: part(.sparse),
      elementwise: part(.elementwise), loss: part(.loss), optimiser: part(.optimiser))
  }
}
