/// A list of this room as a file: words in lines; `#` starts a comment.
enum KeyFileLines {
  /// Gives `read` the words of every line that has any.
  ///
  /// - Throws: What `read` threw, behind `path` and the line's number.
  static func forEach(
    _ bytes: [UInt8], path: String, _ read: ([String]) throws(KeyringError) -> Void
  ) throws(KeyringError) {
    let lines = String(decoding: bytes, as: UTF8.self)
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
      guard !words.isEmpty else { continue }
      do throws(KeyringError) {
        try read(words)
      } catch {
        throw KeyringError(.malformed, "\(path):\(index + 1): \(error)")
      }
    }
  }
}
