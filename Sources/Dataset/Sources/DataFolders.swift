import Glibc

/// Where datasets are looked for and cached on this machine.
package struct DataFolders: Sendable {
  /// What `--data` gave.
  package let explicit: String?
  package let environment: [String: String]

  package init(explicit: String? = nil, environment: [String: String]) {
    self.environment = environment
    self.explicit = explicit.map { Self.expandingHome($0, environment) }
  }

  /// `$XDG_CACHE_HOME/vaesweep`, else `~/.cache/vaesweep`.
  ///
  /// A relative `XDG_CACHE_HOME` is ignored, as its specification asks.
  package var cache: String {
    if let base = value("XDG_CACHE_HOME"), base.hasPrefix("/") { return "\(base)/vaesweep" }
    return "\(home)/.cache/vaesweep"
  }

  /// `$XDG_STATE_HOME/vaesweep`, else the folder `state` in the cache.
  package var state: String {
    if let base = value("XDG_STATE_HOME"), base.hasPrefix("/") { return "\(base)/vaesweep" }
    return "\(cache)/state"
  }

  /// The folders that may hold `name`, in the order in which they are asked: `--data`, else `$VAESWEEP_DATA`, else the cache.
  ///
  /// A folder given with `--data` is the only one: whoever names it wants no other copy. One in the
  /// environment may lack this dataset, and then the cache is asked as well.
  func candidates(for name: DatasetName) -> [String] {
    if case .folder(let path) = name { return [Self.expandingHome(path, environment)] }
    func both(_ base: String) -> [String] { ["\(base)/\(name)", base] }
    if let explicit { return both(explicit) }
    return (environmentFolder.map(both) ?? []) + ["\(cache)/\(name)"]
  }

  /// Whether `folder` is one that `$VAESWEEP_DATA` stands for.
  func isEnvironment(_ folder: String) -> Bool {
    guard explicit == nil, let base = environmentFolder else { return false }
    return folder == base || folder.hasPrefix("\(base)/")
  }

  /// Refuses a folder given with `--data` that is not there: it is never created.
  package func requireExplicit() throws(DatasetError) {
    guard let explicit else { return }
    let status = fileStatus(explicit)
    guard status.map({ $0.st_mode & S_IFMT == S_IFDIR }) ?? false else {
      throw DatasetError(
        .missing, "looking for datasets in \(explicit)",
        problem: status == nil ? "no such folder" : "it is not a folder",
        advice: "correct --data, or make the folder first")
    }
  }

  /// Where a published dataset is downloaded to: below `--data` where that is given, else the cache.
  func downloads(of name: DatasetName) -> String { "\(explicit ?? cache)/\(name)" }

  /// A variable's value, or nil when it is unset or empty.
  func value(_ variable: String) -> String? {
    environment[variable].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// What `$VAESWEEP_DATA` gives.
  private var environmentFolder: String? {
    value("VAESWEEP_DATA").map { Self.expandingHome($0, environment) }
  }

  /// A path that starts with `~/` or `~NAME/`, as a shell that met it would read it: quoted, in a file
  /// or behind `--data=` no shell does.
  ///
  /// A name that no user has is left as it is.
  private static func expandingHome(_ path: String, _ environment: [String: String]) -> String {
    guard path.hasPrefix("~") else { return path }
    let user = path.dropFirst().prefix { $0 != "/" }
    let folder = user.isEmpty ? home(environment) : passwordEntry(getpwnam(String(user)))
    return folder.map { $0 + path.dropFirst(1 + user.count) } ?? path
  }

  private var home: String { Self.home(environment) ?? "/tmp" }

  private static func home(_ environment: [String: String]) -> String? {
    if let home = environment["HOME"], !home.isEmpty { return home }
    return passwordEntry(getpwuid(getuid()))
  }

  private static func passwordEntry(_ entry: UnsafeMutablePointer<passwd>?) -> String? {
    entry?.pointee.pw_dir.map { String(cString: $0) }
  }
}
