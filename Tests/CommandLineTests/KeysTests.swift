import Foundation
import TestSupport
import Testing

/// A coordinator beyond loopback and hosts with keys of their own; all traffic is on 127.0.0.1.
@Suite("Keys", .serialized)
struct KeysTests {
  /// A coordinator bound to every interface, and what it printed.
  private struct Coordinator {
    let program: RunningProgram
    /// Where it is reached on this machine.
    let endpoint: String
    let serverKey: String

    init(_ host: Program, _ sweep: String) throws {
      program = try host.start(
        "coordinator", sweep, "--store", "s.sqlite", "--bind", "tcp://0.0.0.0:*")
      let bound = try host.endpoint(of: program)
      endpoint = bound.replacing("0.0.0.0", with: "127.0.0.1")
      try program.waitForError(containing: "to see how it stands: ")
      guard let match = program.errors.firstMatch(of: /--server-key ([0-9a-f]{64})/) else {
        throw CommandFailure("no server key in \(program.errors)")
      }
      serverKey = String(match.1)
    }

    /// Starts a worker on a host with its own keys.
    func worker(_ host: Program, wait: String = "10m", key: String? = nil) throws -> RunningProgram
    {
      try host.start(
        "worker", "--connect", endpoint, "--server-key", key ?? serverKey, "--slots", "1", "--wait",
        wait)
    }
  }

  /// The command after `prefix` on standard error, run as a shell would.
  private func runPrinted(
    _ prefix: String, by program: RunningProgram, on host: Program
  ) throws -> (status: Int32, output: String, errors: String) {
    let line = program.errors.split(separator: "\n").last { $0.contains(prefix) }
    guard let line, let start = line.range(of: prefix)?.upperBound else {
      throw CommandFailure("no '\(prefix)' in \(program.errors)")
    }
    let words = line[start...].split(separator: " ").map(String.init)
    guard words.first == "vaesweep" else { throw CommandFailure("no command in \(line)") }
    let run = try RunningProgram(
      Program.path, Array(words.dropFirst()), in: host.folder, environment: host.environment)
    let status = try run.waitForEnd()
    return (status, run.output, run.errors)
  }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  @Test("are made, listed, approved and revoked from the command line")
  func commands() throws {
    let host = try Program()
    let made = try host.run("keys", "make", "--role", "worker")
    #expect(made.status == 0)
    let key = made.output.trimmingCharacters(in: .newlines)
    #expect(key.wholeMatch(of: /[0-9a-f]{64}/) != nil)
    #expect(try host.run("keys", "make", "--role", "worker").output == made.output)
    #expect(try mode(host.folder["config/vaesweep"]) == 0o700)
    #expect(try mode(host.folder["config/vaesweep/worker.key"]) == 0o600)
    let secret = try String(
      contentsOfFile: host.folder["config/vaesweep/worker.key"], encoding: .utf8)
    let approved = try host.run("keys", "approve", key, "--role", "worker", "--name", "alpha")
    #expect(approved.status == 0)
    #expect(approved.errors == "alpha is approved as worker\n")
    let list = try host.run("keys", "list", "--format", "csv")
    #expect(list.output == "name,role,key\nalpha,worker,\(key)\n")
    #expect(try host.run("keys", "list").output.contains("your worker key: \(key)"))
    #expect(try host.run("keys", "revoke", key).errors == "alpha is revoked\n")
    #expect(try host.run("keys", "list", "--format", "csv").output.contains("alpha,revoked,"))
    let half = try #require(secret.firstMatch(of: /secret ([0-9a-f]{64})/)).1
    for command in [["keys", "list"], ["keys", "list", "--format", "json"], ["doctor"]] {
      let run = try RunningProgram(
        Program.path, command, in: host.folder, environment: host.environment)
      try run.waitForEnd()
      #expect(!(run.output + run.errors).contains(half))
    }
    #expect(try host.run("keys", "--help").output.contains("approve"))
  }

  @Test("refuse bad input in one line, with status 2")
  func badInput() throws {
    let host = try Program()
    let key = try host.run("keys", "make", "--role", "worker").output
      .trimmingCharacters(in: .newlines)
    for (arguments, expected) in [
      (["keys", "approve", "abc", "--role", "worker"], "64 hexadecimal digits"),
      (["keys", "approve", "a\u{1b}[2J", "--role", "worker"], "64 hexadecimal digits"),
      (["keys", "approve", key, "--role", "king"], "king"),
      (["keys", "approve", key, "--role", "worker", "--name", "a b"], "a key's name is"),
      (["keys", "revoke", key], "was never approved"), (["keys", "make"], "--role"),
      (["worker", "--connect", "tcp://192.0.2.1:5757"], "--server-key"),
      (
        ["worker", "--connect", "tcp://192.0.2.1:5757", "--server-key", "abc"],
        "64 hexadecimal digits"
      ),
      (
        ["worker", "--connect", "tcp://192.0.2.1:5757", "--server-key", key, "--insecure"],
        "exclude each other"
      ),
      (["status", "--connect", "tcp://192.0.2.1:5757"], "--server-key"),
      (
        ["status", "--connect", "tcp://127.0.0.1:1", "--server-key", key],
        "vaesweep keys make --role operator"
      ),
    ] {
      let run = try RunningProgram(
        Program.path, arguments, in: host.folder, environment: host.environment)
      #expect(try run.waitForEnd() == 2, "\(arguments) \(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
      #expect(run.errors.contains(expected), "\(run.errors)")
      #expect(!run.errors.contains("\u{1b}"))
    }
  }

  @Test("that others can read are refused by every command that needs them")
  func exposed() throws {
    let host = try Program()
    let sweep = try host.writeSweep()
    _ = try host.run("keys", "make", "--role", "worker")
    _ = try host.run("keys", "make", "--role", "coordinator")
    let key = try host.run("keys", "make", "--role", "operator").output
      .trimmingCharacters(in: .newlines)
    for name in ["worker", "operator", "coordinator"] {
      chmod(host.folder["config/vaesweep/\(name).key"], 0o644)
    }
    for arguments in [
      ["worker", "--connect", "tcp://127.0.0.1:1", "--server-key", key],
      ["status", "--connect", "tcp://127.0.0.1:1", "--server-key", key], ["keys", "list"],
      ["coordinator", sweep, "--store", "s.sqlite", "--bind", "tcp://0.0.0.0:*"],
    ] {
      let run = try RunningProgram(
        Program.path, arguments, in: host.folder, environment: host.environment)
      #expect(try run.waitForEnd() == 2, "\(arguments) \(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
      #expect(run.errors.contains("is open to other users (mode 644): chmod 600"), "\(run.errors)")
    }
    #expect(!host.folder.names().contains("s.sqlite"))
  }

  @Test("of a worker that nobody knows are named by both sides; once approved it works at once")
  func approval() throws {
    let host = try Program()
    let remote = try Program()
    let sweep = try host.writeSweep(seeds: "0..3")
    let coordinator = try Coordinator(host, sweep)
    let worker = try coordinator.worker(remote)
    try coordinator.program.waitForError(containing: " knocks from 127.0.0.1; to let it in: ")
    try worker.waitForError(containing: "does not admit this worker's key yet")
    let key = try remote.run("keys", "make", "--role", "worker").output
      .trimmingCharacters(in: .newlines)
    #expect(coordinator.program.errors.contains("unknown key \(key) knocks"))
    // Either line serves, on the coordinator's host.
    let approved = try runPrinted("where the coordinator runs: ", by: worker, on: host)
    #expect(approved.status == 0, "\(approved.errors)")
    #expect(try coordinator.program.waitForEnd() == 0, "\(coordinator.program.errors)")
    #expect(try worker.waitForEnd() == 0, "\(worker.errors)")
    #expect(try host.run("run", sweep, "--store", "t.sqlite").status == 0)
    #expect(try host.results("s.sqlite") == host.results("t.sqlite"))
  }

  @Test("once revoked are cut off in the middle of a sweep, and another worker goes on")
  func revocation() throws {
    let host = try Program()
    let (first, second) = (try Program(), try Program())
    let sweep = try host.writeSweep(seeds: "0..2", epochs: 20)
    let coordinator = try Coordinator(host, sweep)
    let lost = try coordinator.worker(first)
    try coordinator.program.waitForError(containing: "to let it in: ")
    let line = "; to let it in: "
    #expect(try runPrinted(line, by: coordinator.program, on: host).status == 0)
    try coordinator.program.waitForFirstResult()
    // What it trains now it holds until it is cut off, however long the commands take.
    let trainers = try first.children(of: lost)
    #expect(!trainers.isEmpty)
    for trainer in trainers { kill(trainer, SIGSTOP) }
    let key = try first.run("keys", "make", "--role", "worker").output
      .trimmingCharacters(in: .newlines)
    #expect(try host.run("keys", "revoke", key).status == 0)
    #expect(try lost.waitForEnd() == 1)
    #expect(lost.errors.contains("this key is not approved any more"), "\(lost.errors)")
    let other = try second.run("keys", "make", "--role", "worker").output
      .trimmingCharacters(in: .newlines)
    #expect(try host.run("keys", "approve", other, "--role", "worker").status == 0)
    let next = try coordinator.worker(second)
    #expect(try coordinator.program.waitForEnd() == 0, "\(coordinator.program.errors)")
    #expect(try next.waitForEnd() == 0, "\(next.errors)")
    // What the revoked worker held went back at once and counts as nobody's failure.
    #expect(!coordinator.program.errors.contains("lost"), "\(coordinator.program.errors)")
    #expect(try host.results("s.sqlite").count == 6)
  }

  @Test("of another server end a worker's wait with 1 and the reason")
  func wrongServer() throws {
    let host = try Program()
    let remote = try Program()
    let coordinator = try Coordinator(host, try host.writeSweep())
    let wrong = try remote.run("keys", "make", "--role", "operator").output
      .trimmingCharacters(in: .newlines)
    let worker = try coordinator.worker(remote, wait: "3s", key: wrong)
    #expect(try worker.waitForEnd() == 1)
    #expect(worker.errors.contains("vaesweep: no coordinator answered within 3s; "))
    #expect(
      worker.errors.contains("does not hold the key given with --server-key"), "\(worker.errors)")
    // The other way round: a worker without keys.
    let plain = try remote.run(
      "worker", "--connect", coordinator.endpoint, "--slots", "1", "--wait", "3s")
    #expect(plain.status == 1)
    #expect(plain.errors.contains("give --server-key KEY"), "\(plain.errors)")
    coordinator.program.send(SIGTERM)
    #expect(try coordinator.program.waitForEnd() == 130)
  }

  @Test("of an operator read the status, and no others do")
  func status() throws {
    let host = try Program()
    let remote = try Program()
    let coordinator = try Coordinator(host, try host.writeSweep())
    let printed = try runPrinted("to see how it stands: ", by: coordinator.program, on: host)
    #expect(printed.status == 0, "\(printed.errors)")
    #expect(printed.output.contains("0/16 points"))
    #expect(printed.output.contains("refused"))
    let plain = try host.run("status", "--connect", coordinator.endpoint)
    #expect(plain.status == 1)
    #expect(plain.errors.contains("give --server-key KEY"), "\(plain.errors)")
    let contact = ["--connect", coordinator.endpoint, "--server-key", coordinator.serverKey]
    func ask(_ program: Program, _ more: String...) throws -> RunningProgram {
      let run = try RunningProgram(
        Program.path, ["status"] + contact + more, in: program.folder,
        environment: program.environment)
      try run.waitForEnd()
      return run
    }
    _ = try remote.run("keys", "make", "--role", "operator")
    let unknown = try ask(remote)
    #expect(unknown.errors.contains("vaesweep keys approve "), "\(unknown.errors)")
    let approved = try runPrinted("where the coordinator runs: ", by: unknown, on: host)
    #expect(approved.status == 0)
    let json = try ask(remote, "--format", "json").output
    #expect(json.contains("\"refused\""))
    for reason in ["handshake", "key", "frames", "role", "session", "attempt", "rate"] {
      #expect(json.contains("\"\(reason)\""))
    }
    // A worker's key asks in vain.
    let worker = try remote.run("keys", "make", "--role", "worker").output
      .trimmingCharacters(in: .newlines)
    _ = try host.run("keys", "approve", worker, "--role", "worker")
    let refused = try ask(remote, "--key-file", remote.folder["config/vaesweep/worker.key"])
    #expect(refused.errors.contains("--role operator"), "\(refused.errors)")
    coordinator.program.send(SIGTERM)
    #expect(try coordinator.program.waitForEnd() == 130)
  }

  @Test("are not needed with --insecure, which both sides warn about")
  func insecure() throws {
    let host = try Program()
    let coordinator = try host.start(
      "coordinator", try host.writeSweep(seeds: "0"), "--store", "s.sqlite", "--bind",
      "tcp://0.0.0.0:*", "--insecure")
    let bound = try host.endpoint(of: coordinator)
    // As a host beyond loopback is written; it is this machine all the same.
    let endpoint = bound.replacing("0.0.0.0", with: "[::ffff:7f00:1]")
    let worker = try host.run("worker", "--connect", endpoint, "--slots", "1", "--insecure")
    #expect(worker.status == 0, "\(worker.errors)")
    #expect(worker.errors.contains("warning: --insecure: "), "\(worker.errors)")
    #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
    #expect(coordinator.errors.contains("warning: --insecure: "), "\(coordinator.errors)")
    #expect(!host.folder.names().contains("config"))
  }

  @Test("are told of by doctor")
  func doctor() throws {
    let output = try Program().run("doctor").output
    #expect(output.contains("encryption"))
    #expect(output.contains("with CURVE"))
  }
}
