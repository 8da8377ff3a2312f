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

extension Machine {
  /// Runs a program found on the PATH to its end, its output thrown away; returns its exit status,
  /// 127 when it cannot be started.
  @discardableResult
  package static func run(_ arguments: String...) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for stream in [Int32(1), 2] {
      posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0)
    }
    var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for argument in argv { free(argument) } }
    var child: pid_t = 0
    guard let program = arguments.first,
      posix_spawnp(&child, program, &actions, nil, &argv, environ) == 0
    else { return 127 }
    var status: Int32 = 0
    while waitpid(child, &status, 0) == -1, errno == EINTR {}
    return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
  }
}
