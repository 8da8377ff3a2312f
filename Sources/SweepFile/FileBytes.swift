import Foundation

/// The bytes of a file, read with the operating system's own words for what goes wrong.
enum FileBytes {
  /// Reads the whole file, or says why it cannot be read.
  static func read(path: String, atMost limit: Int) throws(Fault) -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw unreadable() }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    errno = 0
    let count = fread(&bytes, 1, bytes.count, file)
    guard ferror(file) == 0 else { throw unreadable() }
    guard count <= limit else { throw tooLarge(limit) }
    return Array(bytes.prefix(count))
  }

  static func tooLarge(_ limit: Int) -> Fault {
    Fault(nil, "larger than \(limit >> 20) MiB: this is no sweep file")
  }

  /// The folder a file stands in, absolute and without `..`.
  static func folder(of file: String) -> String {
    URL(fileURLWithPath: file).deletingLastPathComponent().standardizedFileURL.path
  }

  /// `path` seen from `folder`, absolute and without `..`.
  static func resolve(_ path: String, from folder: String) -> String {
    if path == "~" || path.hasPrefix("~/") {
      // As a shell does; Foundation asks the user database alone.
      let home = ProcessInfo.processInfo.environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
      return URL(fileURLWithPath: (home ?? NSHomeDirectory()) + path.dropFirst())
        .standardizedFileURL.path
    }
    // Another user's home is for whoever looks for the dataset.
    if path.hasPrefix("~") { return path }
    let base = URL(fileURLWithPath: folder, isDirectory: true)
    return URL(fileURLWithPath: path, relativeTo: base).standardizedFileURL.path
  }

  private static func unreadable() -> Fault {
    Fault(nil, "cannot be read: \(String(cString: strerror(errno)))")
  }
}
