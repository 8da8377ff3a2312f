import Foundation

/// How large the terminal is on which standard error is shown.
struct TerminalSize {
  let columns: Int
  let rows: Int

  /// 80 × 24 where it is not known.
  static var current: TerminalSize {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return TerminalSize(columns: 80, rows: 24) }
    return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }
}
