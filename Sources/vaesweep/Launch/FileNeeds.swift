import Platform
import Sweep

/// Whether this process may have as many files open as it will need.
///
/// libzmq ends the program where it cannot make a descriptor, without a line that a user understands: so
/// it is said before.
enum FileNeeds {
  /// Files of a coordinator or a worker without its trainers.
  private static let base = 96
  /// A trainer's pipes.
  private static let perSlot = 4

  /// Files that a worker of so many slots may have open at once.
  static func needed(slots: Int) -> Int { base + perSlot * slots }

  /// Raises the limit as far as it is allowed.
  ///
  /// - Parameter slots: Points trained at once by this process.
  static func require(slots: Int = 0) throws(CommandError) {
    let needed = needed(slots: slots)
    let allowed = OpenFileLimit.raise(to: max(needed, 1024))
    guard allowed < needed else { return }
    let what = slots > 0 ? "\(slots.of("slot")) may need \(needed)" : "it may need \(needed)"
    throw .failure(
      "this process may have only \(allowed) files open ('ulimit -n'), and \(what): raise the limit, such "
        + "as by 'ulimit -n 1024', and start again")
  }
}
