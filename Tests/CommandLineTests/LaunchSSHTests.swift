import Foundation
import Keyring
import TestSupport
import Testing

/// `vaesweep launch ssh` against a real sshd; all traffic is on 127.0.0.1.
@Suite("Launch by ssh", .serialized, SSHHosts.requirement)
struct LaunchSSHTests {
  private let hosts: SSHHosts
  private let program: Program

  init() throws {
    hosts = try SSHHosts()
    program = try Program()
  }

  private func list(_ lines: String...) throws {
    try program.folder.write(
      Array(lines.map { $0 + "\n" }.joined().utf8), to: "hosts.txt")
  }

  private func launch(_ more: String...) throws -> RunningProgram {
    try RunningProgram(
      Program.path, ["launch", "ssh", "hosts.txt", "--ssh", hosts.ssh] + more,
      in: program.folder, environment: program.environment)
  }

  /// A coordinator on loopback, without keys.
  private func coordinator(_ sweep: String) throws -> (program: RunningProgram, endpoint: String) {
    let coordinator = try program.start(
      "coordinator", sweep, "--store", "s.sqlite", "--bind", "tcp://127.0.0.1:*")
    return (coordinator, try program.endpoint(of: coordinator))
  }

  /// Points that nobody finishes.
  private func longSweep() throws -> String {
    try program.writeSweep(seeds: "0..9", epochs: 10_000)
  }

  /// The worker's process on a host, as the launch told of it last.
  private func worker(on host: String, _ launch: RunningProgram) throws -> Int32 {
    try launch.waitForError(containing: " on \(host))")
    let told = launch.errors.matches(of: /a worker runs \(process (\d+) on (\w+)\)/)
    return try #require(told.last { $0.2 == host }.flatMap { Int32($0.1) })
  }

  /// Waits until a process is gone; one that nobody has collected yet is as good as that.
  private func isGone(_ process: Int32) -> Bool {
    isTrueInTime { ProcessTree.isGone(process) }
  }

  /// Looks again and again, for five minutes.
  private func isTrueInTime(_ condition: () -> Bool) -> Bool {
    let deadline = Date(timeIntervalSinceNow: 300)
    while Date() < deadline {
      if condition() { return true }
      usleep(10_000)
    }
    return false
  }

  @Test("copies the program, invites, starts what dies again, and ends with the results of a run")
  func wholeSweep() throws {
    let sweep = try program.writeSweep(seeds: "0..3", epochs: 3)
    let port = try FreePort.find()
    let endpoint = "tcp://127.0.0.1:\(port)"
    let coordinator = try program.start(
      "coordinator", sweep, "--store", "s.sqlite", "--bind", "tcp://0.0.0.0:\(port)")
    try coordinator.waitForError(containing: "to see how it stands: ")
    let key = try #require(coordinator.errors.firstMatch(of: /--server-key ([0-9a-f]{64})/)).1
    let contact = ["--connect", endpoint, "--server-key", String(key)]
    let paused = try program.run(["control", "pause"] + contact)
    #expect(paused.status == 0, "\(paused.errors)")
    try list("alpha 1", "beta 2   # the larger one")
    let launch = try RunningProgram(
      Program.path, ["launch", "ssh", "hosts.txt", "--ssh", hosts.ssh] + contact,
      in: program.folder, environment: program.environment)
    for host in ["alpha", "beta"] {
      try launch.waitForError(containing: "\(host): sending the program, ")
      let process = try worker(on: host, launch)
      try coordinator.waitForError(containing: "worker \(host) (process \(process)) joined")
    }
    #expect(coordinator.errors.contains("worker alpha") && coordinator.errors.contains("1 slot"))
    #expect(coordinator.errors.contains("joined with 2 slots"), "\(coordinator.errors)")
    try requireNoSecret(launch)
    // The worker dies, and nobody has asked it to.
    let killed = try worker(on: "alpha", launch)
    kill(killed, SIGKILL)
    try launch.waitForError(containing: "alpha: its worker was killed by a signal")
    try launch.waitForError(containing: "; trying again in 1 s")
    try coordinator.waitForError(containing: "worker alpha (process \(killed)) has died")
    #expect(
      isTrueInTime {
        coordinator.errors.matches(of: /worker alpha \(process \d+\) joined/).count == 2
      }, "\(launch.errors)")
    #expect(try program.run(["control", "resume"] + contact).status == 0)
    #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
    #expect(try launch.waitForEnd() == 0, "\(launch.errors)")
    #expect(launch.errors.hasSuffix("the sweep is complete\n"), "\(launch.errors)")
    #expect(launch.output.isEmpty)
    #expect(try program.run("run", sweep, "--store", "t.sqlite").status == 0)
    #expect(try program.results("s.sqlite") == program.results("t.sqlite"))
    // What was made for this launch is closed.
    let open = try program.run("keys", "list", "--invitations")
    #expect(open.output == "no invitation is open\n", "\(open.output)")
    for host in ["alpha", "beta"] {
      #expect(hosts.programs(on: host).count == 1)
      #expect(hosts.programs(on: host).first?.hasPrefix("vaesweep-") == true)
    }
  }

  /// No process of the launch has the invitation among its arguments or in its environment.
  private func requireNoSecret(_ launch: RunningProgram) throws {
    var seen = 0
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc")
    where Int32(name) != nil {
      let texts = ["cmdline", "environ"].map { file in
        let bytes = try? Data(contentsOf: URL(filePath: "/proc/\(name)/\(file)"))
        return String(decoding: bytes ?? Data(), as: UTF8.self)
      }
      // Other tests of this machine hand invitations over as they please.
      guard texts.contains(where: { $0.contains(hosts.folder.path) }) else { continue }
      seen += 1
      #expect(!texts[0].contains("vsi1."), "cmdline of \(name)")
      #expect(!texts[1].contains("vsi1."), "environ of \(name)")
    }
    #expect(seen > 4)
    #expect(!launch.errors.contains("vsi1."))
  }

  @Test("sends the program again where another one is to run, and not where it is there")
  func versions() throws {
    let sweep = try program.writeSweep(seeds: "0")
    try list("alpha 1")
    for (binary, copies) in [(Program.path, 1), (Program.path, 1), ("other", 2)] {
      if binary == "other" {
        // It runs as before, and is another file.
        var bytes = try Data(contentsOf: URL(filePath: Program.path))
        bytes.append(0)
        try bytes.write(to: URL(filePath: program.folder["other"]))
      }
      let number = hosts.programs(on: "alpha").count
      let (coordinator, endpoint) = try coordinator(sweep)
      let launch = try launch("--connect", endpoint, "--binary", binary)
      #expect(try launch.waitForEnd() == 0, "\(launch.errors)")
      #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
      #expect(hosts.programs(on: "alpha").count == copies)
      #expect(launch.errors.contains("sending the program") == (number < copies))
      try FileManager.default.removeItem(atPath: program.folder["s.sqlite"])
    }
  }

  @Test(
    "leaves nothing running when it is told to stop, or killed without a word",
    arguments: [SIGINT, SIGTERM, SIGHUP, SIGKILL])
  func ends(signal: Int32) throws {
    let (coordinator, endpoint) = try coordinator(try longSweep())
    try list("alpha 1", "beta 1")
    let launch = try launch("--connect", endpoint)
    var (processes, names): ([Int32], [String]) = ([], [])
    for host in ["alpha", "beta"] {
      let process = try worker(on: host, launch)
      let name = "worker \(host) (process \(process))"
      try coordinator.waitForError(containing: "\(name) joined")
      processes += try [process] + ProcessTree.children(of: process)
      names.append(name)
    }
    let clients = try ProcessTree.children(of: launch.process)
    #expect(clients.count == 2)
    launch.send(signal)
    #expect(try launch.waitForEnd() == (signal == SIGKILL ? 128 + SIGKILL : 130))
    if signal != SIGKILL {
      #expect(launch.errors.hasSuffix("interrupted; every worker has been ended\n"))
    }
    // Each hands back and says goodbye.
    for name in names { try coordinator.waitForError(containing: "\(name) left") }
    for process in processes + clients { #expect(isGone(process), "process \(process)") }
    coordinator.send(SIGTERM)
    #expect(try coordinator.waitForEnd() == 130)
  }

  @Test("gives hosts up with a line each that says what to do, and goes on with the others")
  func wrongHosts() throws {
    let sweep = try program.writeSweep(seeds: "0..1")
    let (coordinator, endpoint) = try coordinator(sweep)
    try list("stranger 1", "unknown 1", "nowhere 1")
    let alone = try launch("--connect", endpoint)
    #expect(try alone.waitForEnd() == 1, "\(alone.errors)")
    for line in [
      "stranger: given up: root@127.0.0.1: Permission denied (publickey).: ssh must get in without "
        + "asking; 'ssh-copy-id stranger' puts your key there, 'ssh-add' loads it here",
      "unknown: given up: its host key is unknown here or another one: 'ssh unknown' by hand tells",
      "Connection refused; trying again in 8 s", "Connection refused, 5 times one after the other",
      "vaesweep: 3 of 3 hosts were given up: no worker is left",
    ] { #expect(alone.errors.contains(line), "\(line)\n\(alone.errors)") }
    try list("alpha 1", "stranger 1")
    // Of another machine.
    var bytes = try Data(contentsOf: URL(filePath: Program.path))
    bytes[18] = bytes[18] == 62 ? 183 : 62
    try bytes.write(to: URL(filePath: program.folder["other"]))
    let other = try launch("--connect", endpoint, "--binary", "other")
    #expect(try other.waitForEnd() == 1)
    #expect(
      other.errors.contains(/alpha: given up: it is Linux \w+, and the binary is not for it/),
      "\(other.errors)")
    let rest = try launch("--connect", endpoint)
    #expect(try rest.waitForEnd() == 0, "\(rest.errors)")
    #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
  }

  @Test("leaves workers that were detached to themselves, finds them again and ends them")
  func detached() throws {
    let (coordinator, endpoint) = try coordinator(try longSweep())
    try list("alpha 1", "beta 1")
    let first = try launch("--connect", endpoint, "--detach")
    #expect(try first.waitForEnd() == 0, "\(first.errors)")
    #expect(
      first.errors.contains(/vaesweep launch ssh hosts\.txt --ssh '.*' --stop/), "\(first.errors)")
    var processes: [Int32] = []
    for host in ["alpha", "beta"] {
      let told = first.errors.matches(of: /(\w+): process (\d+) (?:has joined|waits)/)
      let own = try #require(told.first { $0.1 == host })
      processes.append(try #require(Int32(own.2)))
    }
    let again = try launch("--connect", endpoint, "--detach")
    #expect(try again.waitForEnd() == 0, "\(again.errors)")
    for process in processes {
      #expect(again.errors.contains("process \(process) ran already"), "\(again.errors)")
    }
    let attached = try launch("--connect", endpoint)
    #expect(try attached.waitForEnd() == 1)
    #expect(attached.errors.contains("another launch serves this coordinator there"))
    // Of another coordinator none runs.
    let elsewhere = try launch("--stop", "--connect", "tcp://127.0.0.1:1")
    #expect(try elsewhere.waitForEnd() == 0)
    #expect(elsewhere.errors.contains("alpha: no worker of ours ran there"))
    for process in processes { #expect(kill(process, 0) == 0) }
    let stop = try launch("--stop")
    #expect(try stop.waitForEnd() == 0, "\(stop.errors)")
    for process in processes {
      #expect(stop.errors.contains("process \(process) has ended"), "\(stop.errors)")
      #expect(isGone(process))
    }
    try coordinator.waitForError(containing: "worker beta (process \(processes[1])) left")
    let nothing = try launch("--stop")
    #expect(try nothing.waitForEnd() == 0)
    #expect(nothing.errors.contains("beta: no worker of ours ran there"), "\(nothing.errors)")
    coordinator.send(SIGTERM)
    #expect(try coordinator.waitForEnd() == 130)
  }

  @Test("ends with 3 where the last points were cancelled, however soon after that workers end")
  func gaps() throws {
    let (coordinator, endpoint) = try coordinator(try longSweep())
    try list("alpha 1")
    let launch = try launch("--connect", endpoint)
    _ = try worker(on: "alpha", launch)
    try coordinator.waitForError(containing: "worker alpha")
    let cancel = try program.run("control", "cancel", "--connect", endpoint)
    #expect(cancel.status == 0, "\(cancel.errors)")
    #expect(try coordinator.waitForEnd() == 3, "\(coordinator.errors)")
    #expect(try launch.waitForEnd() == 3, "\(launch.errors)")
    #expect(launch.errors.contains(/\d+ points failed or are cancelled/), "\(launch.errors)")
  }

  @Test("leaves the door open for workers that were detached before their coordinator was there")
  func detachedEarly() throws {
    let sweep = try program.writeSweep(seeds: "0..1")
    let port = try FreePort.find()
    // The coordinator's key, by which workers know it.
    let key = try program.run("keys", "make", "--role", "coordinator").output
      .trimmingCharacters(in: .newlines)
    try list("alpha 1")
    let launch = try launch(
      "--connect", "tcp://127.0.0.1:\(port)", "--server-key", key, "--detach")
    #expect(try launch.waitForEnd() == 0, "\(launch.errors)")
    let coordinator = try program.start(
      "coordinator", sweep, "--store", "s.sqlite", "--bind", "tcp://0.0.0.0:\(port)")
    #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
    // All have come by it.
    let open = try program.run("keys", "list", "--invitations")
    #expect(open.output == "no invitation is open\n", "\(open.output)")
  }

  @Test("leads workers that cannot reach the coordinator through their connection")
  func tunnel() throws {
    let sweep = try program.writeSweep(seeds: "0..1")
    let (coordinator, endpoint) = try coordinator(sweep)
    try list("island 1")
    let through = try launch("--connect", endpoint, "--tunnel")
    #expect(try through.waitForEnd() == 0, "\(through.errors)")
    #expect(through.errors.contains("Allocated port "), "\(through.errors)")
    #expect(through.errors.contains("whoever has an account on a host reaches"))
    #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
    #expect(try program.results("s.sqlite").count == 4)
  }

  @Test("refuses bad input in one line, with status 2")
  func badInput() throws {
    try list("alpha 1")
    try program.folder.write(Array("alpha 1\nalpha 2\n".utf8), to: "twice.txt")
    for (arguments, expected) in [
      (["hosts.txt"], "where is the coordinator? give --connect tcp://HOST:5757"),
      (["none.txt", "--connect", "tcp://127.0.0.1:1"], "cannot read none.txt"),
      (["twice.txt", "--connect", "tcp://127.0.0.1:1"], "twice.txt:2: alpha stands in line 1"),
      (["hosts.txt", "--connect", "tcp://*:1"], "workers need an address and a port"),
      (["hosts.txt", "--connect", "tcp://127.0.0.1:1", "--detach", "--stop"], "leave one of them"),
      (
        ["hosts.txt", "--connect", "tcp://127.0.0.1:1", "--detach", "--tunnel"],
        "a tunnel lives as long as this command"
      ),
      (["hosts.txt", "--connect", "tcp://127.0.0.1:1", "--ssh", "ssh '"], "this is no command"),
      (
        ["hosts.txt", "--connect", "tcp://127.0.0.1:1", "--binary", "hosts.txt"],
        "--binary: hosts.txt is no program for Linux"
      ),
      (["hosts.txt", "--connect", "tcp://127.0.0.1:1", "--join", "x"], "--join: this is no inv"),
    ] {
      let run = try program.run(["launch", "ssh"] + arguments)
      #expect(run.status == 2, "\(arguments) \(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
      #expect(run.errors.contains(expected), "\(run.errors)")
    }
  }
}
