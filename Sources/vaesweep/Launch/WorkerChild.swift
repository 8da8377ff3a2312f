import Foundation
import Synchronization
import ZeroMQ

/// The worker process of `vaesweep run`.
///
/// It is started again if it dies, a few times; it ends when this process does, because its
/// standard input ends then.
final class WorkerChild: Sendable {
  private static let mostStarts = 5

  private struct State: Sendable {
    var starts = 0
    var isEnding = false
    var failure: String?
    var process: Process?
    /// Its other end is the worker's standard input, which ends when this process does.
    var input: Pipe?
  }

  private let arguments: [String]
  private let run: StopSignal
  private let state = Mutex(State())

  init(endpoint: Endpoint, slots: Int, stop: StopSignal) {
    arguments = [
      "worker", "--connect", endpoint.description, "--slots", "\(slots)", "--end-with-input",
    ]
    run = stop
  }

  func start() {
    let process = Process()
    process.executableURL = URL(filePath: ThisProgram.path)
    process.arguments = arguments
    let input = Pipe()
    process.standardInput = input
    process.terminationHandler = { [weak self] process in
      // 0: the sweep is complete, or it was asked to stop.
      if process.terminationStatus != 0 { self?.died() }
    }
    let failure = state.withLock { state -> String? in
      guard !state.isEnding else { return nil }
      state.starts += 1
      do {
        try process.run()
        state.process = process
        state.input = input
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
      state.process?.terminate()
    }
  }

  /// Waits for the worker, which has been told that the sweep is over or to stop.
  ///
  /// - Throws: Where it died so often that the run was given up.
  func end() throws(CommandError) {
    stop()
    state.withLock(\.process)?.waitUntilExit()
    if let failure = state.withLock({ $0.failure }) { throw .failure(failure) }
  }

  private func died() {
    let (isEnding, starts) = state.withLock { ($0.isEnding, $0.starts) }
    guard !isEnding, !run.isRequested else { return }
    if starts < Self.mostStarts {
      start()
    } else {
      giveUp("the worker died \(starts) times; what is committed is safe")
    }
  }

  private func giveUp(_ reason: String) {
    state.withLock { $0.failure = reason }
    run.request()
  }
}
