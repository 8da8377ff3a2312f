import Glibc

/// A failed call to the operating system.
struct SystemError: Error {
  let code: Int32

  var reason: String { String(cString: strerror(code)) }
}

/// Calls the operating system, again after EINTR, and reads `errno` at once when it fails.
@discardableResult
func systemCall<Result: SignedInteger>(_ call: () -> Result) throws(SystemError) -> Result {
  while true {
    let result = call()
    if result != -1 { return result }
    let code = errno
    if code != EINTR { throw SystemError(code: code) }
  }
}

/// What `stat` says about a path, or nil when it cannot be looked at.
func fileStatus(_ path: String) -> stat? {
  var status = stat()
  return stat(path, &status) == 0 ? status : nil
}

/// A file descriptor, closed with its owner.
struct FileDescriptor: ~Copyable {
  let number: Int32

  init(opening path: String, _ flags: Int32, mode: mode_t = 0o644) throws(SystemError) {
    number = try systemCall { open(path, flags | O_CLOEXEC, mode) }
  }

  var status: stat {
    get throws(SystemError) {
      var status = stat()
      try systemCall { fstat(number, &status) }
      return status
    }
  }

  deinit { close(number) }
}

/// The last component of a path.
func lastComponent(_ path: String) -> String {
  path.split(separator: "/").last.map { String($0) } ?? path
}
