import Foundation

/// Who has started whom on this machine.
package enum ProcessTree {
  /// The processes that `process` has started and that are not gone, in the order of their numbers.
  ///
  /// By everybody's parent: what a thread has started, the kernel lists under that thread, which may end
  /// between two looks.
  package static func children(of process: Int32) throws -> [Int32] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.sorted()
      .filter { parent(of: $0) == process }
  }

  /// Nil of a process that is gone.
  private static func parent(of process: Int32) -> Int32? {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      // Its name may have anything in it, brackets too.
      let name = text.lastIndex(of: ")")
    else { return nil }
    let fields = text[name...].split(separator: " ")
    return fields.count > 2 ? Int32(fields[2]) : nil
  }
}
