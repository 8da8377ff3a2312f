import Glibc

/// Remembers which digest a source led to, so that a second start need not decompress and hash.
///
/// A source is any text that names content: the fingerprint of four files, or the recipe of the
/// built-in digits. Each has a file of its own, named by the hash of that text and holding the
/// digest, so that any number of processes may read and write at once, and an entry that is damaged
/// or stale is the same as none.
struct SourceIndex {
  private let folder: String

  init(cache: String) { folder = "\(cache)/sources" }

  func digest(of source: String) -> String? {
    // No entry, or one that cannot be read: the source is read anew.
    guard let file = try? FileDescriptor(opening: path(of: source), O_RDONLY) else { return nil }
    var bytes = [UInt8](repeating: 0, count: 65)
    let count = read(file.number, &bytes, bytes.count)
    let text = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    return text.hasSuffix("\n") && HexDigest.isValid(text.dropLast())
      ? String(text.dropLast()) : nil
  }

  /// Records an entry.
  ///
  /// The index only saves time, so a failure is not an error.
  func record(_ digest: String, of source: String) {
    guard let file = try? AtomicFile(in: folder),
      (try? file.write(Array("\(digest)\n".utf8))) != nil
    else {
      return
    }
    _ = try? file.commit(as: HexDigest.of(source))
  }

  private func path(of source: String) -> String { "\(folder)/\(HexDigest.of(source))" }
}
