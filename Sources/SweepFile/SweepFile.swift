package import Sweep
package import VAE

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
    let values: NamedValues
  }

  /// Reads and checks the sweep file at `path`.
  package static func load(path: String) throws(SweepFileError) -> SweepDefinition {
    try read(path: path).definition
  }

  /// Reads and checks the sweep file at `path` with the files that it extends.
  ///
  /// - Parameters:
  ///   - overrides: Values that replace those of the files, as in `train.epochs=5`.
  ///   - images: What the architectures of a dataset begin with, given its name in the file; nil where
  ///     that is not known.
  package static func read(
    path: String, overrides: [String] = [], images: (String) -> ArchitectureInput? = { _ in nil }
  ) throws(SweepFileError) -> Contents {
    do throws(Fault) {
      var source = try SweepSource(path: path)
      for override in overrides { try SweepOverride(override).apply(to: &source.root) }
      let yaml =
        source.isAlone && overrides.isEmpty
        ? source.text : YAMLWriter.text(of: source.root)
      guard yaml.utf8.count <= largestSize else { throw FileBytes.tooLarge(largestSize) }
      let read = try contents(source.root, yaml: yaml, file: path, images: images)
      return try read.withInput(in: source.root, file: path)
    } catch {
      throw error.error(in: path)
    }
  }

  /// Checks the text of a sweep file that extends no other.
  ///
  /// `file` names it in errors, and a relative dataset folder is taken from the folder that `file`
  /// stands in.
  ///
  /// - Parameter origin: Of a store's text what was accepted once is accepted again.
  package static func parse(
    yaml: String, file: String, images: ArchitectureInput? = nil,
    from origin: TrainKey.ValueOrigin = .user
  ) throws(SweepFileError) -> SweepDefinition {
    try contents(yaml: yaml, file: file, images: images, from: origin).definition
  }

  /// The same with what else is known of the text.
  package static func contents(
    yaml: String, file: String, images: ArchitectureInput? = nil,
    from origin: TrainKey.ValueOrigin = .user
  ) throws(SweepFileError) -> Contents {
    do throws(Fault) {
      let root = try SweepSource(text: yaml, file: file).root
      return try contents(root, yaml: yaml, file: file, from: origin) { _ in images }
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

  private static func contents(
    _ root: Node, yaml: String, file: String, from origin: TrainKey.ValueOrigin = .user,
    images: (String) -> ArchitectureInput?
  ) throws(Fault) -> Contents {
    var reader = DefinitionReader(folder: FileBytes.folder(of: file), origin: origin)
    let definition = try reader.read(root, images: images)
    return Contents(
      definition: definition, yaml: yaml,
      warnings: reader.warnings.map { "\($0.error(in: file).warning)" }, values: reader.values)
  }
}

extension SweepFile.Contents {
  /// The same with `input:` in the text, where the dataset alone says what it is: a store keeps the text,
  /// and hosts without the dataset read it.
  fileprivate func withInput(in root: Node, file: String) throws(Fault) -> Self {
    let input = definition.grid.input
    guard input != Architecture.usualInput, definition.grid.hasHalves,
      case .mapping(var top) = root, top.index(of: InputReader.key) == nil
    else { return self }
    top.pairs.append((.plain(InputReader.key, nil), .plain("\(input)", nil)))
    var text = yaml + (yaml.hasSuffix("\n") ? "" : "\n") + "\(InputReader.key): \(input)\n"
    // A line more says it in a file whose keys begin its lines, and no other way of writing one.
    if case .mapping(let pairs)? = try? SweepSource.tree(text, file),
      pairs.count == top.count, pairs.index(of: InputReader.key) == top.count - 1
    {
      return Self(definition: definition, yaml: text, warnings: warnings, values: values)
    }
    text = YAMLWriter.text(of: .mapping(top))
    guard text.utf8.count <= SweepFile.largestSize else {
      throw FileBytes.tooLarge(SweepFile.largestSize)
    }
    return Self(definition: definition, yaml: text, warnings: warnings, values: values)
  }
}
