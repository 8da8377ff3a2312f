package import Sweep

/// Reads sweep files: YAML in, a checked definition out, or one line that says what is wrong.
package enum SweepFile {
  /// The largest file that is read, in bytes.
  package static let largestSize = 1 << 20

  /// A sweep file that was read, with all that it extends and all that was set beside it.
  package struct Contents: Sendable {
    package let definition: SweepDefinition
    /// The whole of it in one text, which needs no other file: the file's own where it stands alone.
    package let yaml: String
    /// What is accepted and may not be meant, each in one line with its place.
    package let warnings: [String]
  }

  /// Reads and checks the sweep file at `path`.
  package static func load(path: String) throws(SweepFileError) -> SweepDefinition {
    try read(path: path).definition
  }

  /// Reads and checks the sweep file at `path` with the files that it extends.
  ///
  /// - Parameter overrides: Values that replace those of the files, as in `train.epochs=5`.
  package static func read(path: String, overrides: [String] = []) throws(SweepFileError)
    -> Contents
  {
    do throws(Fault) {
      var source = try SweepSource(path: path)
      for override in overrides { try SweepOverride(override).apply(to: &source.root) }
      let yaml =
        source.isAlone && overrides.isEmpty
        ? source.text : YAMLWriter.text(of: source.root)
      guard yaml.utf8.count <= largestSize else { throw FileBytes.tooLarge(largestSize) }
      return try contents(source.root, yaml: yaml, file: path)
    } catch {
      throw error.error(in: path)
    }
  }

  /// Checks the text of a sweep file that extends no other.
  ///
  /// `file` names it in errors, and a relative dataset folder is taken from the folder that `file`
  /// stands in.
  package static func parse(yaml: String, file: String) throws(SweepFileError) -> SweepDefinition {
    do throws(Fault) {
      return try contents(SweepSource(text: yaml, file: file).root, yaml: yaml, file: file)
        .definition
    } catch {
      throw error.error(in: file)
    }
  }

  /// Checks the bytes of a sweep file, whatever they are, and never traps: the entry for fuzzing.
  package static func parse(bytes: [UInt8], file: String) throws(SweepFileError)
    -> SweepDefinition
  {
    let text: String
    do throws(Fault) {
      text = try SweepSource.text(bytes, of: file)
    } catch {
      throw error.error(in: file)
    }
    return try parse(yaml: text, file: file)
  }

  private static func contents(_ root: Node, yaml: String, file: String) throws(Fault) -> Contents {
    var reader = DefinitionReader(folder: FileBytes.folder(of: file))
    let definition = try reader.read(root)
    return Contents(
      definition: definition, yaml: yaml,
      warnings: reader.warnings.map { "\($0.error(in: file).warning)" })
  }
}
