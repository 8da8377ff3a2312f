import Foundation

/// Waits for a state of other processes of which no event tells.
enum StateWait {
  private static let patience: TimeInterval = 300

  /// Looks again and again until there is something.
  static func value<Value>(_ what: String, _ look: () throws -> Value?) throws -> Value {
    let deadline = Date(timeIntervalSinceNow: patience)
    while true {
      if let found = try look() { return found }
      guard Date() < deadline else { throw CommandFailure("\(what) did not come about in time") }
      usleep(20_000)
    }
  }

  static func until(_ what: String, _ isMet: () throws -> Bool) throws {
    _ = try value(what) { try isMet() ? true : nil }
  }
}
