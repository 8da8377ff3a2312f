import Foundation
import Platform
import Synchronization
import Wire

/// How a sweep stands, asked of its coordinator every second on a thread of its own, so that nothing
/// else waits for one that does not answer.
final class StatusWatch: Sendable {
  private static let pause = Duration.seconds(1)

  private let connect: @Sendable () throws(CommandError) -> OperatorLink
  /// How long the last answer may be waited for; the coordinator stays a little longer.
  private static let patience = Duration.milliseconds(2500)

  private struct Content: Sendable {
    var latest: StatusReply?
    /// How often it was asked, and which asking was answered last.
    var asked = 0
    var answered = 0
  }

  private let content = Mutex(Content())

  /// - Parameter connect: Makes the connection, again where one has failed.
  init(_ connect: @escaping @Sendable () throws(CommandError) -> OperatorLink) {
    self.connect = connect
  }

  /// What the coordinator said last.
  var status: StatusReply? { content.withLock { $0.latest } }

  /// Points that are failed or cancelled, by what the coordinator says now; by what it said last where it
  /// does not answer in time.
  func gaps() -> Int {
    let before = content.withLock(\.asked)
    let start = ContinuousClock.now
    while content.withLock({ $0.answered <= before }), ContinuousClock.now - start < Self.patience {
      Thread.sleep(forTimeInterval: 0.02)
    }
    return status.map { $0.failed + $0.cancelled } ?? 0
  }

  /// Asks for as long as the process lives.
  func start() {
    let thread = Thread { [self] in
      var link: OperatorLink?
      while true {
        let began = ContinuousClock.now
        do {
          if link == nil { link = try connect() }
          let number = content.withLock { content in
            content.asked += 1
            return content.asked
          }
          try link?.send(.status)
          if case .status(let reply)? = try link?.next(within: .seconds(5)) {
            content.withLock { ($0.latest, $0.answered) = (reply, number) }
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
