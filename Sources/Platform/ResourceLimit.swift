internal import Glibc

/// What the system lets this process use ('ulimit').
enum ResourceLimit {
  /// - Parameter resource: As of getrlimit(2), such as `RLIMIT_FSIZE`.
  /// - Returns: nil where there is no limit.
  static func current(_ resource: __rlimit_resource) -> UInt64? {
    var limit = rlimit()
    let kind = __rlimit_resource_t(resource.rawValue)
    guard getrlimit(kind, &limit) == 0, limit.rlim_cur != .max else { return nil }
    return UInt64(limit.rlim_cur)
  }
}
