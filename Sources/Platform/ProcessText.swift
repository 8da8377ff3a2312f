/// Small files in which the kernel says something as text.
enum ProcessText {
  /// nil where it cannot be read.
  static func read(_ path: String) -> String? {
    // What cannot be read says nothing.
    guard let bytes = try? readFile(path, atMost: 4 << 20) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Of a line `name: value`.
  static func value(_ name: String, in text: String?) -> String? {
    let line = text?.split(separator: "\n").first { $0.hasPrefix("\(name):") }
    return line.map { String($0.dropFirst(name.utf8.count + 1).drop(while: \.isWhitespace)) }
  }
}
