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
}
