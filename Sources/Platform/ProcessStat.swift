internal import Glibc

/// What `/proc/N/stat` says of a process, its fields numbered as in proc(5).
package struct ProcessStat: Hashable, Sendable {
  /// `R` where it runs or is ready to, `Z` where it is dead and not yet waited for, and others.
  package let state: Character
  /// From the state on, which is field 3.
  private let fields: [String]

  /// Of a process on this machine; nil where it is gone, or the system does not tell.
  package init?(of process: Int32) { self.init(path: "\(process)") }

  /// Of this process; nil where the system does not tell.
  package static var own: ProcessStat? { ProcessStat(path: "self") }

  private init?(path: String) {
    guard let text = ProcessText.read("/proc/\(path)/stat") else { return nil }
    self.init(text: text)
  }

  /// - Parameter text: The file's content.
  package init?(text: String) {
    // The name, field 2, stands in brackets and may hold anything, brackets and spaces too.
    guard let name = text.lastIndex(of: ")") else { return nil }
    fields = text[text.index(after: name)...].split(whereSeparator: \.isWhitespace).map(String.init)
    guard let state = fields.first?.first else { return nil }
    self.state = state
  }

  /// The process that has started it, or that has taken it over.
  package var parent: Int32? { self[4] }

  /// Seconds that all its threads have had of the CPU, in the kernel too.
  package var cpuSeconds: Double? {
    guard let user: Double = self[14], let system: Double = self[15] else { return nil }
    return (user + system) / Self.ticksPerSecond
  }

  /// When it started, in the kernel's ticks since the machine did.
  package var startTicks: Int? { self[22] }

  /// The same in seconds.
  package var startSeconds: Double? { startTicks.map { Double($0) / Self.ticksPerSecond } }

  /// Where its arguments lie in its memory, for itself alone; nil of others and before Linux 3.5.
  var arguments: Range<UInt>? {
    guard let start: UInt = self[48], let end: UInt = self[49], start > 0, start < end else {
      return nil
    }
    return start..<end
  }

  private static let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))

  private subscript<Number: LosslessStringConvertible>(field: Int) -> Number? {
    let place = field - 3
    return fields.indices.contains(place) ? Number(fields[place]) : nil
  }
}
