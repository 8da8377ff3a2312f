import Glibc
import Platform

/// The paths of a dataset's four files.
struct IDXPaths: Equatable, Sendable {
  /// Where they lie, with the set's name where it was asked for by it.
  let folder: String
  /// In the order of `IDXFile`.
  private let paths: [String]

  subscript(file: IDXFile) -> String { paths[file.rawValue] }

  init(folder: String, paths: [String]) {
    self.folder = folder
    self.paths = paths
  }

  /// Finds the four files at `path`: a folder, or a folder followed by the name of one of the sets in
  /// it, as `gzip/emnist-letters`.
  ///
  /// Nil when none of them is there; an error that names every missing one when some are, and one
  /// that names the sets when there are several.
  ///
  /// - Parameter name: MNIST and Fashion-MNIST are not looked for under another set's name.
  static func locate(in path: String, for name: DatasetName) throws(DatasetError) -> IDXPaths? {
    if isFolder(path) {
      return try locate(in: path, named: path) { set in
        if case .folder = name { true } else { ["", name.description].contains(set) }
      }
    }
    let set = lastComponent(path)
    let parent = path.dropLast(set.utf8.count)
    let folder = parent.isEmpty ? "." : parent == "/" ? "/" : String(parent.dropLast())
    guard case .folder = name, path.hasSuffix(set), isFolder(folder) else { return nil }
    return try locate(in: folder, named: path) { $0 == set }
  }

  private static func locate(
    in folder: String, named path: String, where isWanted: (String) -> Bool
  ) throws(DatasetError) -> IDXPaths? {
    let action = "looking for IDX files in \(path)"
    guard access(folder, R_OK | X_OK) == 0 else {
      throw DatasetError(
        .unreadable, action, problem: String(cString: strerror(errno)),
        advice: "check the folder's permissions")
    }
    let sets = sets(in: folder).filter { isWanted($0.key) }
    let complete = sets.filter { $0.value.count == IDXFile.allCases.count }
    // A set without a name of its own is the folder's.
    if let chosen = complete[""] ?? (complete.count == 1 ? complete.first?.value : nil) {
      return IDXPaths(
        folder: path,
        paths: IDXFile.allCases.compactMap { chosen[$0] }.map { "\(folder)/\($0)" })
    }
    guard complete.isEmpty else {
      let names = complete.keys.sorted()
      throw DatasetError(
        .ambiguous, action, problem: "several sets are there: \(names.joined(separator: ", "))",
        advice: "name one of them, as in \(path)/\(names[0])")
    }
    // The fullest tells what was meant.
    let fullest = sets.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }
    guard let (set, found) = fullest else { return nil }
    let missing = IDXFile.allCases.filter { found[$0] == nil }
    let prefix = set.isEmpty ? "" : "\(set)-"
    throw DatasetError(
      .missing, action,
      problem: "missing, plain or .gz: "
        + missing.map { prefix + $0.name }.joined(separator: ", "),
      advice: "put all four files there")
  }

  /// The names of the IDX files in a folder, by the name of their set.
  private static func sets(in folder: String) -> [String: [IDXFile: String]] {
    var best: [String: [IDXFile: (rank: Int, name: String)]] = [:]
    for name in Folder.names(in: folder) {
      guard let parts = IDXFileName(name) else { continue }
      let candidate = (rank: parts.rank, name: name)
      if let known = best[parts.set]?[parts.file], known < candidate { continue }
      best[parts.set, default: [:]][parts.file] = candidate
    }
    return best.mapValues { $0.mapValues(\.name) }
  }

  private static func isFolder(_ path: String) -> Bool {
    fileStatus(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
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
