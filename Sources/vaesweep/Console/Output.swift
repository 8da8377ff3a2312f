import Foundation
import Synchronization
import Worker

/// Standard output: results, and nothing else.
///
/// Buffered; what cannot be written is an error, never silence. A reader that has seen enough
/// (`| head`) is none: what follows is dropped.
enum Output {
  private struct State {
    var buffer: [UInt8] = []
    var isWanted = true
  }

  private static let bufferSize = 65_536
  private static let state = Mutex(State())

  /// False once the reader has gone, and further results would reach nobody.
  static var isWanted: Bool { state.withLock { $0.isWanted } }

  static func write(_ text: String) throws(CommandError) {
    let isFull = state.withLock { state in
      if state.isWanted { state.buffer += text.utf8 }
      return state.buffer.count >= bufferSize
    }
    if isFull { try flush() }
  }

  static func flush() throws(CommandError) {
    let failure = state.withLock { state -> Int32? in
      guard !state.buffer.isEmpty else { return nil }
      let code = writeAll(state.buffer, to: STDOUT_FILENO)
      state.buffer = []
      if code != nil { state.isWanted = false }
      return code
    }
    guard let failure, failure != EPIPE else { return }
    throw .failure("writing to standard output: \(String(cString: strerror(failure)))")
  }
}
