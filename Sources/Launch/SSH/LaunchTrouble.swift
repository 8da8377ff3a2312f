/// Why a worker could not be started on a host or ended there, read from what was said.
package struct LaunchTrouble: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// It will be the same the next time: somebody has to do something first.
    case lasting
    /// The host cannot be reached at present; it may be starting.
    case unreachable
    /// Anything else; the next try may go well.
    case passing
  }

  package let kind: Kind
  /// What happened and what to do about it, as one line.
  package let reason: String

  package init(_ kind: Kind, _ reason: String) {
    self.kind = kind
    self.reason = reason
  }

  /// ssh's own status where it could not connect, or the connection or the command did not end in order.
  private static let sshFailed: Int32 = 255

  /// Whether ssh ended with its connection, and not with what ran over it.
  static func isLost(_ status: Int32?) -> Bool { status == nil || status == sshFailed }

  /// - Parameters:
  ///   - target: The host as ssh is told it.
  ///   - status: How ssh ended; nil where a signal ended it.
  ///   - hasStarted: Whether our script had begun to run.
  ///   - said: The last lines of whatever came over the connection, the latest last.
  package init(target: String, status: Int32?, hasStarted: Bool, said: [String]) {
    let lost = said.last { line in Self.lost.contains { line.contains($0) } }
    if hasStarted, status == Self.sshFailed, let lost {
      // Whatever else was said in the hours before is over.
      self.init(.unreachable, "the connection was lost: \(lost)")
      return
    }
    for line in said.reversed() {
      if let trouble = Self.lasting(line, target: target) {
        self = trouble
        return
      }
    }
    // Of the worker's own lines the last says why it ended.
    let own = said.last { $0.hasPrefix("vaesweep: ") }.map { String($0.dropFirst(10)) }
    let last = said.last { !$0.isEmpty }
    switch status {
    case Self.sshFailed where !hasStarted:
      let line = said.last { line in Self.unreachable.contains { line.contains($0) } } ?? last
      self.init(.unreachable, line ?? "ssh could not connect")
    case Self.sshFailed:
      self.init(
        .passing, "its worker was killed by a signal, for lack of memory perhaps ('dmesg' there)")
    case 2?:
      self.init(.lasting, own ?? last ?? "the worker refused its options")
    case let status?:
      let how = status == 0 ? "its worker was told to end by somebody else" : nil
      let isAlone = own?.contains("no coordinator") == true
      self.init(
        isAlone ? .lasting : .passing,
        own ?? how ?? last.map { "\($0) (exit status \(status))" } ?? "exit status \(status)")
    case nil:
      self.init(.unreachable, last ?? "ssh was killed by a signal")
    }
  }

  private static let unreachable = [
    "Could not resolve", "Connection refused", "Connection timed out", "No route to host",
    "Network is unreachable", "Connection closed", "Connection reset", "Operation timed out",
    "kex_exchange_identification", "port 65535",
  ]

  private static let lost = [
    "Connection to ", "Connection closed", "Connection reset", "client_loop:", "Broken pipe",
    "Timeout, server", "packet_write",
  ]

  private static func lasting(_ line: String, target: String) -> LaunchTrouble? {
    let lasting = { LaunchTrouble(.lasting, $0) }
    if line.hasPrefix("env: ") {
      return lasting("\(line.dropFirst(5)): install openssh-client, or name it with --ssh")
    }
    if line.contains("Permission denied (") || line.contains("Too many authentication failures") {
      return lasting(
        "\(line): ssh must get in without asking; 'ssh-copy-id \(target)' puts your key there, "
          + "'ssh-add' loads it here")
    }
    if line.contains("Host key verification failed")
      || line.contains("REMOTE HOST IDENTIFICATION HAS CHANGED")
    {
      return lasting("its host key is unknown here or another one: 'ssh \(target)' by hand tells")
    }
    if line.contains("remote port forwarding failed") {
      return lasting(
        "it forwards no port: its sshd needs AllowTcpForwarding, or leave --tunnel out")
    }
    if let library = line.firstMatch(of: /error while loading shared libraries: ([^:]+):/) {
      return lasting(
        "\(library.1) is missing there: give --binary the bin/vaesweep of an unpacked tarball of "
          + "deploy/package, which brings its libraries")
    }
    if let version = line.firstMatch(of: /version `(GLIBC[\w.]+)' not found/) {
      return lasting(
        "its C library is too old for this binary, which needs \(version.1): give --binary one "
          + "that was made on a host as old")
    }
    if line.contains("Exec format error") {
      return lasting("the binary is for another machine: give --binary one that is for this host")
    }
    if line.contains("No space left on device") || line.contains("Disk quota exceeded") {
      return lasting("\(line): make room in ~/.cache there")
    }
    if line.contains("bin/vaesweep: Permission denied") {
      return lasting(
        "programs in ~/.cache may not be run there: set XDG_CACHE_HOME in its shell's start file to "
          + "a folder that is not mounted noexec")
    }
    if line.contains("tar: not found") || line.contains("tar: command not found")
      || line.contains("setsid: not found") || line.contains("setsid: command not found")
    {
      return lasting("\(line): install it there")
    }
    return nil
  }
}
