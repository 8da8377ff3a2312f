internal import Glibc

/// How large this process may make a file ('ulimit -f').
package enum FileSizeLimit {
  /// nil where there is none.
  package static var current: UInt64? {
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < UInt64(Int64.max) else { return nil }
    return UInt64(limit.rlim_cur)
  }
}
