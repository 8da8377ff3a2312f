internal import Glibc

/// Times as logs bear them: RFC 3339, in the host's zone and with its offset, to the second.
package enum LocalTime {
  package static var now: String { text(time(nil)) }

  /// - Parameter seconds: Since 1970-01-01 UTC.
  package static func text(_ seconds: Int) -> String {
    var seconds = seconds
    var parts = tm()
    localtime_r(&seconds, &parts)
    let date = "\(digits(4, parts.tm_year + 1900))-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
    let time = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
    let minutes = parts.tm_gmtoff / 60
    let sign = minutes < 0 ? "-" : "+"
    let offset = "\(two(abs(minutes) / 60)):\(two(abs(minutes) % 60))"
    return "\(date)T\(time)\(sign)\(offset)"
  }

  private static func two(_ number: some BinaryInteger) -> String { digits(2, number) }

  private static func digits(_ count: Int, _ number: some BinaryInteger) -> String {
    let text = "\(number)"
    return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }
}
