/// What a process's first thread had of the CPU so far.
package struct ProcessorUse: Hashable, Sendable {
  /// On a CPU.
  package var running: Duration
  /// Ready to run, but not on a CPU.
  package var waiting: Duration
  /// It runs or is ready to: it does not sleep, wait for anything else, or stand stopped.
  package var isRunnable: Bool

  package init(running: Duration, waiting: Duration, isRunnable: Bool) {
    self.running = running
    self.waiting = waiting
    self.isRunnable = isRunnable
  }

  /// Of a process on this machine; nil where the system does not tell.
  package init?(of process: Int32) {
    guard let stat = ProcessStat(of: process),
      let schedstat = ProcessText.read("/proc/\(process)/schedstat")
    else { return nil }
    self.init(stat: stat, schedstat: schedstat)
  }

  /// - Parameter schedstat: `/proc/N/schedstat`: nanoseconds on a CPU, and waiting for one.
  package init?(stat: ProcessStat, schedstat: String) {
    let times = schedstat.split(whereSeparator: \.isWhitespace).compactMap { Int64($0) }
    // A kernel without these statistics shows zeros.
    guard times.count >= 2, times[0] > 0 else { return nil }
    self.init(
      running: .nanoseconds(times[0]), waiting: .nanoseconds(times[1]),
      isRunnable: stat.state == "R")
  }
}
