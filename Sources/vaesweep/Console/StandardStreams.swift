import Foundation

/// The three standard descriptors, whatever the program was started with.
enum StandardStreams {
  /// Fills descriptors that were closed at the start (`2>&-`), so that no store, socket or pipe
  /// takes their number and is written to as if it were the terminal.
  ///
  /// What stands in for a closed standard output cannot be written: results that nobody gets are an
  /// error.
  static func fillGaps() {
    for number in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(number, F_GETFD) == -1 && errno == EBADF {
      // The lowest free number is given, and all below are taken.
      _ = open("/dev/null", number == STDERR_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Writes all of `bytes`, again after EINTR; returns the error that stopped it, if any.
  static func write(_ bytes: some Collection<UInt8>, to descriptor: Int32) -> Int32? {
    let copy = Array(bytes)
    return copy.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let piece = UnsafeRawBufferPointer(rebasing: rest)
        let count = Foundation.write(descriptor, piece.baseAddress, piece.count)
        let code = errno
        if count < 0, code == EINTR { continue }
        guard count > 0 else { return count < 0 ? code : EIO }
        rest = rest.dropFirst(count)
      }
      return nil
    }
  }
}
