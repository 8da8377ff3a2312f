import Foundation

/// How many files and connections this process may have open.
enum OpenFiles {
  /// Raises the limit to what the host allows; a connection takes a file on either side.
  ///
  /// - Returns: The limit now in force.
  @discardableResult
  static func raiseLimit() -> Int {
    var limit = rlimit()
    let files = __rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue))
    guard getrlimit(files, &limit) == 0 else { return 1024 }
    if limit.rlim_cur < limit.rlim_max {
      limit.rlim_cur = limit.rlim_max
      _ = setrlimit(files, &limit)
      getrlimit(files, &limit)
    }
    return Int(clamping: limit.rlim_cur)
  }
}
