import Platform
import Sweep
import Synchronization
import Wire
import ZeroMQ

/// The worker process of `vaesweep run`, and of each task of a Slurm step.
///
/// It is started again, a few times, if it ends before the sweep does; it ends when this process
/// does, because its standard input ends then.
final class WorkerChild: Sendable {
  private static let maxStarts = 5
  /// How long a worker that was told the end may take: longer than it gives checkpoints and outcomes.
  private static let patience = Duration.seconds(30)

  private struct State: Sendable {
    var starts = 0
    var isEnding = false
    var failure: String?
    var process: ChildProcess?
    /// Its other end is the worker's standard input, which ends when this process does.
    var input: PipeEnd?
  }

  private let arguments: [String]
  private let environment: [String: String]
  /// Whether it ends by itself when its time does.
  private let hasTimeLimit: Bool
  private let run: StopSignal
  private let state = Mutex(State())

  init(arguments: WorkerArguments, stop: StopSignal) {
    self.arguments = arguments.list
    environment = arguments.environment
    hasTimeLimit = arguments.end != nil
    run = stop
  }

  var mayStartAgain: Bool { state.withLock { $0.starts < Self.maxStarts } }

  /// How it has ended; nil while it runs.
  var ending: ProcessEnd? { state.withLock(\.process)?.wait(atMost: .zero) }

  /// To be called by the main thread: the kernel ends the worker with the thread that started it.
  func start() {
    let failure = state.withLock { state -> String? in
      guard !state.isEnding else { return nil }
      state.starts += 1
      do throws(SystemError) {
        let input = try Pipe()
        state.process = try withExtendedLifetime(input) { () throws(SystemError) in
          try ChildProcess(
            ThisProgram.path, arguments, environment: environment,
            descriptors: [input.reading.descriptor, 1, 2])
        }
        state.input = input.writing
        return nil
      } catch {
        return "\(error)"
      }
    }
    if let failure { giveUp("the worker cannot be started: \(failure)") }
  }

  /// Asks the worker to hand back what it holds and to end.
  func stop() {
    state.withLock { state in
      state.isEnding = true
      // Not by a signal: a worker that is still starting would die of it, and one that Ctrl-C has
      // reached takes it for the second, which ends it at once.
      state.input = nil
    }
  }

  /// Waits for the worker, which has been told that the sweep is over or to stop.
  ///
  /// - Throws: Where it died so often that the run was given up.
  func end() throws(CommandError) {
    stop()
    if let process = state.withLock(\.process), process.wait(atMost: Self.patience) == nil {
      Console.say("the worker did not end within \(Self.patience.inWords); killing it")
      process.end()
    }
    if let failure = state.withLock({ $0.failure }) { throw .failure(failure) }
  }

  /// Starts the worker again if it has ended before the sweep did, with whatever status.
  ///
  /// To be told the coordinator's status now and then: a worker that was told the end was told so
  /// by a coordinator that already counted every point as settled, so the next status shows it.
  func observe(_ status: StatusReply) {
    let isComplete =
      status.ok + status.diverged + status.failed == status.points && status.lackingArtifacts == 0
    let (hasDied, starts) = state.withLock {
      ($0.process?.hasEnded == true && !$0.isEnding, $0.starts)
    }
    guard hasDied, !isComplete, !run.isRequested else { return }
    // Its time is over, and so is this process's, as soon as other workers have handed back.
    if hasTimeLimit, ending == .status(0) { return }
    if starts < Self.maxStarts {
      Console.say("the worker ended before the sweep did; starting it again")
      start()
    } else {
      giveUp("the worker ended early \(starts) times; what is committed is safe")
    }
  }

  private func giveUp(_ reason: String) {
    state.withLock { $0.failure = reason }
    run.request()
  }
}
