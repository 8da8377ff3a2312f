internal import Glibc

/// A program that was run to its end, or to a deadline: what it said, and how it ended.
///
/// Nothing that it does can hold its caller up longer than that or fill this process's memory: one that
/// hangs is killed with everything it has started, and what it says beyond a limit is counted and
/// dropped.
package struct ProgramRun: Hashable, Sendable {
  /// Why the run is over.
  package enum Ending: Hashable, Sendable {
    case ended(ProcessEnd)
    /// It was killed at its deadline.
    case tookTooLong
    /// It was killed because the caller wanted to stop.
    case stopped
  }

  /// What it wrote to one of its two outputs.
  package struct Output: Hashable, Sendable {
    package fileprivate(set) var bytes: [UInt8] = []
    /// Bytes beyond the limit, which nobody kept.
    package fileprivate(set) var droppedBytes = 0

    /// The bytes as text; what is no UTF-8 stands as replacement characters.
    package var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  package let ending: Ending
  package let output: Output
  package let errors: Output

  package var succeeded: Bool { ending == .ended(.status(0)) }

  package init(ending: Ending, output: Output = Output(), errors: Output = Output()) {
    self.ending = ending
    self.output = output
    self.errors = errors
  }

  /// How long the outputs of a program that has ended are still read where something that it has left
  /// running holds them open.
  private static let afterEnd = Duration.milliseconds(200)

  /// Runs a program and waits for it.
  ///
  /// - Parameters:
  ///   - program: A name, looked for on the PATH, or a path.
  ///   - environment: nil for this process's own.
  ///   - input: What it can read on its standard input, which then ends.
  ///   - deadline: Counted from its start by a clock that nobody sets.
  ///   - limit: Bytes of each output that are kept.
  ///   - stop: Ends the run once it is readable, for example a stop signal's wake-up.
  /// - Throws: Where it cannot be started. How it ended, however badly, is in ``ending``.
  package static func run(
    _ program: String, _ arguments: [String], environment: [String: String]? = nil,
    input: [UInt8] = [], deadline: Duration, keeping limit: Int = 1 << 20,
    orReadable stop: Int32? = nil
  ) throws(SystemError) -> ProgramRun {
    let end = ContinuousClock.now + deadline
    let path = try find(program, path: environment.map { $0["PATH"] ?? "" } ?? variable("PATH"))
    let started = try start(
      path, arguments, environment: environment, input: input, keeping: limit)
    let child = started.child
    var streams = started.streams
    let ending = streams.attend(child, until: end, orReadable: stop)
    return ProgramRun(ending: ending, output: streams.said, errors: streams.complained)
  }

  /// The child's ends of the pipes are closed here when this returns: only it may hold them, or no end of
  /// its outputs would ever be seen.
  private static func start(
    _ path: String, _ arguments: [String], environment: [String: String]?, input: [UInt8],
    keeping limit: Int
  ) throws(SystemError) -> (child: ChildProcess, streams: Streams) {
    let (toChild, output, errors) = (try Pipe(), try Pipe(), try Pipe())
    let child = try ChildProcess(
      path, arguments, environment: environment,
      descriptors: [
        toChild.reading.descriptor, output.writing.descriptor, errors.writing.descriptor,
      ], inOwnGroup: true)
    let streams = Streams(
      input: toChild.writing, output: output.reading, errors: errors.reading,
      unwritten: input[...], limit: limit)
    return (child, streams)
  }

  /// The first file of that name on the PATH that this process may run.
  private static func find(_ program: String, path: String?) throws(SystemError) -> String {
    if program.contains("/") { return program }
    for folder in (path ?? "/usr/bin:/bin").split(separator: ":") {
      let candidate = "\(folder)/\(program)"
      if access(candidate, X_OK) == 0, FileStatus(candidate)?.kind == .file { return candidate }
    }
    throw SystemError(
      "run", program, Errno(ENOENT), problem: "no program of that name is on the PATH", advice: nil)
  }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// The three pipes of a running program, each held until it has ended.
  private struct Streams {
    var input: PipeEnd?
    var output: PipeEnd?
    var errors: PipeEnd?
    var unwritten: ArraySlice<UInt8>
    let limit: Int
    var said = Output()
    var complained = Output()

    /// Writes and reads until the program has ended and said everything, or has to be killed.
    mutating func attend(
      _ child: ChildProcess, until end: ContinuousClock.Instant, orReadable stop: Int32?
    ) -> Ending {
      if let input { _ = fcntl(input.descriptor, F_SETFL, O_NONBLOCK) }
      var last = end
      var ending: ProcessEnd?
      while true {
        if unwritten.isEmpty { input = nil }
        if ending == nil, let found = child.wait(atMost: .zero) {
          ending = found
          input = nil
          last = min(end, ContinuousClock.now + ProgramRun.afterEnd)
        }
        if let ending, output == nil, errors == nil { return .ended(ending) }
        let left = last - ContinuousClock.now
        if left <= .zero {
          if let ending { return .ended(ending) }
          child.sendToGroup(SIGKILL)
          _ = child.end()
          return .tookTooLong
        }
        // A signal's handler runs on any thread; without a descriptor the end has to be looked for.
        let step = child.endDescriptor >= 0 ? left : min(left, .milliseconds(10))
        if exchange(ending == nil ? child.endDescriptor : -1, stop, atMost: step), ending == nil {
          child.sendToGroup(SIGKILL)
          _ = child.end()
          return .stopped
        }
      }
    }

    /// Waits for anything to happen and moves the bytes that can be moved.
    ///
    /// - Returns: Whether the caller wants to stop.
    private mutating func exchange(_ end: Int32, _ stop: Int32?, atMost limit: Duration) -> Bool {
      var items = [output?.descriptor, errors?.descriptor, input?.descriptor, end, stop].map {
        pollfd(fd: $0 ?? -1, events: Int16(POLLIN), revents: 0)
      }
      items[2].events = Int16(POLLOUT)
      let milliseconds = Int32(clamping: Int64(limit / .milliseconds(1)) + 1)
      guard poll(&items, nfds_t(items.count), milliseconds) > 0 else { return false }
      if items[0].revents != 0, let from = output, !read(from, into: \.said) { output = nil }
      if items[1].revents != 0, let from = errors, !read(from, into: \.complained) { errors = nil }
      if items[2].revents != 0, let to = input { write(to) }
      return items[4].revents != 0
    }

    /// - Returns: Whether there may be more.
    private mutating func read(
      _ end: PipeEnd, into place: WritableKeyPath<Streams, Output>
    ) -> Bool {
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = (try? systemCall { Glibc.read(end.descriptor, &buffer, buffer.count) }) ?? 0
      guard count > 0 else { return false }
      let kept = min(count, limit - self[keyPath: place].bytes.count)
      self[keyPath: place].bytes += buffer[..<kept]
      self[keyPath: place].droppedBytes += count - kept
      return true
    }

    private mutating func write(_ end: PipeEnd) {
      let piece = unwritten.prefix(65_536)
      do throws(Errno) {
        let count = try systemCall {
          piece.withUnsafeBytes { Glibc.write(end.descriptor, $0.baseAddress, $0.count) }
        }
        unwritten = unwritten.dropFirst(count)
      } catch {
        // One that reads no further has said how it ended, or will: the rest is not for it.
        if error.kind != .wouldBlock { unwritten = [] }
      }
    }
  }
}
