internal import Glibc

package enum Folder {
  /// The names in a folder, without `.` and `..`, sorted; none where it cannot be read.
  package static func names(in path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Makes a folder, and those above it, unless they are there; durably.
  ///
  /// - Parameter mode: The permissions of those that are made, before the process's mask is taken off.
  package static func make(_ path: String, mode: UInt32 = 0o755) throws(SystemError) {
    var folder = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      let parent = folder.isEmpty ? "/" : folder
      folder += "/\(part)"
      if mkdir(folder, mode) == 0 {
        try DurableFile.syncFolder(parent)
        continue
      }
      let code = Errno.last
      // A folder that is already there may lie in one that cannot be written.
      if FileStatus(folder)?.kind == .folder { continue }
      throw SystemError(
        "make the folder", folder, code.kind == .exists ? Errno(ENOTDIR) : code, at: "\(folder)/")
    }
  }
}
