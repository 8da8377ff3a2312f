import Foundation
import Keyring
import TestSupport
import Testing
import ZeroMQ

/// Workers that nobody approves; all traffic is on 127.0.0.1, where a coordinator beyond loopback listens
/// as well.
@Suite("Invitations", .serialized)
struct InvitationTests {
  private let host: Program
  private let endpoint: String
  private let sweep: String

  init() throws {
    host = try Program()
    endpoint = "tcp://127.0.0.1:\(try FreePort.find())"
    sweep = try host.writeSweep(seeds: "0..3")
  }

  private func coordinator() throws -> RunningProgram {
    let coordinator = try host.start(
      "coordinator", sweep, "--store", "s.sqlite", "--bind",
      endpoint.replacing("127.0.0.1", with: "0.0.0.0"))
    try coordinator.waitForError(containing: "to see how it stands: ")
    return coordinator
  }

  /// Orders a coordinator whose points are to wait or to go on.
  private func control(_ order: String, _ coordinator: RunningProgram) throws {
    let key = try #require(coordinator.errors.firstMatch(of: /--server-key ([0-9a-f]{64})/)).1
    let run = try host.run(
      "control", order, "--connect", endpoint, "--server-key", String(key))
    #expect(run.status == 0, "\(run.errors)")
  }

  private func invite(_ more: String...) throws -> String {
    let run = try host.run(["keys", "invite", "--endpoint", endpoint] + more)
    #expect(run.status == 0, "\(run.errors)")
    let text = run.output.trimmingCharacters(in: .newlines)
    #expect(run.output == text + "\n")
    #expect(!run.errors.contains(text))
    #expect(run.errors.contains("vaesweep worker --join STRING"), "\(run.errors)")
    return text
  }

  private func worker(
    _ remote: Program, _ more: String..., environment: [String: String] = [:]
  ) throws -> RunningProgram {
    try RunningProgram(
      Program.path, ["worker", "--slots", "1"] + more, in: remote.folder,
      environment: remote.environment.merging(environment) { $1 }
        .merging(["XDG_STATE_HOME": remote.folder["state"]]) { $1 })
  }

  /// All that stands in the files below a folder.
  private func content(of folder: TemporaryFolder) throws -> [(name: String, bytes: Data)] {
    let names = FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? []
    return names.compactMap { name in
      (try? Data(contentsOf: URL(filePath: folder[name]))).map { (name, $0) }
    }
  }

  private func argumentsAndEnvironment(of process: Int32) throws -> String {
    try ["cmdline", "environ"].map {
      String(
        decoding: try Data(contentsOf: URL(filePath: "/proc/\(process)/\($0)")), as: UTF8.self)
    }.joined(separator: "\n")
  }

  @Test("let workers in without approval until they are used up, and leave no trace of the secret")
  func wholeSweep() throws {
    // Its points wait until everybody has come.
    var coordinator = try coordinator()
    try control("pause", coordinator)
    coordinator.send(SIGTERM)
    #expect(try coordinator.waitForEnd() == 130)
    let text = try invite("--uses", "2", "--for", "1d", "--name", "cluster")
    let remotes = try (0..<4).map { _ in try Program() }
    // The first is there before its coordinator.
    let first = try worker(remotes[0], environment: ["VAESWEEP_JOIN": text])
    try first.waitForError(containing: "nothing listens at \(endpoint)")
    coordinator = try self.coordinator()
    #expect(coordinator.errors.contains("vaesweep keys invite --endpoint tcp://"))
    let file = try remotes[1].folder.write(Array("\(text)\n".utf8), to: "invitation")
    chmod(file, 0o600)
    let second = try worker(remotes[1], "--join", "@invitation")
    for worker in [first, second] { try worker.waitForError(containing: "joining sweep") }
    let guests = coordinator.errors.matches(of: /invitation cluster \([0-9a-f]{12}\) lets in/)
    #expect(guests.count == 2, "\(coordinator.errors)")

    let third = try worker(remotes[2], "--join", text)
    #expect(try third.waitForEnd() == 1)
    let line = "does not let this worker in: the invitation cluster is used up; "
    #expect(third.errors.contains(line), "\(third.errors)")
    #expect(third.errors.split(separator: "\n").last?.hasPrefix("vaesweep: ") == true)

    let more = try invite("--name", "more")
    let list = try host.run("keys", "list").output
    #expect(list.contains("more") && !list.contains("cluster "), "\(list)")
    let open = try host.run("keys", "list", "--invitations", "--format", "csv").output
    #expect(open.contains(/(?m)^more,[0-9a-f]{12},40,7\d{3}$/), "\(open)")
    let revoked = try host.run("keys", "revoke", "--invitation", "more")
    #expect(revoked.status == 0)
    #expect(revoked.errors.contains("workers that it let in stay"), "\(revoked.errors)")
    let fourth = try worker(remotes[3], "--join", more)
    #expect(try fourth.waitForEnd() == 1)
    #expect(fourth.errors.contains("the invitation more was revoked"), "\(fourth.errors)")

    // A worker that is in comes back with the same invitation.
    second.send(SIGTERM)
    #expect(try second.waitForEnd() == 0)
    let again = try worker(remotes[1], "--join", text)
    try again.waitForError(containing: "joining sweep")
    #expect(!(try argumentsAndEnvironment(of: again.process)).contains("vsi1."))
    // Nor do the trainers of one that had it in its environment.
    try coordinator.waitForError(containing: "(process \(first.process)) joined")
    let trainers = try remotes[0].children(of: first)
    #expect(!trainers.isEmpty)
    for trainer in trainers {
      #expect(!(try argumentsAndEnvironment(of: trainer)).contains("vsi1."))
    }
    try control("resume", coordinator)
    #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
    for worker in [first, again] { #expect(try worker.waitForEnd() == 0, "\(worker.errors)") }
    #expect(try host.run("run", sweep, "--store", "t.sqlite").status == 0)
    #expect(try host.results("s.sqlite") == host.results("t.sqlite"))

    try remotes[1].folder.write([], to: "invitation")
    let programs = [coordinator, first, second, again, third, fourth]
    for text in [text, more] {
      let pair = try Invitation(parsing: text).pair
      let secrets =
        [text, pair.secretKey.hexadecimal, "\(pair.publicKey)", pair.publicKey.z85].map {
          Data($0.utf8)
        } + [Data(pair.secretKey.bytes), Data(pair.publicKey.bytes)]
      for program in programs {
        let said = Data((program.output + program.errors).utf8)
        for secret in secrets { #expect(said.range(of: secret) == nil) }
      }
      for folder in [host.folder] + remotes.map(\.folder) {
        for (name, bytes) in try content(of: folder) {
          for secret in secrets { #expect(bytes.range(of: secret) == nil, "\(name)") }
        }
      }
    }
  }

  @Test(
    "serve hosts that share a home, each a worker of its own, at the price of one key",
    Requirement.root, Requirement.program("unshare"))
  func sharedHome() throws {
    let coordinator = try coordinator()
    let text = try invite("--uses", "1")
    let names = ["node-a", "node-b", "node-c"]
    let workers = try names.map { name in
      // One home, one folder of keys and state, for the coordinator as well.
      try RunningProgram(
        "/usr/bin/unshare",
        ["--uts", "sh", "-c", "hostname \(name) && exec \(Program.path) worker --slots 1"],
        in: host.folder,
        environment: host.environment.merging([
          "VAESWEEP_JOIN": text, "XDG_STATE_HOME": host.folder["state"],
        ]) { $1 })
    }
    for name in names {
      try coordinator.waitForError(containing: "worker \(name) (process ")
    }
    #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
    for worker in workers { #expect(try worker.waitForEnd() == 0, "\(worker.errors)") }
    let keys = try host.run("keys", "list", "--format", "csv").output
    #expect(keys.matches(of: /(?m),worker,/).count == 1, "\(keys)")
    #expect(try host.results("s.sqlite").count == 8)
  }

  @Test("of another coordinator's key, or of nobody, end a worker's wait with the reason")
  func wrongPlace() throws {
    let coordinator = try coordinator()
    let stranger = try Program()
    let foreign = try stranger.run("keys", "invite", "--endpoint", endpoint).output
      .trimmingCharacters(in: .newlines)
    let remote = try Program()
    let wrong = try worker(remote, "--join", foreign, "--wait", "3s")
    #expect(try wrong.waitForEnd() == 1)
    let lines = wrong.errors.split(separator: "\n")
    #expect(
      lines.last?.hasPrefix("vaesweep: no coordinator let this worker in within 3s; ") == true,
      "\(wrong.errors)")
    #expect(lines.last?.contains("does not hold the key that the invitation names") == true)
    coordinator.send(SIGTERM)
    #expect(try coordinator.waitForEnd() == 130)
    let text = try invite()
    let nobody = try worker(remote, "--join", text, "--wait", "2s")
    #expect(try nobody.waitForEnd() == 1)
    #expect(nobody.errors.contains("nothing listens at \(endpoint)"), "\(nobody.errors)")
    #expect(!nobody.errors.contains("--server-key"), "\(nobody.errors)")
    // As through a tunnel: --connect names another place than the invitation.
    let elsewhere = try worker(
      remote, "--join", text, "--connect", "tcp://127.0.0.1:1", "--wait", "2s")
    #expect(try elsewhere.waitForEnd() == 1)
    #expect(elsewhere.errors.contains("nothing listens at tcp://127.0.0.1:1 "))
  }

  @Test("refuse bad input in one line, with status 2, and repeat no secret")
  func badInput() throws {
    let text = try invite()
    let key = String(repeating: "0a", count: 32)
    for (arguments, expected) in [
      (["worker"], "--connect tcp://HOST:5757, or an invitation with --join"),
      (["worker", "--join", "nonsense"], "--join: this is no invitation"),
      (["worker", "--join", String(text.dropLast(9))], "--join: this invitation is damaged"),
      (["worker", "--join", "@nowhere"], "--join: cannot read nowhere"),
      (["worker", "--join", "@small.yaml"], "--join @small.yaml: this is no invitation"),
      (["worker", "--join", text, "--server-key", key], "leave --server-key and --insecure out"),
      (["worker", "--join", text, "--insecure"], "leave --server-key and --insecure out"),
      (["worker", text], "vsi1.…"),
      (["keys", "invite", "--for", "soon"], "soon"),
      (["keys", "invite", "--for", "0s"], "from 1s to 366d"),
      (["keys", "invite", "--for", "367d"], "from 1s to 366d"),
      (["keys", "invite", "--uses", "0"], "a whole number from 1 to"),
      (["keys", "invite", "--name", "a b"], "a key's name is"),
      (["keys", "invite", "--endpoint", "tcp://*:5757"], "an address and a port"),
      (["keys", "invite", "--endpoint", "tcp://host:*"], "an address and a port"),
      (["keys", "invite", "--endpoint", "ipc://@x"], "an address and a port"),
      (["keys", "revoke"], "give a key, or --invitation, or --all-invitations"),
      (["keys", "revoke", key, "--all-invitations"], "one of them"),
      (["keys", "revoke", "--invitation", "a", "--all-invitations"], "one of them"),
      (["keys", "revoke", "--invitation", "nobody"], "no open invitation has this name"),
    ] {
      let run = try host.run(arguments)
      #expect(run.status == 2, "\(arguments) \(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
      #expect(run.errors.contains(expected), "\(run.errors)")
      #expect(!run.errors.contains(text))
    }
    // Of the file that others can read it is said.
    let file = try host.folder.write(Array(text.utf8), to: "open")
    chmod(file, 0o644)
    let run = try host.run("worker", "--join", "@open", "--wait", "0s")
    #expect(run.status == 1)
    #expect(run.errors.contains("chmod 600 open"), "\(run.errors)")
    // But not of one that a service manager put there for this worker alone.
    var service = host
    service.environment["CREDENTIALS_DIRECTORY"] = host.folder.path
    chmod(file, 0o440)
    let quiet = try service.run("worker", "--join", "@\(file)", "--wait", "0s")
    #expect(quiet.status == 1)
    #expect(!quiet.errors.contains("can read the invitation"), "\(quiet.errors)")
    #expect(try host.run("keys", "revoke", "--all-invitations").status == 0)
    let none = try host.run("keys", "list", "--invitations")
    #expect(none.output == "no invitation is open\n")
  }

  @Test("name this host's address and the usual port where none is given")
  func usualEndpoint() throws {
    let run = try host.run("keys", "invite", "--for", "30m", "--keys", "my keys")
    #expect(run.status == 0, "\(run.errors)")
    let invitation = try Invitation(parsing: run.output)
    #expect(invitation.endpoint.port == 5757)
    #expect(host.folder.names(in: "my keys").contains("invitations"))
    #expect(run.errors.contains("lets in 40 workers at \(invitation.endpoint) within 30m"))
  }
}
