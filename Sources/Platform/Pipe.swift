internal import CLinux
internal import Glibc

/// The two ends of a pipe.
///
/// Each is closed when the last reference to it goes; a child inherits none that it is not given.
package struct Pipe: Sendable {
  package let reading: PipeEnd
  package let writing: PipeEnd

  package init() throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    guard clinux_pipe(&ends) == 0 else {
      throw SystemError("open", "a pipe", Errno(errno))
    }
    reading = PipeEnd(ends[0])
    writing = PipeEnd(ends[1])
  }
}

/// One end of a pipe.
package final class PipeEnd: Sendable {
  package let descriptor: Int32

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }
}
