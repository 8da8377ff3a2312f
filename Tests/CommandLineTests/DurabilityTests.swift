import Foundation
import TestSupport
import Testing

@Suite("What was acknowledged is not taken back by a power cut", .serialized)
struct DurabilityTests {
  @Test(
    "since every name is on the disk before anybody hears of what it stands for",
    Requirement.program("strace"))
  func order() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..2", epochs: 40)
    let (trace, status, errors) = try SystemCallTrace.of(
      program, ["run", sweep, "--store", "s.sqlite", "--workers", "2", "--checkpoint-every", "1s"])
    #expect(status == 0, "\(errors)")
    let all = trace.calls.values.joined()
    let commits = all.count { $0.name == "unlink" && $0.texts.first?.hasSuffix("-journal") == true }
    #expect(commits >= 4, "the trace holds no commits")
    #expect(all.contains { $0.name == "rename" && $0.texts.last?.hasSuffix("/outbox") == true })
    let undurable = trace.undurableNames
    #expect(undurable.isEmpty, "\(undurable)")
  }

  @Test("nor are keys and lists of keys", Requirement.program("strace"))
  func keys() throws {
    let program = try Program()
    for arguments in [
      ["keys", "make", "--role", "worker"],
      ["keys", "approve", String(repeating: "ab", count: 32), "--role", "worker", "--name", "x"],
    ] {
      let (trace, status, errors) = try SystemCallTrace.of(program, arguments)
      #expect(status == 0, "\(errors)")
      let names = trace.calls.values.joined().count { ["rename", "link"].contains($0.name) }
      #expect(names > 0)
      let undurable = trace.undurableNames
      #expect(undurable.isEmpty, "\(undurable)")
    }
  }

  @Test(
    "on a disk of ext4 whose power is cut at any moment", Requirement.root,
    Requirement.program("losetup"), Requirement.program("mkfs.ext4"))
  func powerCutExt4() throws { try powerCut("ext4") }

  @Test(
    "on a disk of XFS whose power is cut at any moment", Requirement.root,
    Requirement.program("losetup"), Requirement.program("mkfs.xfs"))
  func powerCutXFS() throws { try powerCut("xfs") }

  private func powerCut(_ filesystem: String) throws {
    let disk = try LoopDisk(filesystem)
    defer { disk.remove() }
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..11", epochs: 60)
    let endpoint = "tcp://127.0.0.1:\(try FreePort.find())"
    let coordinator = try program.start(
      "coordinator", sweep, "--store", "\(disk.mount)/s.sqlite", "--bind", endpoint)
    try coordinator.waitForError(containing: "waiting for workers")
    let worker = try program.start("worker", "--connect", endpoint, "--slots", "2")
    var cuts: [(acknowledged: Int, image: String)] = []
    while !coordinator.hasEnded, cuts.count < 8 {
      guard let known = try acknowledged(program, endpoint) else { break }
      guard known > cuts.last?.acknowledged ?? 0 else { continue }
      // What it has said by now, it must keep.
      coordinator.send(SIGSTOP)
      cuts.append((known, try disk.cut()))
      coordinator.send(SIGCONT)
    }
    #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
    cuts.append((24, try disk.cut()))
    #expect(try worker.waitForEnd() == 0, "\(worker.errors)")
    #expect(cuts.count > 2)
    for cut in cuts {
      let count = try disk.reading(cut.image) { mount in
        try program.results("\(mount)/s.sqlite").count
      }
      #expect(count >= cut.acknowledged, "acknowledged \(cut.acknowledged), on the disk \(count)")
    }
  }

  /// Outcomes that a running coordinator has committed; nil where it has ended.
  private func acknowledged(_ program: Program, _ endpoint: String) throws -> Int? {
    let status = try program.run("status", "--connect", endpoint, "--format", "json")
    guard status.status == 0 else { return nil }
    let rows = try JSONSerialization.jsonObject(with: Data(status.output.utf8)) as? [[String: Any]]
    return try #require(rows?.first?["ok"] as? Int, "\(status.output)")
  }
}
