internal import Platform

/// The hosts of a file: one per line, `user@host 8` or `user@host auto`; what follows a `#` is a comment.
package struct HostsFile: Hashable, Sendable {
  private static let longest = 4 << 20
  private static let mostSlots = 4096

  package let hosts: [HostEntry]

  /// Reads the file at `path`.
  package init(path: String) throws(HostsFileError) {
    let found: [UInt8]?
    do throws(SystemError) {
      found = try readFile(path, atMost: Self.longest)
    } catch {
      throw HostsFileError("\(error)")
    }
    guard let found, let text = String(validating: found, as: UTF8.self) else {
      throw HostsFileError("\(path): this is no list of hosts: write one per line, 'user@host 8'")
    }
    try self.init(text, path: path)
  }

  /// - Parameter path: What errors call the file.
  package init(_ text: String, path: String) throws(HostsFileError) {
    var hosts: [HostEntry] = []
    var lines: [String: Int] = [:]
    let split = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    for (index, line) in split.enumerated() {
      let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
      guard let target = words.first else { continue }
      let place = "\(path):\(index + 1)"
      guard words.count <= 2 else {
        throw HostsFileError("\(place): '\(words[2])' is one word too many: write 'user@host 8'")
      }
      // An option of ssh's would be obeyed; the rest no shell and no ssh takes for a name.
      guard let first = target.unicodeScalars.first, first != "-",
        target.unicodeScalars.allSatisfy({ $0.isASCII && $0.value > 0x20 && $0.value < 0x7f })
      else { throw HostsFileError("\(place): '\(target)' is no name of a host") }
      if let earlier = lines[target] {
        throw HostsFileError(
          "\(place): \(target) stands in line \(earlier) already: one worker runs on a host, with "
            + "as many slots as its line says")
      }
      lines[target] = index + 1
      hosts.append(
        HostEntry(target: target, slots: try slots(words.dropFirst().first, place)))
    }
    guard !hosts.isEmpty else {
      throw HostsFileError("\(path) names no host: write one per line, 'user@host 8'")
    }
    self.hosts = hosts

    func slots(_ word: String?, _ place: String) throws(HostsFileError) -> Int? {
      guard let word, word != "auto" else { return nil }
      guard let count = Int(word), (1...Self.mostSlots).contains(count) else {
        throw HostsFileError(
          "\(place): '\(word)' must be the host's slots, a whole number from 1 to "
            + "\(Self.mostSlots), or auto")
      }
      return count
    }
  }
}

/// What is wrong with a hosts file, in one line.
package struct HostsFileError: Error, Hashable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
