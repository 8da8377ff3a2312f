import Foundation
import TestSupport
import Testing

/// Hosts with other networks than the usual one; each is a network namespace.
@Suite("Networks", .serialized, NetworkNamespace.requirement)
struct NetworkTests {
  private let program: Program

  init() throws { program = try Program() }

  private func start(_ host: NetworkNamespace, _ arguments: String...) throws -> RunningProgram {
    try host.start(
      Program.path, arguments, in: program.folder, environment: program.environment)
  }

  /// A link whose other end is in the namespace too, up, with these addresses.
  private func link(_ name: String, _ addresses: String...) -> [String] {
    ["ip link add \(name) type veth peer name \(name)-peer", "ip link set \(name)-peer up"]
      + addresses.map { address in
        let nodad = address.contains(":") ? " nodad" : ""
        return "ip addr add \(address) dev \(name)\(nodad)"
      } + ["ip link set \(name) up"]
  }

  private let ipv6Only = [
    "ip link set lo up", "ip addr del 127.0.0.1/8 dev lo",
    "ip link add eth0 type veth peer name peer", "ip link set peer up",
    "ip addr add fd00::5/64 dev eth0 nodad", "ip link set eth0 up",
  ]

  /// The worker's line as a coordinator printed it, without `vaesweep`.
  private func workerLine(of coordinator: RunningProgram) throws -> [String] {
    try coordinator.waitForError(containing: "on each worker's host: ")
    guard let match = coordinator.errors.firstMatch(of: /worker's host: vaesweep (.*)\n/) else {
      throw CommandFailure("no line for workers in \(coordinator.errors)")
    }
    return match.1.split(separator: " ").map(String.init)
  }

  @Test(
    "A host with IPv6 alone is bound to and reached, by * and by its interface",
    arguments: ["*", "eth0", "[fd00::5]", "lo"])
  func ipv6(host: String) throws {
    let namespace = try NetworkNamespace(in: program.folder, ipv6Only)
    let sweep = try program.writeSweep(seeds: "0")
    let coordinator = try start(
      namespace, "coordinator", sweep, "--store", "s.sqlite", "--bind", "tcp://\(host):*",
      "--insecure")
    if host == "lo" {
      let endpoint = try program.endpoint(of: coordinator)
      #expect(endpoint.hasPrefix("tcp://[::1]:"), "\(endpoint)")
      coordinator.send(SIGTERM)
      #expect(try coordinator.waitForEnd() == 130)
      return
    }
    let line = try workerLine(of: coordinator)
    #expect(line[2].hasPrefix("tcp://[fd00::5]:"), "\(line)")
    let worker = try namespace.start(
      Program.path, line + ["--slots", "1"], in: program.folder, environment: program.environment)
    #expect(try worker.waitForEnd() == 0, "\(worker.errors)")
    #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
  }

  @Test("A host of both families is reached by either when it is bound to *")
  func both() throws {
    let namespace = try NetworkNamespace(
      in: program.folder, ["ip link set lo up"] + link("eth0", "10.77.9.5/24", "fd00::5/64"))
    for host in ["10.77.9.5", "[fd00::5]", "127.0.0.1", "[::1]"] {
      let coordinator = try start(
        namespace, "coordinator", try program.writeSweep(seeds: "0"), "--store",
        "\(host).sqlite", "--bind", "tcp://*:*", "--insecure")
      let port = try #require(try program.endpoint(of: coordinator).split(separator: ":").last)
      let worker = try start(
        namespace, "worker", "--connect", "tcp://\(host):\(port)", "--insecure", "--slots", "1")
      #expect(try worker.waitForEnd() == 0, "\(host): \(worker.errors)")
      #expect(try coordinator.waitForEnd() == 0, "\(host): \(coordinator.errors)")
    }
  }

  @Test("Of several addresses the default route's is printed for workers, the others beside it")
  func several() throws {
    let namespace = try NetworkNamespace(
      in: program.folder,
      ["ip link set lo up"] + link("docker0", "172.17.0.1/16")
        + link("eth0", "10.77.9.5/24", "fd00::5/64") + link("ib0", "10.88.0.5/16")
        + ["ip route add default via 10.77.9.1 dev eth0"])
    let coordinator = try start(
      namespace, "coordinator", try program.writeSweep(), "--store", "s.sqlite", "--bind",
      "tcp://*:*")
    let line = try workerLine(of: coordinator)
    #expect(line[2].hasPrefix("tcp://10.77.9.5:"), "\(line)")
    try coordinator.waitForError(containing: "to see how it stands: ")
    let beside = try #require(
      coordinator.errors.split(separator: "\n").first { $0.contains("another address") })
    for other in ["172.17.0.1 (docker0)", "10.88.0.5 (ib0)", "[fd00::5] (eth0)"] {
      #expect(beside.contains(other), "\(beside)")
    }
    #expect(!beside.contains("fe80"))

    // The line that admits the worker bears a name, as the worker's own does.
    let worker = try namespace.start(
      Program.path, line, in: program.folder, environment: program.environment)
    try coordinator.waitForError(containing: " knocks from 10.77.9.5; to let it in: ")
    try worker.waitForError(containing: "vaesweep keys approve ")
    for printed in [coordinator.errors, worker.errors] {
      #expect(printed.contains(/vaesweep keys approve [0-9a-f]{64} --role worker --name [^ \n]+/))
    }
    worker.send(SIGTERM)
    coordinator.send(SIGTERM)
    #expect(try coordinator.waitForEnd() == 130)
    try worker.waitForEnd()
  }

  @Test("A whole sweep runs on a machine whose loopback is down")
  func noLoopback() throws {
    let namespace = try NetworkNamespace(in: program.folder, [])
    let run = try start(namespace, "run", try program.writeSweep(seeds: "0..1"), "--workers", "1")
    #expect(try run.waitForEnd() == 0, "\(run.errors)")
    #expect(run.output.contains("784-16-8-3"))
    // A coordinator for others needs it, and says so.
    let coordinator = try start(
      namespace, "coordinator", try program.writeSweep(), "--store", "c.sqlite")
    #expect(try coordinator.waitForEnd() != 0)
    #expect(coordinator.errors.contains("loopback is down"), "\(coordinator.errors)")
    #expect(!program.folder.names().contains("c.sqlite"))
  }
}
