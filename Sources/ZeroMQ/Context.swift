internal import CZeroMQ
internal import Synchronization

/// The home of a program's sockets: its I/O threads and its `inproc` names.
///
/// Every socket keeps its context alive; when the last owner lets go, the context ends. That takes
/// at most the longest linger of the sockets closed before. Safe to share between threads.
package final class Context: Sendable {
  private let handle: Mutex<UnsafeMutableRawPointer>

  /// Starts a context.
  ///
  /// - Parameters:
  ///   - ioThreads: Threads that move bytes; one serves about a gigabyte per second.
  ///   - maxSockets: The most sockets open at once. Connections do not count, only files limit them.
  package init(ioThreads: Int = 1, maxSockets: Int = 64) throws(ZeroMQError) {
    guard let handle = zmq_ctx_new() else {
      throw ZeroMQError(.createContext, "of libzmq", .code(.last))
    }
    self.handle = Mutex(handle)
    try set(ZMQ_IO_THREADS, to: ioThreads, name: "io_threads")
    try set(ZMQ_MAX_SOCKETS, to: maxSockets, name: "max_sockets")
  }

  deinit {
    handle.withLock { handle in
      _ = uninterrupted { zmq_ctx_term(handle) }
    }
  }

  private func set(_ option: Int32, to value: Int, name: String) throws(ZeroMQError) {
    try handle.withLock { (handle) throws(ZeroMQError) in
      let handle = handle
      try checked(.setOption, name) { zmq_ctx_set(handle, option, Int32(clamping: value)) }
    }
  }

  /// A new raw socket; the caller closes it.
  func makeSocket(_ type: Int32) -> UnsafeMutableRawPointer? {
    // A number crosses the lock, because the socket belongs to its caller alone and not to us.
    let address = handle.withLock { UInt(bitPattern: zmq_socket($0, type)) }
    return UnsafeMutableRawPointer(bitPattern: address)
  }
}
