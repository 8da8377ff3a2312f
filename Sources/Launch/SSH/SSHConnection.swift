internal import Glibc
internal import Platform

/// An `ssh` that runs: what it says, line by line, and what it is told.
///
/// Of the thread that made it: the kernel ends ssh with that thread, and the far end sees its input end.
final class SSHConnection {
  /// More than any line that means something.
  private static let longestLine = 4096
  /// Bytes that are read in one turn, so that a host which never pauses keeps nobody waiting.
  private static let mostBytes = 1 << 18

  private let child: ChildProcess
  private let output: PipeEnd
  private var input: PipeEnd?
  private var outgoing: ArraySlice<[UInt8]> = []
  /// Bytes of the first of `outgoing` that are written.
  private var written = 0
  private var endsWhenWritten = false
  private var partial: [UInt8] = []
  private(set) var isOpen = true

  /// - Parameter words: The program, looked for on the PATH, and its arguments.
  init(_ words: [String]) throws(SystemError) {
    let (input, output) = (try Pipe(), try Pipe())
    child = try withExtendedLifetime((input, output)) { () throws(SystemError) in
      try ChildProcess(
        "/usr/bin/env", words,
        descriptors: [
          input.reading.descriptor, output.writing.descriptor, output.writing.descriptor,
        ],
        // Ctrl-C reaches all of a terminal's programs; this one ends when it is told to.
        blocking: [SIGINT, SIGQUIT, SIGHUP, SIGTSTP])
    }
    self.input = input.writing
    self.output = output.reading
    for end in [input.writing, output.reading] {
      _ = fcntl(end.descriptor, F_SETFL, O_NONBLOCK)
    }
  }

  /// What is to be waited for; -1 for nothing.
  var descriptors: (output: Int32, input: Int32, end: Int32) {
    (
      isOpen ? output.descriptor : -1, outgoing.isEmpty ? -1 : input?.descriptor ?? -1,
      child.endDescriptor
    )
  }

  /// Whether its end has to be looked for now and then.
  var lacksEndDescriptor: Bool { child.endDescriptor < 0 }

  func send(_ pieces: [[UInt8]]) {
    outgoing += pieces.filter { !$0.isEmpty }
    write()
  }

  /// Ends its input, once all that was sent is written.
  func closeInput() {
    endsWhenWritten = true
    write()
  }

  func cut() { child.send(SIGKILL) }

  /// Writes what there is room for.
  func write() {
    while let piece = outgoing.first, let end = input {
      do throws(Errno) {
        let count = try systemCall {
          piece.withUnsafeBytes {
            Glibc.write(end.descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
          }
        }
        written += count
        if written == piece.count {
          outgoing = outgoing.dropFirst()
          written = 0
        }
      } catch {
        if error.kind == .wouldBlock { return }
        // One that reads no further has said why, or will.
        outgoing = []
        written = 0
      }
    }
    if outgoing.isEmpty, endsWhenWritten { input = nil }
  }

  /// The lines that have come, each without its end.
  func read() -> [String] {
    var lines: [String] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var total = 0
    while isOpen, total < Self.mostBytes {
      let count: Int
      do throws(Errno) {
        count = try systemCall { Glibc.read(output.descriptor, &buffer, buffer.count) }
      } catch {
        if error.kind != .wouldBlock { isOpen = false }
        break
      }
      guard count > 0 else {
        isOpen = false
        break
      }
      total += count
      for byte in buffer[..<count] { take(byte, &lines) }
    }
    return lines
  }

  /// How it ended, and what it said last; nil while it runs.
  func ended() -> (status: Int32?, lines: [String])? {
    guard let end = child.wait(atMost: .zero) else { return nil }
    // What it has left running may hold its output open: what is there is all that counts.
    var lines = read()
    if !partial.isEmpty { take(UInt8(ascii: "\n"), &lines) }
    switch end {
    case .status(let status): return (status, lines)
    case .signal: return (nil, lines)
    }
  }

  private func take(_ byte: UInt8, _ lines: inout [String]) {
    switch byte {
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
      if !partial.isEmpty { lines.append(String(decoding: partial, as: UTF8.self)) }
      partial.removeAll(keepingCapacity: true)
    default: if partial.count < Self.longestLine { partial.append(byte) }
    }
  }
}
