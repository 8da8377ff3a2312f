import Foundation
import Keyring
import Logging
import Platform
import Sweep
import Synchronization
import Worker

/// Standard error, shared by log lines and the progress bar: a line first clears the bar.
enum Console {
  private static let bar = Mutex<String>("")

  static let format = LogFormat.asked(in: CommandLine.arguments)

  /// Whether a person watches.
  static let isTerminal = format == .text && isatty(STDERR_FILENO) == 1

  /// Writes a line above the bar.
  static func say(_ line: String) { put(format.line(fit(line), level: .info, time: nil)) }

  /// Writes why the program cannot go on.
  static func complain(_ line: String) {
    endBar()
    switch format {
    case .text: write("vaesweep: \(fit(line))\n")
    case .json: put(format.line(fit(line), level: .error, time: nil))
    }
  }

  /// Writes an event of a log.
  ///
  /// - Parameters:
  ///   - base: What every event of its logger is about.
  ///   - subject: What this one is about.
  static func log(
    _ message: String, level: Logger.Level, base: [String: String], subject: [String: String]
  ) {
    put(
      format.line(
        fit(message), level: level, time: LocalTime.now, base: base.mapValues(fit),
        subject: subject.mapValues(fit)))
  }

  private static func put(_ line: String) {
    bar.withLock { bar in
      write(erasure(of: bar) + line + "\n" + bar)
    }
  }

  /// Replaces the bar, which stands at the bottom of a terminal.
  ///
  /// - Parameter text: One line or several, none longer than the terminal is wide.
  static func showBar(_ text: String) {
    bar.withLock { bar in
      write((bar.isEmpty ? "\r\u{1b}[K" : erasure(of: bar)) + text)
      bar = text
    }
  }

  /// What takes the bar away and leaves the cursor where it began.
  private static func erasure(of bar: String) -> String {
    guard !bar.isEmpty else { return "" }
    let above = bar.utf8.count { $0 == UInt8(ascii: "\n") }
    return above == 0 ? "\r\u{1b}[K" : "\r\u{1b}[\(above)A\u{1b}[J"
  }

  /// Leaves the last bar standing and goes to a new line.
  static func endBar() {
    bar.withLock { bar in
      if !bar.isEmpty { write("\n") }
      bar = ""
    }
  }

  /// What a person may see of a line, whoever's words it repeats: no invitation, even one that was given
  /// in the wrong place.
  private static func fit(_ line: String) -> String { Invitation.hidden(in: line).printable }

  private static func write(_ text: String) {
    // Where nobody can be told, the work still goes on.
    _ = writeAll(text.utf8, to: STDERR_FILENO)
  }
}

/// Log lines: date and time (RFC 3339, with the offset of the host's zone), a level if it is not plain
/// information, the text, and what it is about where the text does not say that; or as `--log-format` asks.
struct ConsoleLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .info

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    Console.log(
      "\(event.message)", level: event.level, base: metadata.mapValues { "\($0)" },
      subject: (event.metadata ?? [:]).mapValues { "\($0)" })
  }
}

extension Logger {
  static func console() -> Logger { Logger(label: "vaesweep") { _ in ConsoleLogHandler() } }

  /// The same for a worker of this host, whose every line programs are told to be its own.
  static func worker(_ host: String, process: Int) -> Logger {
    var logger = console()
    logger[metadataKey: "worker"] = "\(LogSubject.worker(host, process: process))"
    logger[metadataKey: "host"] = "\(host)"
    return logger
  }
}
