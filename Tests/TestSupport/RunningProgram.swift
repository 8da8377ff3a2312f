package import Foundation
import Synchronization

/// A program that a test started, with what it has printed so far.
///
/// It is killed, by its own id, when the last reference to it goes.
package final class RunningProgram: Sendable {
  private struct State: Sendable {
    var output = ""
    var errors = ""
    var openPipes = 2
    var status: Int32?
  }

  /// What the threads that watch the program write, and those that wait for it read.
  private final class Shared: Sendable {
    let state = Mutex(State())
    let changed = NSCondition()

    func change(_ body: (inout State) -> Void) {
      changed.lock()
      state.withLock { body(&$0) }
      changed.broadcast()
      changed.unlock()
    }
  }

  /// How long any state is waited for before the test fails.
  private let patience: TimeInterval

  package let process: Int32
  private let shared = Shared()

  package init(
    _ program: String, _ arguments: [String], in folder: TemporaryFolder,
    environment: [String: String] = [:], patience: TimeInterval = 300
  ) throws {
    self.patience = patience
    let child = Process()
    child.executableURL = URL(filePath: program)
    child.arguments = arguments
    child.currentDirectoryURL = URL(filePath: folder.path)
    child.environment = Machine.environment.merging(environment) { $1 }
    child.standardInput = FileHandle.nullDevice
    let (output, errors) = (Pipe(), Pipe())
    child.standardOutput = output
    child.standardError = errors
    // Foundation's own wait spins where a thread has no run loop.
    child.terminationHandler = { [shared] child in
      LiveChildren.remove(child.processIdentifier)
      let signalled = child.terminationReason == .uncaughtSignal
      shared.change {
        $0.status = signalled ? 128 + child.terminationStatus : child.terminationStatus
      }
    }
    process = try LiveChildren.start(child)
    follow(output) { $0.output += $1 }
    follow(errors) { $0.errors += $1 }
  }

  deinit {
    if shared.state.withLock({ $0.status == nil }) { kill(process, SIGKILL) }
  }

  package var output: String { shared.state.withLock(\.output) }
  package var errors: String { shared.state.withLock(\.errors) }

  package var hasEnded: Bool { shared.state.withLock { $0.status != nil } }

  package func send(_ signal: Int32) { kill(process, signal) }

  /// Waits until standard error contains `text`.
  ///
  /// - Throws: Where the program ends first, or nothing comes for too long.
  package func waitForError(containing text: String) throws {
    try wait("'\(text)'") { state in
      if state.errors.contains(text) { return true }
      return state.openPipes == 0 && state.status != nil ? nil : false
    }
  }

  /// Waits until standard output contains `text`.
  ///
  /// - Throws: Where the program ends first, or nothing comes for too long.
  package func waitForOutput(containing text: String) throws {
    try wait("'\(text)'") { state in
      if state.output.contains(text) { return true }
      return state.openPipes == 0 && state.status != nil ? nil : false
    }
  }

  /// Waits until progress shows a first settled point: others are under way then.
  package func waitForFirstResult() throws {
    try wait("a first result") { state in
      if state.errors.contains(/[1-9]\d*\/\d+ points/) { return true }
      return state.openPipes == 0 && state.status != nil ? nil : false
    }
  }

  /// Waits for the end; 128 + n where signal n ended it.
  @discardableResult
  package func waitForEnd() throws -> Int32 {
    try wait("its end") { $0.openPipes == 0 && $0.status != nil }
    return shared.state.withLock { $0.status } ?? -1
  }

  private func wait(_ what: String, until isMet: (State) -> Bool?) throws {
    shared.changed.lock()
    defer { shared.changed.unlock() }
    let deadline = Date(timeIntervalSinceNow: patience)
    while true {
      switch isMet(shared.state.withLock { $0 }) {
      case true?: return
      case nil: throw Unseen("the program ended before \(what); it said: \(errors)")
      case false?: break
      }
      guard shared.changed.wait(until: deadline) else {
        throw Unseen("\(what) did not come in time; it said: \(errors)")
      }
    }
  }

  private func follow(_ pipe: Pipe, _ append: @escaping @Sendable (inout State, String) -> Void) {
    let descriptor = pipe.fileHandleForReading.fileDescriptor
    Thread.detachNewThread {
      withExtendedLifetime(pipe) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
          let count = read(descriptor, &buffer, buffer.count)
          if count < 0, errno == EINTR { continue }
          guard count > 0 else { break }
          let text = String(decoding: buffer[..<count], as: UTF8.self)
          self.shared.change { append(&$0, text) }
        }
        // Foundation may keep the pipe as long as the process that ended, and it runs over the end of its
        // list of open files where there are more than some 1,350.
        try? pipe.fileHandleForReading.close()
      }
      self.shared.change { $0.openPipes -= 1 }
    }
  }

  private struct Unseen: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }
}
