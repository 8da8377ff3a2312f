import Foundation
import Synchronization
import ZeroMQ

/// Turns SIGINT, SIGTERM, SIGHUP and SIGQUIT into a stop request; the second one ends the process at
/// once.
///
/// Until it is asked to they end the process; from then on none is lost.
enum Signals {
  static func request(_ stop: StopSignal) {
    var ends: [Int32] = [0, 0]
    // Without a pipe they end the process, which loses nothing that is committed.
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let (reading, writing) = (ends[0], ends[1])
    writingEnd.store(writing, ordering: .sequentiallyConsistent)
    Thread.detachNewThread {
      var byte: UInt8 = 0
      while true {
        let count = read(reading, &byte, 1)
        if count < 0, errno == EINTR { continue }
        guard count == 1 else { return }
        if stop.isRequested { Foundation.exit(ExitStatus.interrupted.rawValue) }
        stop.request()
      }
    }
    // A process inherits what its parent's thread had blocked.
    var own = sigset_t()
    sigemptyset(&own)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
      sigaddset(&own, number)
      var action = sigaction()
      // `nohup` has it ignored, and means it.
      if number == SIGHUP, sigaction(number, nil, &action) == 0,
        isIgnored(action.__sigaction_handler.sa_handler)
      {
        continue
      }
      action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in announce() }
      action.sa_flags = SA_RESTART
      sigaction(number, &action, nil)
    }
    pthread_sigmask(SIG_UNBLOCK, &own, nil)
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

private func isIgnored(_ handler: __sighandler_t?) -> Bool {
  unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
}
