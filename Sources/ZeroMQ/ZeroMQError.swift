package import Platform

/// The one error of this room: what was being done, to what, why it failed and what to do.
///
/// Its description is one line, fit for standard error as it stands:
/// `cannot bind tcp://*:5757: Address already in use (EADDRINUSE); another program …`.
package struct ZeroMQError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was being done, as the end of "cannot …".
  package enum Operation: String, Hashable, Sendable {
    case readEndpoint = "read endpoint"
    case readKey = "read key"
    case makeKeys = "make keys"
    case createContext = "create the messaging context"
    case createSocket = "create socket"
    case startThread = "start thread"
    case setOption = "set option"
    case readOption = "read option"
    case bind
    case connect
    case unbind
    case disconnect
    case send = "send on"
    case receive = "receive on"
    case poll
    case monitor = "watch the connections of"
  }

  /// Why it failed.
  package enum Cause: Hashable, Sendable {
    /// A call to libzmq or the system failed with this code.
    case code(ErrorCode)
    /// The request itself made no sense and no call was made; the text is a whole clause.
    case misuse(String)
  }

  package let operation: Operation
  /// What it was done to: an endpoint, a socket, an option, or the text that was to be read.
  package let subject: String
  package let cause: Cause

  package init(_ operation: Operation, _ subject: String, _ cause: Cause) {
    self.operation = operation
    self.subject = subject
    self.cause = cause
  }

  /// Of a thread that cannot be started, or a wake-up that cannot be made.
  package init(_ error: SystemError) {
    self.init(.startThread, error.subject, .code(ErrorCode(rawValue: error.errno.rawValue)))
  }

  /// The code of a failed call; nil where no call was made.
  package var code: ErrorCode? {
    if case .code(let code) = cause { code } else { nil }
  }

  package var description: String {
    switch cause {
    case .misuse(let reason):
      switch operation {
      case .readEndpoint: "'\(subject)' is not an endpoint: \(reason)"
      default: "cannot \(operation.rawValue) \(subject): \(reason)"
      }
    case .code(let code):
      "cannot \(operation.rawValue) \(subject): \(code) (\(code.name))"
        + (advice.map { "; \($0)" } ?? "")
    }
  }

  /// What the user can do about it, as one clause; nil where the code already says it all.
  package var advice: String? {
    guard let code else { return nil }
    return switch code {
    case .addressInUse:
      "another program, or an earlier run of this one, holds it: end that or choose another port"
    case .addressNotAvailable where (try? Endpoint(parsing: subject))?.isLoopback == true:
      "loopback is down on this machine: 'ip link set lo up' as root, or use ipc://PATH"
    case .addressNotAvailable, .noSuchDevice:
      "this machine has no such address or interface: 'ip addr' lists them, '*' means all of them"
    case .permissionDenied where subject.hasPrefix("ipc://"):
      "choose a folder this user may write to"
    case .permissionDenied: "ports below 1024 are for root: choose a higher one"
    case .noSuchFile where subject.hasPrefix("ipc://"): "create its folder first"
    case .fileExists: "a file that is not a socket stands there: choose another path"
    case .tooManyFiles: "the limit of open files is reached: raise it with 'ulimit -n 4096'"
    case .contextTerminated: "the program is shutting down"
    case .notASocket: "the socket has been closed"
    case .connectionRefused where subject.hasPrefix("inproc://"): "nothing is bound there yet"
    case .unsupported, .unsupportedProtocol:
      "this libzmq was built without it: install Debian's or Ubuntu's libzmq5"
    case .unsupportedAddressFamily: "this machine has no IPv6: use an IPv4 address"
    default: nil
    }
  }
}
