import Foundation
import Platform
import Synchronization

/// Readers of a coordinator's dashboard, while its dispatch is measured: each asks once a second for its
/// metrics and its pages, and one in four asks and never reads.
final class DashboardReaders {
  private let work: ReaderWork
  // Its deinit waits for the thread, which the stop ends.
  private let thread: OwnedThread

  /// Whole answers, and their bytes.
  var read: (answers: Int, bytes: Int) { work.read.withLock { $0 } }
  /// Whether letting go of it waits for nothing any more.
  var hasEnded: Bool { work.hasEnded.withLock { $0 } }

  /// - Parameter port: On loopback.
  init(_ count: Int, port: UInt16) throws(SystemError) {
    let work = ReaderWork(count: count, port: port, stop: try StopSignal())
    self.work = work
    thread = try OwnedThread(name: "readers") { work.run() }
  }

  deinit { stop() }

  func stop() { work.stop.request() }
}

/// What the readers' thread does.
private final class ReaderWork: Sendable {
  private static let paths = [
    "/api/page", "/metrics", "/api/status", "/api/points", "/api/summary",
  ]
  private static let pause = Duration.seconds(1)

  private let count: Int
  private let port: UInt16
  let stop: StopSignal
  let read = Mutex((answers: 0, bytes: 0))
  let hasEnded = Mutex(false)

  init(count: Int, port: UInt16, stop: StopSignal) {
    self.count = count
    self.port = port
    self.stop = stop
  }

  func run() {
    defer { hasEnded.withLock { $0 = true } }
    var slow: [LoopbackConnection] = []
    while !stop.isRequested {
      let begin = ContinuousClock.now
      // They are hung up on when they have kept the server waiting for long enough, and come again.
      slow.removeAll { $0.isEnded }
      while slow.count < count / 4, let connection = LoopbackConnection(port: port) {
        connection.ask(Self.paths[slow.count % Self.paths.count])
        slow.append(connection)
      }
      for number in 0..<(count - count / 4) where !stop.isRequested {
        guard let connection = LoopbackConnection(port: port) else { continue }
        connection.ask(Self.paths[number % Self.paths.count])
        let bytes = connection.readToEnd()
        read.withLock {
          $0.answers += bytes > 0 ? 1 : 0
          $0.bytes += bytes
        }
      }
      let left = Self.pause - (ContinuousClock.now - begin)
      if left > .zero { _ = stop.wakeUp.wait(atMost: left) }
    }
  }
}

/// One connection to a web server on loopback.
private final class LoopbackConnection {
  private let descriptor: Int32

  /// nil where the server does not take it.
  init?(port: UInt16) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    // A server that neither answers nor hangs up must not hold the measurement up.
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else { return nil }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func ask(_ path: String) {
    let bytes = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
    _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  /// Whether the server has hung up.
  var isEnded: Bool {
    var waiting = pollfd(fd: descriptor, events: 0, revents: 0)
    return poll(&waiting, 1, 0) > 0 && waiting.revents != 0
  }

  /// - Returns: Bytes up to the end of the connection, whoever ended it.
  func readToEnd() -> Int {
    var total = 0
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count > 0 {
        total += count
      } else if count == 0 || errno != EINTR {
        return total
      }
    }
  }
}
