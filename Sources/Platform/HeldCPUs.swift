internal import CLinux
internal import Glibc

/// CPUs that this process has for its trainers alone, among the processes of this program.
///
/// Two workers that kept trainers to the same CPU would halve each other's speed while other CPUs idle. The
/// kernel holds the claim for as long as the process lives, also where it is killed: it is a name of a
/// socket without a file, which needs no folder and no right. Workers in other network namespaces do not
/// see it; what runs them gives them CPUs of their own.
package final class HeldCPUs: Sendable {
  private let descriptors: [Int32]

  /// nil where another process holds one of them.
  package init?(_ cpus: [Int]) {
    var held: [Int32] = []
    for cpu in cpus {
      let descriptor = clinux_hold_name("vaesweep/cpu/\(cpu)")
      guard descriptor >= 0 else {
        for descriptor in held { close(descriptor) }
        return nil
      }
      held.append(descriptor)
    }
    descriptors = held
  }

  deinit { for descriptor in descriptors { close(descriptor) } }
}
