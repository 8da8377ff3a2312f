/// A tar archive (POSIX ustar), which every host's `tar` unpacks.
enum TarArchive {
  struct File {
    /// Below the folder that it is unpacked in; at most 100 bytes.
    let path: String
    let mode: Int
    let bytes: [UInt8]
  }

  private static let block = 512

  /// The archive in pieces, of which the contents are not copied.
  static func pieces(folders: [String], _ files: [File]) -> [[UInt8]] {
    var pieces = folders.map { header("\($0)/", mode: 0o755, size: 0, type: "5") }
    for file in files {
      pieces.append(header(file.path, mode: file.mode, size: file.bytes.count, type: "0"))
      pieces.append(file.bytes)
      let rest = file.bytes.count % block
      if rest > 0 { pieces.append([UInt8](repeating: 0, count: block - rest)) }
    }
    // Two empty blocks end it.
    pieces.append([UInt8](repeating: 0, count: 2 * block))
    return pieces
  }

  private static func header(_ path: String, mode: Int, size: Int, type: Character) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: block)
    func put(_ text: String, at place: Int) {
      for (offset, byte) in text.utf8.enumerated() { header[place + offset] = byte }
    }
    put(path, at: 0)
    put(octal(mode, digits: 7), at: 100)
    // Owner and group are whoever unpacks it; the time is 1970's, so that an archive is its content.
    put(octal(0, digits: 7), at: 108)
    put(octal(0, digits: 7), at: 116)
    put(octal(size, digits: 11), at: 124)
    put(octal(0, digits: 11), at: 136)
    // The sum counts its own place as blanks.
    put("        ", at: 148)
    put(String(type), at: 156)
    put("ustar", at: 257)
    put("00", at: 263)
    put(octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + "\0 ", at: 148)
    return header
  }

  private static func octal(_ value: Int, digits: Int) -> String {
    let text = String(value, radix: 8)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
