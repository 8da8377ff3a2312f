import Foundation
import Platform
import Synchronization
import Wire
import ZeroMQ

/// The worker process of `vaesweep run`.
///
/// It is started again, a few times, if it ends before the sweep does; it ends when this process
/// does, because its standard input ends then.
final class WorkerChild: Sendable {
  private static let mostStarts = 5

  private struct State: Sendable {
    var starts = 0
    var isEnding = false
    /// It has ended, and whether too early is not known yet.
    var hasEnded = false
    var failure: String?
    var process: Process?
    /// Its other end is the worker's standard input, which ends when this process does.
    var input: Pipe?
  }

  private let arguments: [String]
  private let run: StopSignal
  private let state = Mutex(State())

  init(endpoint: Endpoint, slots: Int, stop: StopSignal) {
    // Two processes cannot share the line that the progress bar stands on.
    let quiet = Console.isTerminal ? ["--quiet"] : []
    arguments =
      ["worker", "--connect", endpoint.description, "--slots", "\(slots)", "--end-with-input"]
      + quiet
    run = stop
  }

  func start() {
    let process = Process()
    process.executableURL = URL(filePath: ThisProgram.path)
    process.arguments = arguments
    let input = Pipe()
    process.standardInput = input
    process.terminationHandler = { [weak self] _ in
      self?.state.withLock { $0.hasEnded = true }
    }
    let failure = state.withLock { state -> String? in
      guard !state.isEnding else { return nil }
      state.starts += 1
      state.hasEnded = false
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
      // Not by a signal: a worker that is still starting would die of it, and one that Ctrl-C has
      // reached takes it for the second, which ends it at once.
      try? state.input?.fileHandleForWriting.close()
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

  /// Starts the worker again if it has ended before the sweep did, with whatever status.
  ///
  /// To be told the coordinator's status now and then: a worker that was told the end was told so
  /// by a coordinator that already counted every point as settled, so the next status shows it.
  func observe(_ status: StatusReply) {
    let isComplete =
      status.ok + status.diverged + status.failed == status.points && status.lackingPictures == 0
    let (hasDied, starts) = state.withLock { ($0.hasEnded && !$0.isEnding, $0.starts) }
    guard hasDied, !isComplete, !run.isRequested else { return }
    if starts < Self.mostStarts {
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
