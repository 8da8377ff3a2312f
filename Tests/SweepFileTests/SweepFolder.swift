import TestSupport

/// A folder of sweep files that is removed with its last reference.
final class SweepFolder {
  private let folder: TemporaryFolder

  init(_ files: [String: String]) throws {
    folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(Array(text.utf8), to: name) }
  }

  func path(_ name: String) -> String { folder[name] }
}
