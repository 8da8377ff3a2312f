import Foundation
import Sweep
import TestSupport
import Testing

/// Audits whose points the workers of a coordinator train, in real processes.
@Suite("An audit through a coordinator", .serialized)
struct ConnectedAuditTests {
  /// A sweep that is complete, and a coordinator on its store that stays for audits.
  private struct Setting {
    let program: Program
    let sweep: String
    let endpoint: String

    init() throws {
      program = try Program()
      sweep = try program.writeSweep(seeds: "0", epochs: 1)
      endpoint = "tcp://127.0.0.1:\(try FreePort.find())"
      let run = try program.run("run", sweep)
      guard run.status == 0 else { throw CommandFailure(run.errors) }
    }

    func coordinator(_ more: String...) throws -> RunningProgram {
      let coordinator = try RunningProgram(
        Program.path,
        [
          "coordinator", sweep, "--store", "small.sqlite", "--bind", endpoint, "--linger", "10m",
        ] + more, in: program.folder, environment: program.environment)
      try coordinator.waitForError(containing: "waiting for workers at")
      return coordinator
    }

    func worker(state: String = "here") throws -> RunningProgram {
      try RunningProgram(
        Program.path, ["worker", "--connect", endpoint, "--slots", "1"], in: program.folder,
        environment: program.environment.merging(["XDG_STATE_HOME": program.folder[state]]) { $1 })
    }

    /// A worker on a host of this name.
    func worker(on host: String) throws -> RunningProgram {
      let script = "hostname \(host) && exec \(Program.path) worker --connect \(endpoint) --slots 1"
      return try RunningProgram(
        "/usr/bin/unshare", ["--uts", "sh", "-c", script], in: program.folder,
        environment: program.environment.merging(["XDG_STATE_HOME": program.folder[host]]) { $1 })
    }

    /// The store as if this host had made it.
    func forge(_ store: String, host: String, cpu: String? = nil, shift: Double? = nil) throws {
      try ForgedStore.make(program.folder[store], from: program.folder["small.sqlite"]) {
        outcome, receipt in
        receipt.host = host
        if let cpu { receipt.cpu = cpu }
        return shift.map { ForgedStore.shifted(outcome, by: $0) } ?? outcome
      }
    }

    func audit(_ store: String, _ more: String...) throws -> (
      status: Int32, report: [String: Any], errors: String
    ) {
      let run = try program.run(
        ["audit", store, "--sample", "100%", "--connect", endpoint, "--format", "json"] + more)
      let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
      return (run.status, report ?? [:], run.errors)
    }
  }

  private func hosts(_ report: [String: Any]) -> [String] {
    (report["audited"] as? [[String: Any]] ?? []).compactMap {
      ($0["receipt_again"] as? [String: Any])?["host"] as? String
    }
  }

  private func verdicts(_ report: [String: Any]) -> [String] {
    (report["audited"] as? [[String: Any]] ?? []).compactMap { $0["verdict"] as? String }
  }

  @Test(
    "goes to another host where there is one, else to whichever, and certifies where",
    Requirement.root, Requirement.program("unshare"), Requirement.program("hostname"))
  func hosts() throws {
    let setting = try Setting()
    try setting.forge("alphas.sqlite", host: "alpha", cpu: "another CPU")
    let before = try setting.program.results("small.sqlite")
    let coordinator = try setting.coordinator()
    let alpha = try setting.worker(on: "alpha")
    let beta = try setting.worker(on: "beta")
    for host in ["alpha", "beta"] {
      try coordinator.waitForError(containing: "worker \(host) (process")
    }
    let other = try setting.audit("alphas.sqlite", "--certificate", "page.md")
    #expect(other.status == 0, "\(other.errors)")
    #expect(verdicts(other.report) == ["equal", "equal"])
    #expect(hosts(other.report) == ["beta", "beta"])
    #expect(other.report["audited_on"] as? String == "beta")
    #expect(other.report["on_other_host"] as? Int == 2)
    #expect(other.report["on_other_cpu"] as? Int == 2)
    #expect(other.report["audited_through"] as? String == setting.endpoint)
    let page = try String(
      contentsOfFile: setting.program.folder["page.md"], encoding: .utf8)
    #expect(page.contains("2 points of 2 trained again on beta ("), "\(page)")
    #expect(page.contains("2 on another host than the first time, 2 on another kind of CPU"))
    #expect(page.contains("## Where"))
    #expect(page.contains(/\| alpha +\| another CPU +\| beta +\|/), "\(page)")
    beta.send(SIGTERM)
    #expect(try beta.waitForEnd() == 0)
    let same = try setting.audit("alphas.sqlite")
    #expect(same.status == 0, "\(same.errors)")
    #expect(hosts(same.report) == ["alpha", "alpha"])
    #expect(same.report["on_other_host"] as? Int == 0)
    // Nothing of it has changed the coordinator's store.
    coordinator.send(SIGTERM)
    #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
    try alpha.waitForEnd()
    #expect(try setting.program.results("small.sqlite") == before)
    let root = try setting.program.run("audit", "small.sqlite", "--sample", "0", "--format", "json")
    #expect(root.output.contains(other.report["root_hash"] as? String ?? "none"))
  }

  @Test("tells a result that is another, and goes on through a killed coordinator")
  func restart() throws {
    let setting = try Setting()
    try setting.forge("wrong.sqlite", host: "elsewhere", shift: 1e-9)
    let coordinator = try setting.coordinator()
    let audit = try setting.program.start(
      "audit", "wrong.sqlite", "--sample", "100%", "--connect", setting.endpoint)
    try audit.waitForError(containing: "2 waiting for a worker")
    coordinator.send(SIGKILL)
    try coordinator.waitForEnd()
    let next = try setting.coordinator()
    try next.waitForError(containing: "an audit has 2 points trained again")
    let worker = try setting.worker()
    #expect(try audit.waitForEnd() == 1)
    #expect(audit.errors.contains("of 2 points trained again 2 differ"), "\(audit.errors)")
    try next.waitForError(containing: "the audit is over")
    #expect(!worker.hasEnded && !next.hasEnded)
    // The coordinator's own store has the same results as its workers.
    let status = try setting.program.run("status", "--store", "small.sqlite", "--format", "csv")
    let columns = status.output.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let place = try #require(columns.first?.firstIndex(of: "faults"))
    #expect(columns.last?[place] == "0", "\(status.output)")
  }

  @Test("that is interrupted is forgotten, and certifies nothing")
  func interrupted() throws {
    let setting = try Setting()
    let coordinator = try setting.coordinator()
    let audit = try setting.program.start(
      "audit", "small.sqlite", "--sample", "100%", "--connect", setting.endpoint,
      "--certificate", "page.md")
    try audit.waitForError(containing: "2 waiting for a worker")
    audit.send(SIGINT)
    #expect(try audit.waitForEnd() == 130)
    #expect(audit.errors.contains("interrupted: nothing is certified"), "\(audit.errors)")
    #expect(audit.output.isEmpty)
    #expect(!setting.program.folder.names().contains("page.md"))
    try coordinator.waitForError(containing: "the audit is over")
  }

  @Test("refuses a coordinator of another dataset, one that is none, and what makes no sense")
  func refusals() throws {
    let setting = try Setting()
    let program = setting.program
    let nobody = try setting.audit("small.sqlite", "--sample", "0")
    #expect(nobody.status == 0, "\(nobody.errors)")
    let text = """
      name: other
      dataset: digits:400:100
      grid: {architecture: 784-4-2, seed: 0}
      train: {epochs: 1}
      """
    let other = try program.folder.write(Array(text.utf8), to: "other.yaml")
    let coordinator = try program.start(
      "coordinator", other, "--store", "other.sqlite", "--bind", setting.endpoint)
    try coordinator.waitForError(containing: "waiting for workers at")
    for (arguments, status, words) in [
      (["--connect", setting.endpoint], Int32(2), "the outcomes of small.sqlite are of another"),
      (["--connect", "nowhere"], 2, "--connect"),
      (["--connect", setting.endpoint, "--slots", "1"], 2, "leave it out with --connect"),
      (["--connect", "tcp://192.0.2.1:5757"], 2, "beyond loopback a coordinator has a key"),
      (
        ["--connect", setting.endpoint, "--server-key", String(repeating: "0a", count: 32)], 2,
        "you have no operator's key in"
      ),
    ] {
      let run = try program.run(["audit", "small.sqlite", "--sample", "1"] + arguments)
      #expect(run.status == status, "\(arguments): \(run.errors)")
      #expect(run.errors.contains(words), "\(arguments): \(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
      #expect(run.output.isEmpty)
    }
    coordinator.send(SIGTERM)
    try coordinator.waitForEnd()
    let silent = try program.run("audit", "small.sqlite", "--connect", setting.endpoint)
    #expect(silent.status == 1)
    #expect(silent.errors.contains("no coordinator answered at"), "\(silent.errors)")
  }
}
