import Glibc
import Platform
import Synchronization
import TestSupport
import Testing

@Suite("A child process")
struct ChildProcessTests {
  private func shell(_ script: String, descriptors: [Int32] = [0, 1, 2]) throws -> ChildProcess {
    try ChildProcess("/bin/sh", ["-c", script], descriptors: descriptors)
  }

  @Test(
    "tells how it ended, as often as it is asked",
    arguments: [
      ("exit 0", ProcessEnd.status(0)), ("exit 74", .status(74)), ("kill -9 $$", .signal(9)),
      ("kill -TERM $$", .signal(15)),
    ])
  func ending(script: String, end: ProcessEnd) throws {
    let child = try shell(script)
    #expect(child.wait(atMost: .seconds(60)) == end)
    #expect(child.wait(atMost: .zero) == end)
    #expect(child.hasEnded)
    // Its number may be anybody's by now.
    child.send(SIGKILL)
  }

  @Test("is waited for no longer than that, or until something else has come")
  func limits() throws {
    let child = try shell("exec sleep 600")
    #expect(child.wait(atMost: .milliseconds(50)) == nil)
    let other = try Pipe()
    var byte: UInt8 = 1
    _ = write(other.writing.descriptor, &byte, 1)
    // Would take ten minutes otherwise.
    #expect(child.wait(atMost: .seconds(600), orReadable: other.reading.descriptor) == nil)
    #expect(!child.hasEnded)
    #expect(child.end(asking: SIGTERM, patience: .seconds(60)) == .signal(SIGTERM))
  }

  @Test("that does not listen is killed")
  func deaf() throws {
    let said = try Pipe()
    let child = try shell(
      "trap '' TERM; echo ready; exec sleep 600",
      descriptors: [0, said.writing.descriptor, 2])
    var byte: UInt8 = 0
    try #require(read(said.reading.descriptor, &byte, 1) == 1)
    #expect(child.end(asking: SIGTERM, patience: .milliseconds(50)) == .signal(SIGKILL))
  }

  @Test("has the descriptors it is given, in their places, and no others")
  func descriptors() throws {
    let (first, second, secret) = (try Pipe(), try Pipe(), try Pipe())
    // As careless code would have it.
    _ = fcntl(secret.writing.descriptor, F_SETFD, 0)
    let child = try shell(
      "echo one >&1; echo two >&3; ls /proc/self/fd | wc -l >&1",
      descriptors: [0, first.writing.descriptor, 2, second.writing.descriptor])
    #expect(child.wait(atMost: .seconds(60)) == .status(0))
    #expect(text(second.reading.descriptor) == "two\n")
    // 0 to 3, and the folder that `ls` reads.
    #expect(text(first.reading.descriptor).split(whereSeparator: \.isWhitespace) == ["one", "5"])
  }

  private func text(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  @Test("cannot be started from what is no program, which leaves no process behind")
  func notAProgram() {
    let failure = #expect(throws: SystemError.self) {
      try ChildProcess("/nowhere/vaesweep", [])
    }
    #expect(failure?.errno == Errno(ENOENT))
    #expect(failure?.description.contains("/nowhere/vaesweep") == true)
  }

  @Test("starts with exactly the environment that it is given")
  func environment() throws {
    let said = try Pipe()
    let child = try ChildProcess(
      "/usr/bin/env", [], environment: ["ONE": "1"], descriptors: [0, said.writing.descriptor, 2])
    #expect(child.wait(atMost: .seconds(60)) == .status(0))
    #expect(text(said.reading.descriptor) == "ONE=1\n")
  }

  /// No shell in between: dash gives its children an empty mask.
  @Test("starts with the blocked signals that it is given")
  func blockedSignals() throws {
    let said = try Pipe()
    let child = try ChildProcess(
      "/bin/grep", ["SigBlk", "/proc/self/status"],
      descriptors: [0, said.writing.descriptor, 2], blocking: [SIGUSR1])
    #expect(child.wait(atMost: .seconds(60)) == .status(0))
    #expect(text(said.reading.descriptor) == "SigBlk:\t0000000000000200\n")
  }

  @Test("ends with its parent, also when that is killed and the child does not listen")
  func orphan() throws {
    // The parent in the middle is a thread of this process: the kernel tells by thread.
    let mailbox = Mailbox()
    let thread = OneThread {
      let child = try? ChildProcess("/bin/sh", ["-c", "trap '' TERM INT; exec sleep 600"])
      mailbox.child.withLock { $0 = child }
    }
    thread.join()
    let child = try #require(mailbox.child.withLock { $0 })
    #expect(child.wait(atMost: .seconds(60)) == .signal(SIGKILL))
  }
}

/// What a thread leaves for the one that waits for its end.
private final class Mailbox: Sendable {
  let child = Mutex<ChildProcess?>(nil)
}

private struct OneThread {
  private var thread = pthread_t()

  init(_ body: @escaping () -> Void) {
    let box = Unmanaged.passRetained(Body(body))
    pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
  }

  func join() { pthread_join(thread, nil) }

  private final class Body {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
  }
}
