internal import Glibc

/// The limit on this process's address space, `ulimit -v`.
package enum AddressSpace {
  /// With less OpenBLAS spins for ever in its allocator and libdispatch stands still, where they
  /// should fail: measured, 400 MB hang and 500 MB train.
  package static let least = 512 << 20

  /// What to say where the limit is below `least`; nil where it is not.
  package static var complaint: String? { limit.flatMap(complaint) }

  package static func complaint(_ limit: Int) -> String? {
    guard limit < least else { return nil }
    return "this process may have only \(limit >> 10) kB of address space (ulimit -v), and needs "
      + "\(least >> 10): raise the limit, or lift it with 'ulimit -v unlimited'"
  }

  private static var limit: Int? { ResourceLimit.current(RLIMIT_AS).map(Int.init(clamping:)) }
}
