import Glibc

/// The paths of a dataset's four files.
struct IDXPaths: Equatable, Sendable {
  let folder: String
  /// In the order of `IDXFile`.
  private let paths: [String]

  subscript(file: IDXFile) -> String { paths[file.rawValue] }

  /// Finds the four files in `folder`.
  ///
  /// Nil when it holds none of them; an error that names every missing one when it holds some.
  static func locate(in folder: String) throws(DatasetError) -> IDXPaths? {
    let found = IDXFile.allCases.map { file -> String? in
      file.candidates.map { "\(folder)/\($0)" }.first { access($0, F_OK) == 0 }
    }
    let paths = found.compactMap { $0 }
    if paths.count == found.count { return IDXPaths(folder: folder, paths: paths) }
    if paths.isEmpty { return nil }
    let missing = zip(IDXFile.allCases, found).filter { $0.1 == nil }.map { $0.0.name }
    throw DatasetError(
      .missing, "looking for IDX files in \(folder)",
      problem: "missing, plain or .gz: \(missing.joined(separator: ", "))",
      advice: "put all four files there")
  }

  /// Text that changes whenever one of the files is replaced or changed: real path, device, inode,
  /// size, and both times in nanoseconds.
  ///
  /// Nil when one cannot be looked at.
  var fingerprint: String? {
    var lines: [String] = []
    for path in paths {
      guard let status = fileStatus(path), let real = realpath(path, nil) else { return nil }
      defer { free(real) }
      let changed = [status.st_mtim, status.st_ctim].map { "\($0.tv_sec).\($0.tv_nsec)" }
      lines.append(
        "\(String(cString: real)) \(status.st_dev) \(status.st_ino) \(status.st_size) "
          + changed.joined(separator: " "))
    }
    return lines.joined(separator: "\n")
  }
}
