/// How a process ended.
package enum ProcessEnd: Hashable, Sendable, CustomStringConvertible {
  case status(Int32)
  case signal(Int32)

  /// - Parameter word: What `waitpid` says.
  init(waitStatus word: Int32) {
    let signal = word & 0x7f
    self = signal == 0 ? .status((word >> 8) & 0xff) : .signal(signal)
  }

  package var description: String {
    switch self {
    case .status(let status): "exit status \(status)"
    case .signal(let signal): "signal \(signal)"
    }
  }
}
