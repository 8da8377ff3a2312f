internal import Glibc
import Wire

/// A trainer: this binary again, with orders on its standard input and reports on its standard
/// output.
///
/// It ends when its input does, so it cannot outlive its worker, however that ends.
///
/// The pipe ends close on exec: a sibling that inherited one would keep a trainer alive.
final class TrainerProcess {
  /// Readable when the trainer has said something or has ended.
  let output: Int32
  private let input: Int32
  private let process: pid_t
  private var reader = FrameReader()
  private var isReaped = false

  /// Starts `binary arguments` with exactly this environment; standard error is shared.
  init(binary: String, arguments: [String], environment: [String: String]) throws(SpawnError) {
    let orders = try Self.pipe()
    let reports: (read: Int32, write: Int32)
    do {
      reports = try Self.pipe()
    } catch {
      close(orders.read)
      close(orders.write)
      throw error
    }
    defer {
      close(orders.read)
      close(reports.write)
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, orders.read, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, reports.write, STDOUT_FILENO)
    // The worker's threads block signals they do not expect, the trainer none; but what Ctrl-C sends to
    // all of a terminal's processes is the worker's to judge, from the trainer's first instruction on.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var blocked = sigset_t()
    sigemptyset(&blocked)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { sigaddset(&blocked, number) }
    posix_spawnattr_setsigmask(&attributes, &blocked)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let argv = ([binary] + arguments).map { strdup($0) } + [nil]
    let envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in argv + envp { free(text) } }
    var process = pid_t()
    let failure = posix_spawn(&process, binary, &actions, &attributes, argv, envp)
    guard failure == 0 else {
      close(orders.write)
      close(reports.read)
      throw SpawnError(operation: "start a trainer process from", subject: binary, code: failure)
    }
    self.process = process
    input = orders.write
    output = reports.read
  }

  deinit {
    if !isReaped {
      kill(process, SIGKILL)
      _ = reap()
    }
    close(input)
    close(output)
  }

  /// Sends one order.
  ///
  /// An order is far smaller than a pipe's buffer, and a trainer always reads.
  func send(_ message: WireMessage) throws(WireError) {
    // A trainer that is gone shows at its other pipe.
    _ = writeAll(try Frame.lengthPrefixed(try Frame.encode(message)), to: input)
  }

  /// Reads once what has been said.
  ///
  /// To be called when `output` is readable.
  ///
  /// - Returns: The messages, and whether the pipe is still open.
  func read() throws(WireError) -> (messages: [WireMessage], isOpen: Bool) {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var count: Int
    repeat {
      count = buffer.withUnsafeMutableBytes { Glibc.read(output, $0.baseAddress, $0.count) }
    } while count < 0 && errno == EINTR
    guard count > 0 else { return ([], false) }
    reader.append(buffer[..<count])
    var messages: [WireMessage] = []
    while let message = try reader.nextMessage() { messages.append(message) }
    return (messages, true)
  }

  func killNow() {
    if !isReaped { kill(process, SIGKILL) }
  }

  /// Waits for the end of a process whose output has ended.
  func reap() -> TrainerExit {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { break }
    }
    isReaped = true
    let signal = status & 0x7f
    return signal == 0 ? .status((status >> 8) & 0xff) : .signal(signal)
  }

  private static func pipe() throws(SpawnError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    // Only the loop's thread starts processes, so none can slip in before the flags are set.
    guard Glibc.pipe(&ends) == 0 else {
      throw SpawnError(operation: "open", subject: "a pipe", code: errno)
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }
}
