import Foundation
import Platform

/// Who has started whom on this machine.
package enum ProcessTree {
  /// The processes that `process` has started and that are not gone, in the order of their numbers.
  ///
  /// By everybody's parent: what a thread has started, the kernel lists under that thread, which may end
  /// between two looks.
  package static func children(of process: Int32) throws -> [Int32] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.sorted()
      .filter { ProcessStat(of: $0)?.parent == process }
  }

  /// Whether a process has ended; one that nobody has waited for yet is as good as gone.
  package static func isGone(_ process: Int32) -> Bool {
    kill(process, 0) != 0 || ProcessStat(of: process).map { $0.state == "Z" } ?? true
  }
}
