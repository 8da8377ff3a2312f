import Foundation

/// Cells of a line, and lines, of a terminal.
struct TerminalSize: Hashable {
  let width: Int
  let height: Int

  static var ofStandardOutput: TerminalSize { of(STDOUT_FILENO) }
  static var ofStandardError: TerminalSize { of(STDERR_FILENO) }

  /// 80 by 24 where the terminal does not tell.
  private static func of(_ descriptor: Int32) -> TerminalSize {
    var size = winsize()
    let isKnown =
      ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 && size.ws_row > 0
    return isKnown
      ? TerminalSize(width: Int(size.ws_col), height: Int(size.ws_row))
      : TerminalSize(width: 80, height: 24)
  }
}
