internal import CZeroMQ
internal import Glibc

/// An `errno` value as libzmq or the system reported it.
package struct ErrorCode: Hashable, Sendable, CustomStringConvertible {
  /// The number itself; libzmq's own codes lie above 156,384,712.
  package let rawValue: Int32

  package init(rawValue: Int32) { self.rawValue = rawValue }

  /// The code the calling thread's last failed call left.
  static var last: ErrorCode { ErrorCode(rawValue: zmq_errno()) }

  package static let interrupted = ErrorCode(rawValue: EINTR)
  package static let wouldBlock = ErrorCode(rawValue: EAGAIN)
  package static let hostUnreachable = ErrorCode(rawValue: EHOSTUNREACH)
  package static let addressInUse = ErrorCode(rawValue: EADDRINUSE)
  package static let addressNotAvailable = ErrorCode(rawValue: EADDRNOTAVAIL)
  package static let noSuchDevice = ErrorCode(rawValue: ENODEV)
  package static let permissionDenied = ErrorCode(rawValue: EACCES)
  package static let noSuchFile = ErrorCode(rawValue: ENOENT)
  package static let fileExists = ErrorCode(rawValue: EEXIST)
  package static let invalid = ErrorCode(rawValue: EINVAL)
  package static let notASocket = ErrorCode(rawValue: ENOTSOCK)
  package static let tooManyFiles = ErrorCode(rawValue: EMFILE)
  package static let contextTerminated = ErrorCode(rawValue: ETERM)
  package static let unsupported = ErrorCode(rawValue: ENOTSUP)
  package static let unsupportedProtocol = ErrorCode(rawValue: EPROTONOSUPPORT)
  package static let unsupportedAddressFamily = ErrorCode(rawValue: EAFNOSUPPORT)
  package static let connectionRefused = ErrorCode(rawValue: ECONNREFUSED)

  /// The symbol of the C headers, such as `EADDRINUSE`; `errno 123` where none is known here.
  package var name: String { Self.names[rawValue] ?? "errno \(rawValue)" }

  /// What the C library says about the code, such as "Address already in use".
  package var description: String { String(cString: zmq_strerror(rawValue)) }

  private static let names: [Int32: String] = [
    EINTR: "EINTR", EAGAIN: "EAGAIN", EHOSTUNREACH: "EHOSTUNREACH", EADDRINUSE: "EADDRINUSE",
    EADDRNOTAVAIL: "EADDRNOTAVAIL", ENODEV: "ENODEV", EACCES: "EACCES", EPERM: "EPERM",
    ENOENT: "ENOENT", EEXIST: "EEXIST", EINVAL: "EINVAL", ENOTSOCK: "ENOTSOCK",
    EMFILE: "EMFILE", ENFILE: "ENFILE", ENOMEM: "ENOMEM", ENOTDIR: "ENOTDIR", ETERM: "ETERM",
    EFSM: "EFSM", EMTHREAD: "EMTHREAD", ENOCOMPATPROTO: "ENOCOMPATPROTO", ENOTSUP: "ENOTSUP",
    EPROTONOSUPPORT: "EPROTONOSUPPORT", EAFNOSUPPORT: "EAFNOSUPPORT", EFAULT: "EFAULT",
    ECONNREFUSED: "ECONNREFUSED", ENETDOWN: "ENETDOWN", ENETUNREACH: "ENETUNREACH",
    EBADF: "EBADF", ENOBUFS: "ENOBUFS", EMSGSIZE: "EMSGSIZE", ENAMETOOLONG: "ENAMETOOLONG",
    EROFS: "EROFS", ENOSPC: "ENOSPC",
  ]
}
