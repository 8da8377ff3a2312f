internal import Glibc

/// What Linux knows about this process.
package enum ProcessFacts {
  /// Seconds since the process started, to the 10 ms that the kernel keeps; nil without `/proc`.
  package static var secondsSinceStart: Double? {
    let uptime = ProcessText.read("/proc/uptime")
    guard let now = uptime?.split(separator: " ").first.flatMap({ Double($0) }),
      let start = ProcessStat.own?.startSeconds
    else { return nil }
    return now - start
  }

  /// The largest resident size so far; nil without `/proc`.
  package static var peakRSSMegabytes: Double? {
    // In units of 1024 bytes, as `123456 kB`.
    ProcessText.value("VmHWM", in: ProcessText.read("/proc/self/status"))?
      .split(separator: " ").first.flatMap { Double($0) }.map { $0 / 1024 }
  }

  /// Time on any core so far, in the kernel too.
  package static var cpuSeconds: Double? {
    var now = timespec()
    guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0 else { return nil }
    return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
  }
}
