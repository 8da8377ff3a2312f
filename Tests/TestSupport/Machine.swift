import Glibc

/// What the tests ask the machine.
package enum Machine {
  /// This process's environment.
  package static let environment: [String: String] = {
    var found: [String: String] = [:]
    var cursor = environ
    while let entry = cursor.pointee {
      let pair = String(cString: entry).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if pair.count == 2 { found[String(pair[0])] = String(pair[1]) }
      cursor += 1
    }
    return found
  }()

  package static var isRoot: Bool { geteuid() == 0 }

  package static func hasProgram(_ name: String) -> Bool {
    (environment["PATH"] ?? "").split(separator: ":").contains { folder in
      access("\(folder)/\(name)", X_OK) == 0
    }
  }

  package static func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
