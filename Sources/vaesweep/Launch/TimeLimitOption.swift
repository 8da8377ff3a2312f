import ArgumentParser
import Foundation
import Platform
import Sweep

/// When this process is ended from outside: `--until`, else what Slurm says.
struct TimeLimitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      When this process will be ended: 50m, 2h, a time such as 2026-11-29T18:00, or what Slurm's \
      'squeue -o %L' prints (default: $SLURM_JOB_END_TIME). Nothing is begun that cannot get anywhere \
      before, and all is handed back in time.
      """, valueName: "time|duration"))
  var until: String?

  /// nil where nobody has said so.
  ///
  /// The wall clock is looked at once, here: whoever sets it afterwards changes nothing.
  func end() throws(CommandError) -> ContinuousClock.Instant? {
    let now = Date().timeIntervalSince1970
    let environment = ProcessInfo.processInfo.environment
    guard let left = try TimeLimitText.left(until: until, environment, at: now) else { return nil }
    return ContinuousClock.now + left
  }
}

/// Reads a time limit.
enum TimeLimitText {
  static let variable = "SLURM_JOB_END_TIME"
  /// Slurm's word for no limit, and the longest that is believed.
  private static let unlimited = "UNLIMITED"
  private static let longest = 3660.0 * 86_400

  /// How long is left.
  ///
  /// - Parameter now: Seconds since 1970-01-01 UTC.
  static func left(until option: String?, _ environment: [String: String], at now: Double)
    throws(CommandError) -> Duration?
  {
    if let option {
      if option.uppercased() == unlimited { return nil }
      guard let seconds = seconds(of: option, at: now) else {
        throw .badInput(
          "--until \(option): it must be a length of time such as 50m or 2h, a time such as "
            + "2026-11-29T18:00, or hours:minutes:seconds")
      }
      return try checked(seconds, "--until \(option)")
    }
    guard let text = environment[variable], !text.isEmpty else { return nil }
    guard let end = Double(text), end.isFinite else {
      throw .badInput("$\(variable) is not a time in seconds: \(text)")
    }
    return try checked(end - now, "$\(variable)=\(text)")
  }

  private static func checked(
    _ seconds: Double, _ source: String
  ) throws(CommandError) -> Duration? {
    guard seconds > 0 else {
      throw .badInput("\(source): that time is past: nothing can be begun")
    }
    return seconds > longest ? nil : .seconds(seconds)
  }

  /// Seconds from now on.
  private static func seconds(of text: String, at now: Double) -> Double? {
    if let patience = Patience(text) { return patience.duration / .seconds(1) }
    return slurmLength(text) ?? time(text).map { $0 - now }
  }

  /// `days-hours:minutes:seconds`, without the first of them where they are zero.
  private static func slurmLength(_ text: String) -> Double? {
    let pattern = /(?:(\d{1,4})-)?(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})/
    guard let match = text.wholeMatch(of: pattern) else { return nil }
    func number(_ part: Substring?) -> Double { part.flatMap { Double($0) } ?? 0 }
    let days = 86_400 * number(match.1)
    return days + 3600 * number(match.2) + 60 * number(match.3) + number(match.4)
  }

  /// A time of ISO 8601, in this host's zone unless it names one; in seconds since 1970-01-01 UTC.
  private static func time(_ text: String) -> Double? {
    let pattern =
      /(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?/
    guard let match = text.wholeMatch(of: pattern) else { return nil }
    let parts = [match.1, match.2, match.3, match.4, match.5, match.6 ?? "0"].compactMap { Int($0) }
    guard parts.count == 6 else { return nil }
    var calendar = Calendar(identifier: .gregorian)
    if let zone = match.7 {
      guard let zone = offset(String(zone)).flatMap({ TimeZone(secondsFromGMT: $0) }) else {
        return nil
      }
      calendar.timeZone = zone
    } else {
      calendar.timeZone = .current
    }
    let components = DateComponents(
      year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4],
      second: parts[5])
    guard components.isValidDate(in: calendar) else { return nil }
    return calendar.date(from: components)?.timeIntervalSince1970
  }

  private static func offset(_ text: String) -> Int? {
    if text == "Z" { return 0 }
    let digits = text.filter(\.isWholeNumber)
    guard digits.count == 4, let number = Int(digits), number % 100 < 60, number < 2400 else {
      return nil
    }
    let seconds = number / 100 * 3600 + number % 100 * 60
    return text.hasPrefix("-") ? -seconds : seconds
  }
}
