import Glibc

/// Where datasets are looked for and cached on this machine.
package struct DataFolders: Sendable {
  /// What `--data` gave.
  package let explicit: String?
  package let environment: [String: String]

  package init(explicit: String? = nil, environment: [String: String]) {
    self.explicit = explicit
    self.environment = environment
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

  /// The folders that may hold `name`, in the order in which they are asked, as DESIGN.md has it:
  /// `--data`, else `$VAESWEEP_DATA`, else the cache.
  ///
  /// A folder given with `--data` is the only one: whoever names it wants no other copy. One in the
  /// environment may lack this dataset, and then the cache is asked as well.
  func candidates(for name: DatasetName) -> [String] {
    if case .folder(let path) = name { return [path] }
    func both(_ base: String) -> [String] { ["\(base)/\(name)", base] }
    if let explicit { return both(explicit) }
    return (value("VAESWEEP_DATA").map(both) ?? []) + ["\(cache)/\(name)"]
  }

  /// Whether `folder` is one that `$VAESWEEP_DATA` stands for.
  func isEnvironment(_ folder: String) -> Bool {
    guard explicit == nil, let base = value("VAESWEEP_DATA") else { return false }
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

  private var home: String {
    if let home = value("HOME") { return home }
    guard let user = getpwuid(getuid()), let folder = user.pointee.pw_dir else { return "/tmp" }
    return String(cString: folder)
  }
}
