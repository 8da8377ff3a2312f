internal import Foundation

/// What Linux knows about this process.
package enum ProcessFacts {
  /// Seconds since the process started, to the 10 ms that the kernel keeps.
  static var secondsSinceStart: Double? {
    // Field 22 of stat, counted after the command, which may hold spaces: start in ticks of 10 ms.
    // Without /proc a benchmark leaves the figure out.
    guard let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
      let command = stat.lastIndex(of: ")"),
      let uptime = try? String(contentsOfFile: "/proc/uptime", encoding: .utf8),
      let now = uptime.split(separator: " ").first.flatMap({ Double($0) })
    else { return nil }
    let fields = stat[command...].split(separator: " ")
    guard fields.count > 20, let ticks = Double(fields[20]) else { return nil }
    return now - ticks / 100
  }

  /// The largest resident size so far.
  package static var peakRSSMegabytes: Double? {
    // As above.
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
      return nil
    }
    for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
      return line.split(separator: " ").dropFirst().first.flatMap { Double($0) }.map { $0 / 1024 }
    }
    return nil
  }

  /// Time on any core so far, in the kernel too.
  package static var cpuSeconds: Double? {
    var now = timespec()
    guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0 else { return nil }
    return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
  }
}
