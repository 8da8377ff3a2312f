internal import Glibc

/// How large this process may make a file ('ulimit -f').
package enum FileSizeLimit {
  /// nil where there is none.
  package static var current: UInt64? { ResourceLimit.current(RLIMIT_FSIZE) }
}
