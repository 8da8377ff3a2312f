import Foundation
import Synchronization
import ZeroMQ

/// The worker process of `vaesweep run`. It is started again if it dies, a few times; it ends when
/// this process does, because its standard input ends then.
final class WorkerChild: Sendable {
  private static let mostStarts = 5

  private struct State: Sendable {
    var starts = 0
    var isEnding = false
    var failure: String?
    var process: Process?
  }

  private let arguments: [String]
  private let stop: StopSignal
  private let input = Pipe()
  private let state = Mutex(State())

  init(endpoint: Endpoint, slots: Int, stop: StopSignal) {
    arguments = [
      "worker", "--connect", endpoint.description, "--slots", "\(slots)", "--end-with-input",
    ]
    self.stop = stop
  }

  func start() {
    let process = Process()
    process.executableURL = URL(filePath: ThisProgram.path)
    process.arguments = arguments
    process.standardInput = input
    process.terminationHandler = { [weak self] _ in self?.ended() }
    let failure = state.withLock { state -> String? in
      guard !state.isEnding else { return nil }
      state.starts += 1
      do {
        try process.run()
        state.process = process
        return nil
      } catch {
        return "\(error)"
      }
    }
    if let failure { giveUp("the worker cannot be started: \(failure)") }
  }

  /// Waits for the worker, which has been told that the sweep is over or to stop.
  ///
  /// - Throws: Where it died so often that the run was given up.
  func end() throws(CommandError) {
    let process = state.withLock { state in
      state.isEnding = true
      return state.process
    }
    process?.terminate()
    process?.waitUntilExit()
    if let failure = state.withLock({ $0.failure }) { throw .failure(failure) }
  }

  private func ended() {
    let (isEnding, starts) = state.withLock { ($0.isEnding, $0.starts) }
    guard !isEnding, !stop.isRequested else { return }
    if starts < Self.mostStarts {
      start()
    } else {
      giveUp("the worker died \(starts) times; what is committed is safe")
    }
  }

  private func giveUp(_ reason: String) {
    state.withLock { $0.failure = reason }
    stop.request()
  }
}
