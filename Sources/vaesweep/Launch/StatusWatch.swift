import Foundation
import Platform
import Synchronization
import Wire

/// How a sweep stands, asked of its coordinator every second on a thread of its own, so that nothing
/// else waits for one that does not answer.
final class StatusWatch: Sendable {
  private static let pause = Duration.seconds(1)

  private let connect: @Sendable () throws(CommandError) -> OperatorLink
  private let latest = Mutex<StatusReply?>(nil)

  /// - Parameter connect: Makes the connection, again where one has failed.
  init(_ connect: @escaping @Sendable () throws(CommandError) -> OperatorLink) {
    self.connect = connect
  }

  /// What the coordinator said last.
  var status: StatusReply? { latest.withLock { $0 } }

  /// Points that are failed or cancelled, by what was said last.
  func end() -> Int { status.map { $0.failed + $0.cancelled } ?? 0 }

  /// Asks for as long as the process lives.
  func start() {
    let thread = Thread { [self] in
      var link: OperatorLink?
      while true {
        let began = ContinuousClock.now
        do {
          if link == nil { link = try connect() }
          try link?.send(.status)
          if case .status(let reply)? = try link?.next(within: .seconds(5)) {
            latest.withLock { $0 = reply }
          }
        } catch {
          // It may be starting, or have ended: whoever shows it sees that nothing comes.
          link = nil
        }
        let left = Self.pause - (ContinuousClock.now - began)
        if left > .zero { Thread.sleep(forTimeInterval: left / .seconds(1)) }
      }
    }
    thread.start()
  }
}
