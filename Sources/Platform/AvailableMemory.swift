internal import Glibc

/// How much memory this process could still have.
package enum AvailableMemory {
  /// The least of what the machine has free and what its control groups leave; nil where the system
  /// does not say.
  package static var bytes: Int? {
    let meminfo = text("/proc/meminfo").flatMap(available)
    let groups = text("/proc/self/cgroup").map(controlGroups) ?? []
    let left = groups.compactMap { group -> Int? in
      guard let limit = text("\(group.folder)/\(group.limit)").flatMap(number),
        let used = text("\(group.folder)/\(group.usage)").flatMap(number)
      else { return nil }
      // Pages of files that nobody uses are given back when memory is short.
      let cached = text("\(group.folder)/memory.stat").flatMap { field(group.cached, of: $0) } ?? 0
      return max(0, limit - max(0, used - cached))
    }
    return ([meminfo].compactMap(\.self) + left).min()
  }

  package struct ControlGroup: Hashable {
    package let folder: String
    package let limit: String
    let usage: String
    let cached: String
  }

  /// Where the limits of the groups in `/proc/self/cgroup` stand, of both versions; the root too, as a
  /// container sees its own group there.
  package static func controlGroups(_ text: String) -> [ControlGroup] {
    text.split(separator: "\n").flatMap { line -> [ControlGroup] in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return [] }
      let paths = Set([String(parts[2]), "/"]).sorted()
      if parts[1].isEmpty {
        return paths.map {
          ControlGroup(
            folder: "/sys/fs/cgroup\($0)", limit: "memory.max", usage: "memory.current",
            cached: "inactive_file")
        }
      }
      guard parts[1].split(separator: ",").contains("memory") else { return [] }
      return paths.map {
        ControlGroup(
          folder: "/sys/fs/cgroup/memory\($0)", limit: "memory.limit_in_bytes",
          usage: "memory.usage_in_bytes", cached: "total_inactive_file")
      }
    }
  }

  /// `MemAvailable`, in bytes.
  package static func available(_ meminfo: String) -> Int? {
    field("MemAvailable:", of: meminfo).map { $0 << 10 }
  }

  /// The number behind a name at the start of a line.
  private static func field(_ name: String, of text: String) -> Int? {
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ")
      if parts.count >= 2, parts[0] == name { return Int(parts[1]) }
    }
    return nil
  }

  /// nil for `max`, which is no limit.
  private static func number(_ text: String) -> Int? {
    Int(text.prefix { $0.isASCII && $0.isWholeNumber })
  }

  private static func text(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }
}
