internal import Glibc
internal import Platform
package import ZeroMQ

/// The folder with one user's key pairs and the list of keys that user's coordinators admit.
package struct KeyFolder: Hashable, Sendable {
  package let path: String
  /// Whether it was named with `--keys`, so that printed commands name it too.
  package let isExplicit: Bool

  /// `explicit`, else `$XDG_CONFIG_HOME/vaesweep`, else `~/.config/vaesweep`.
  ///
  /// A relative `XDG_CONFIG_HOME` is ignored, as its specification asks.
  package init(explicit: String? = nil, environment: [String: String]) {
    isExplicit = explicit != nil
    if let explicit {
      path = explicit
    } else if let base = environment["XDG_CONFIG_HOME"], base.hasPrefix("/") {
      path = "\(base)/vaesweep"
    } else {
      path = "\(Self.home(environment))/.config/vaesweep"
    }
  }

  package func file(of owner: KeyOwner) -> String { "\(path)/\(owner.rawValue).key" }
  package var approvedFile: String { "\(path)/approved-keys" }

  /// The key pair of one side; nil where it has none yet.
  package func pair(of owner: KeyOwner) throws(KeyringError) -> CurveKeyPair? {
    try PrivateFile.requireFolder(path)
    return try Self.pair(in: file(of: owner))
  }

  /// The key pair in a file of any name; nil where there is none.
  package static func pair(in path: String) throws(KeyringError) -> CurveKeyPair? {
    guard let bytes = try PrivateFile.read(path, atMost: KeyFile.longest) else { return nil }
    return try KeyFile.pair(bytes, path: path)
  }

  /// The key pair of one side, made now if it has none.
  package func pairOrNew(of owner: KeyOwner) throws(KeyringError) -> (
    pair: CurveKeyPair, isNew: Bool
  ) {
    try PrivateFile.makeFolder(path)
    if let pair = try pair(of: owner) { return (pair, false) }
    let new = try Self.newPair()
    if try PrivateFile.create(file(of: owner), with: KeyFile.text(new, of: owner)) {
      return (new, true)
    }
    // Another process, perhaps on another host with this home, was first.
    guard let pair = try pair(of: owner) else {
      throw KeyringError(.failed, "\(file(of: owner)) came and went: try again")
    }
    return (pair, false)
  }

  static func newPair() throws(KeyringError) -> CurveKeyPair {
    do throws(ZeroMQError) {
      return try CurveKeyPair.generate()
    } catch {
      throw KeyringError(.failed, "\(error)")
    }
  }

  /// The list as it stands; empty where nothing was ever approved.
  package func approved() throws(KeyringError) -> ApprovedKeys {
    try PrivateFile.requireFolder(path)
    guard let bytes = try PrivateFile.read(approvedFile, atMost: ApprovedKeys.longest) else {
      return ApprovedKeys()
    }
    return try ApprovedKeys(bytes, path: approvedFile)
  }

  /// Changes the list; of two commands at once the second sees what the first wrote.
  package func change(
    _ body: (inout ApprovedKeys) throws(KeyringError) -> Void
  ) throws(KeyringError) {
    try locked { () throws(KeyringError) in
      let before = try approved()
      var after = before
      try body(&after)
      if after != before { try PrivateFile.replace(approvedFile, with: after.text) }
    }
  }

  /// Runs `body` while no other process, on whatever host with this home, changes the folder's lists.
  func locked<Result>(
    _ body: () throws(KeyringError) -> Result
  ) throws(KeyringError) -> Result {
    try PrivateFile.makeFolder(path)
    // Closing it lets the next one in.
    let lock = try lock()
    let result = try body()
    lock.close()
    return result
  }

  private func lock() throws(KeyringError) -> FileDescriptor {
    do throws(Errno) {
      let file = try FileDescriptor(opening: "\(path)/.lock", O_RDWR | O_CREAT, mode: 0o600)
      _ = try file.lock(waits: true)
      return file
    } catch {
      throw .system(SystemError("lock", path, error))
    }
  }

  private static func home(_ environment: [String: String]) -> String {
    if let home = environment["HOME"], !home.isEmpty { return home }
    guard let user = getpwuid(getuid()), let folder = user.pointee.pw_dir else { return "/tmp" }
    return String(cString: folder)
  }
}
