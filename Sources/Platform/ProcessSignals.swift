internal import Glibc
internal import Synchronization

/// What this process does about signals.
package enum ProcessSignals {
  /// The signals that ask a process to end.
  private static let stops = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

  /// Lets a write to a pipe that nobody reads, or beyond the limit of a file's size, fail with an error
  /// that can be told: unheeded, either signal ends the process without a word.
  package static func ignoreWriteSignals() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Calls `body`, on a thread of its own, for every SIGINT, SIGTERM, SIGHUP and SIGQUIT from here on;
  /// none is lost.
  ///
  /// Until then they end the process. To be called once. A SIGHUP that `nohup` has ignored stays so.
  package static func onStopRequest(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
    var ends: [Int32] = [0, 0]
    try systemCall("make", "a pipe") { pipe(&ends) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let (reading, writing) = (ends[0], ends[1])
    let thread = try OwnedThread(name: "signals") {
      var byte: UInt8 = 0
      // The writing end is never closed.
      while (try? systemCall { read(reading, &byte, 1) }) == 1 { body() }
    }
    thread.detach()
    writingEnd.store(writing, ordering: .sequentiallyConsistent)
    for number in stops where number != SIGHUP || !isIgnored(SIGHUP) {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in announce() }
      action.sa_flags = SA_RESTART
      sigaction(number, &action, nil)
    }
    // A process inherits what its parent's thread had blocked.
    var set = sigset_t()
    sigemptyset(&set)
    for number in stops { sigaddset(&set, number) }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    let handler = action.__sigaction_handler.sa_handler
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}

/// Where the handler writes; of the whole process, as handlers are.
private let writingEnd = Atomic<Int32>(-1)

/// Does only what a handler may: an atomic load and write(2).
private func announce() {
  let before = errno
  var byte: UInt8 = 1
  _ = write(writingEnd.load(ordering: .sequentiallyConsistent), &byte, 1)
  errno = before
}
