import Logging
import Synchronization

/// What was logged.
final class LoggedLines: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }
  var text: String { all.joined(separator: "\n") }

  var logger: Logger { Logger(label: "test") { _ in CollectingLogHandler(target: self) } }

  fileprivate func append(_ line: String) { lines.withLock { $0.append(line) } }
}

private struct CollectingLogHandler: LogHandler {
  let target: LoggedLines
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .info

  init(target: LoggedLines) { self.target = target }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { target.append("\(event.message)") }
}
