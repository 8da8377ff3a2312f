internal import CLinux
internal import Glibc

/// A thread with a name and an owner: letting go of it waits for its end.
///
/// It gets no signals, so that they go to the thread that expects them.
package struct OwnedThread: ~Copyable {
  private let thread: pthread_t

  /// Starts the thread.
  ///
  /// - Parameter name: At most 15 bytes; `ps -L` and debuggers show it.
  package init(name: String, _ body: sending @escaping () -> Void) throws(SystemError) {
    let start = Unmanaged.passRetained(Start(name: name, body: body))
    var thread = pthread_t()
    var every = sigset_t()
    var before = sigset_t()
    sigfillset(&every)
    // A new thread inherits its maker's mask.
    pthread_sigmask(SIG_SETMASK, &every, &before)
    let failure = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        clinux_name_thread(start.name)
        start.body()
        return nil
      }, start.toOpaque())
    pthread_sigmask(SIG_SETMASK, &before, nil)
    guard failure == 0 else {
      start.release()
      throw SystemError("start", "the thread \(name)", Errno(failure))
    }
    self.thread = thread
  }

  deinit { pthread_join(thread, nil) }

  /// Lets the thread run for as long as the process does.
  package consuming func detach() {
    pthread_detach(thread)
    discard self
  }

  private final class Start {
    let name: String
    let body: () -> Void

    init(name: String, body: @escaping () -> Void) {
      self.name = name
      self.body = body
    }
  }
}
