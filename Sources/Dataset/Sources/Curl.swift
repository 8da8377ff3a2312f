import Glibc

/// Downloads with the `curl` program, which every Debian and Ubuntu has or can get.
enum Curl {
  /// Seconds to look up a name and connect.
  ///
  /// Two mirrors are tried, and a machine without a network should learn so within five seconds.
  private static let connectSeconds = 2
  /// More than any published file has.
  private static let maximumBytes = 64 << 20
  /// `CURLE_WRITE_ERROR`.
  private static let writeError: Int32 = 23

  /// Downloads `url` to the file at `path`, which is overwritten.
  static func download(_ url: String, to path: String) throws(DatasetError) {
    let arguments = [
      "curl", "--fail", "--location", "--silent", "--show-error",
      "--connect-timeout", "\(connectSeconds)", "--speed-limit", "1000", "--speed-time", "20",
      "--max-filesize", "\(maximumBytes)", "--output", path, "--", url,
    ]
    let (status, message) = try run(arguments, url: url)
    // What curl could not write is this machine's fault, not the address's.
    if status == writeError {
      throw DatasetError(
        .unwritable, "downloading \(url)", problem: "what came cannot be written",
        advice: "free some space, or set XDG_CACHE_HOME to a folder on another disk")
    }
    guard status == 0 else {
      let said = message.split(separator: "\n").last.map { String($0) }
      throw DatasetError(
        .unavailable, "downloading \(url)", problem: said ?? "curl ended with status \(status)",
        advice: "check the network")
    }
  }

  /// Runs a program found on the PATH; returns its exit status and what it wrote to standard error.
  private static func run(
    _ arguments: [String], url: String
  ) throws(DatasetError) -> (status: Int32, message: String) {
    var ends: [Int32] = [0, 0]
    // A socket pair rather than a pipe: it can be closed on exec from its birth on.
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw launchFailure(errno, url: url) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2)

    // Whatever signals this thread has blocked, ctrl-C ends the download.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var noSignals = sigset_t()
    sigemptyset(&noSignals)
    posix_spawnattr_setsigmask(&attributes, &noSignals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

    var child: pid_t = 0
    var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for argument in argv { free(argument) } }
    let code = posix_spawnp(&child, "curl", &actions, &attributes, &argv, environ)
    close(ends[1])
    defer { close(ends[0]) }
    guard code == 0 else { throw launchFailure(code, url: url) }

    var message: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    // A pipe that cannot be read ends the message early; curl's status says what became of the download.
    while let count = try? systemCall({ read(ends[0], &buffer, buffer.count) }), count > 0 {
      if message.count < 1 << 16 { message += buffer[..<count] }
    }
    var status: Int32 = 0
    guard (try? systemCall { waitpid(child, &status, 0) }) != nil else {
      throw launchFailure(errno, url: url)
    }
    let exited = status & 0x7f == 0
    return (
      exited ? status >> 8 & 0xff : 128 + status & 0x7f, String(decoding: message, as: UTF8.self)
    )
  }

  private static func launchFailure(_ code: Int32, url: String) -> DatasetError {
    let isMissing = code == ENOENT
    return DatasetError(
      isMissing ? .noProgram : .unavailable, "downloading \(url)",
      problem: isMissing ? "the program curl is missing" : String(cString: strerror(code)),
      advice: isMissing
        ? "install it (apt-get install curl), give --data DIR, or use 'dataset: digits'"
        : "check this machine's limits")
  }
}
