import FlyingSocks
import Foundation
import Glibc
import Synchronization

/// A pool of sockets in which nobody can stay: a connection that waits for too long, or beyond a number of
/// them, is ended.
///
/// Without it a reader who never reads would hold a connection and its answer for ever, and many of them
/// every file that the coordinator may open.
struct BoundedSocketPool: AsyncSocketPool {
  private let pool: any AsyncSocketPool
  private let most: Int
  private let patience: Duration
  private let waiting = Waiting()

  /// - Parameters:
  ///   - most: Connections that may wait at once, to be heard or to be written to.
  ///   - patience: How long each wait may take.
  init(_ pool: any AsyncSocketPool, most: Int, patience: Duration) {
    self.pool = pool
    self.most = most
    self.patience = patience
  }

  func prepare() async throws { try await pool.prepare() }

  func run() async throws { try await pool.run() }

  func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
    // The one that listens waits for as long as nobody comes.
    if Self.isListening(socket) {
      return try await pool.suspendSocket(socket, untilReadyFor: events)
    }
    guard waiting.enter(atMost: most) else {
      throw SocketError.timeout(message: "\(most) connections wait already")
    }
    defer { waiting.leave() }
    let (pool, patience) = (pool, patience)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await pool.suspendSocket(socket, untilReadyFor: events) }
      group.addTask {
        try await Task.sleep(for: patience)
        throw SocketError.timeout(message: "nothing came in \(patience)")
      }
      defer { group.cancelAll() }
      _ = try await group.next()
    }
  }

  private static func isListening(_ socket: Socket) -> Bool {
    var (value, size) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
    return getsockopt(socket.file.rawValue, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0
      && value != 0
  }

  private final class Waiting: Sendable {
    private let count = Mutex(0)

    func enter(atMost most: Int) -> Bool {
      count.withLock { count in
        guard count < most else { return false }
        count += 1
        return true
      }
    }

    func leave() { count.withLock { $0 -= 1 } }
  }
}
