import Foundation
import GRDB
import Synchronization

/// TCP ports that nothing uses, each handed out once.
///
/// They lie below those that the kernel gives to whoever asks for any port: else another test's
/// connection may have one before the program that it was found for.
enum FreePort {
  private static let next = Mutex(UInt16(20_000 + getpid() % 10_000))

  static func find() throws -> UInt16 {
    for _ in 0..<1000 {
      let port = next.withLock { next in
        next += 1
        return next
      }
      if try isFree(port) { return port }
    }
    throw CommandFailure("no free port among a thousand")
  }

  private static func isFree(_ port: UInt16) throws -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw CommandFailure("no socket: errno \(errno)") }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}

/// Looks into a store as a user with `sqlite3` would.
enum StoreProbe {
  /// - Parameter table: What stands behind FROM.
  static func count(_ table: String, in path: String) throws -> Int {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(60)
    return try DatabaseQueue(path: path, configuration: configuration).read { db in
      try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? -1
    }
  }
}
