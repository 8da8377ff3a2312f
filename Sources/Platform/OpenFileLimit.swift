internal import Glibc

/// How many files and connections this process may have open ('ulimit -n').
package enum OpenFileLimit {
  /// The limit in force.
  package static var current: Int {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return 1024 }
    return Int(clamping: limit.rlim_cur)
  }

  /// Raises the limit to `wanted`, as far as the system allows; it is never lowered.
  ///
  /// - Returns: The limit then in force.
  @discardableResult
  package static func raise(to wanted: Int = .max) -> Int {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return 1024 }
    let highest = min(limit.rlim_max, rlim_t(clamping: wanted))
    if limit.rlim_cur < highest {
      limit.rlim_cur = highest
      // Where it may not be raised, it stays as it was.
      _ = setrlimit(resource, &limit)
    }
    return current
  }

  private static var resource: __rlimit_resource_t { __rlimit_resource_t(RLIMIT_NOFILE.rawValue) }
}
