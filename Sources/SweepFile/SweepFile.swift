package import Sweep

/// Reads sweep files: YAML in, a checked definition out, or one line that says what is wrong.
package enum SweepFile {
  /// The largest file that is read, in bytes.
  package static let largestSize = 1 << 20

  /// Reads and checks the sweep file at `path`.
  package static func load(path: String) throws(SweepFileError) -> SweepDefinition {
    let bytes: [UInt8]
    do {
      bytes = try FileBytes.read(path: path, atMost: largestSize)
    } catch {
      throw SweepFileError(file: path, line: nil, message: error.message)
    }
    return try parse(bytes: bytes, file: path)
  }

  /// Checks the text of a sweep file.
  ///
  /// `file` names it in errors, and a relative dataset folder is taken from the folder that `file`
  /// stands in.
  package static func parse(yaml: String, file: String) throws(SweepFileError) -> SweepDefinition {
    do throws(Fault) {
      guard yaml.utf8.count <= largestSize else { throw FileBytes.tooLarge(largestSize) }
      // Editors of some systems put a byte order mark in front, which YAML takes for a document.
      let text = yaml.hasPrefix("\u{feff}") ? String(yaml.unicodeScalars.dropFirst()) : yaml
      guard let root = try YAMLText.compose(text) else {
        throw Fault(nil, "the file is empty: it must hold name: and grid:")
      }
      return try DefinitionReader(folder: FileBytes.folder(of: file)).read(root)
    } catch {
      throw error.error(in: file)
    }
  }

  /// Checks the bytes of a sweep file, whatever they are, and never traps: the entry for fuzzing.
  package static func parse(bytes: [UInt8], file: String) throws(SweepFileError)
    -> SweepDefinition
  {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      let line = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }
      throw SweepFileError(
        file: file, line: line.map { $0 + 1 }, message: "not UTF-8 text: save the file as UTF-8")
    }
    return try parse(yaml: text, file: file)
  }
}
