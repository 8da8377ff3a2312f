import ArgumentParser
import Foundation
import Logging
import Platform
import Sweep

/// How lines of standard error are written.
enum LogFormat: String, CaseIterable, ExpressibleByArgument {
  /// For people.
  case text
  /// One object a line: `time` (RFC 3339), `level`, `message`, and what the line is about.
  case json

  /// What a line may be about, in the order in which it is told.
  private static let subjects = ["worker", "host", "point", "attempt"]
  /// Digits of a key that a person is shown.
  private static let keyDigits = 12

  /// One line.
  ///
  /// - Parameters:
  ///   - time: As `LocalTime` tells it; nil where a person knows it anyway.
  ///   - base: What every line of its logger is about: told to programs alone.
  ///   - subject: What this one is about.
  func line(
    _ message: String, level: Logger.Level, time: String?, base: [String: String] = [:],
    subject: [String: String] = [:]
  ) -> String {
    switch self {
    case .text:
      let mark = level >= .warning ? "\(level): " : ""
      return (time.map { "\($0) " } ?? "") + mark + message + Self.told(subject, beside: message)
    case .json:
      var members = [
        JSONValue.Member("time", .string(time ?? LocalTime.now)),
        JSONValue.Member("level", .string("\(level)")),
        JSONValue.Member("message", .string(message)),
      ]
      let all = base.merging(subject) { $1 }
      let others = all.keys.filter { !Self.subjects.contains($0) }.sorted()
      for name in Self.subjects + others {
        if let value = all[name] { members.append(JSONValue.Member(name, .string(value))) }
      }
      return JSONValue.object(members).compact
    }
  }

  /// What a message does not say itself of what it is about.
  private static func told(_ subject: [String: String], beside message: String) -> String {
    let words = Set(message.split { !($0.isLetter || $0.isNumber || $0 == ".") })
    var told: [String] = []
    for name in subjects {
      guard var value = subject[name] else { continue }
      switch name {
      case "host": if subject["worker"] != nil { continue }
      case "point": value = String(value.prefix(keyDigits))
      default: break
      }
      let isSaid =
        name == "worker" || name == "host"
        ? message.contains(value)
        : words.contains(Substring(value)) || words.contains(Substring(value + "."))
      if !isSaid { told.append("\(name) \(value)") }
    }
    return told.isEmpty ? "" : " [\(told.joined(separator: ", "))]"
  }

  /// The format that arguments ask for, read ahead of the parser, whose own complaints are to be in it too.
  static func asked(in arguments: [String]) -> LogFormat {
    for (place, argument) in arguments.enumerated() {
      if argument == "--" { break }
      if argument == "--log-format=json" { return .json }
      if argument == "--log-format", arguments.dropFirst(place + 1).first == "json" { return .json }
    }
    return .text
  }
}

/// `--log-format` of commands that log.
struct LogOptions: ParsableArguments {
  @Option(
    help: "How standard error is written: text, or json with one object a line for programs.")
  var logFormat = LogFormat.text
}

/// `--log-attempts` of commands that run a coordinator.
struct AttemptLogOptions: ParsableArguments {
  @Flag(help: "Log what becomes of each attempt: a line when it is granted, and one when it ends.")
  var logAttempts = false
}
