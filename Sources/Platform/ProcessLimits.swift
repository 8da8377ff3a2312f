internal import CLinux
internal import Glibc

/// What the system lets this process use ('ulimit'), as it stands; nil where there is no limit.
package enum ProcessLimits {
  package static var openFiles: UInt64? { ResourceLimit.current(RLIMIT_NOFILE) }
  /// Of the user, threads too.
  package static var processes: UInt64? { ResourceLimit.current(__RLIMIT_NPROC) }
  /// In bytes.
  package static var addressSpace: UInt64? { ResourceLimit.current(RLIMIT_AS) }
  /// Seconds of CPU time.
  package static var cpuTime: UInt64? { ResourceLimit.current(RLIMIT_CPU) }

  /// Whether a program of this name can be started by its name.
  package static func hasProgram(_ name: String, path: String) -> Bool {
    path.split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
  }

  /// Whether the kernel's clock is kept right by somebody; nil where the system does not tell.
  package static var clockIsSynchronised: Bool? {
    switch clinux_clock_is_synchronised() {
    case 0: false
    case 1: true
    default: nil
    }
  }
}
