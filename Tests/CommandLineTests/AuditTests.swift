import Foundation
import ResultStore
import Sweep
import TestSupport
import Testing
import VAE

@Suite("An audit")
struct AuditTests {
  private func audit(_ program: Program, _ arguments: String...) throws
    -> (status: Int32, report: [String: Any], errors: String)
  {
    let run = try program.run(["audit"] + arguments + ["--format", "json"])
    let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    return (run.status, report ?? [:], run.errors)
  }

  private func verdicts(_ report: [String: Any]) -> [String] {
    (report["audited"] as? [[String: Any]] ?? []).compactMap { $0["verdict"] as? String }
  }

  @Test("finds what was trained here equal bit for bit, and the same root hash in whatever order")
  func equal() throws {
    let program = try Program()
    let whole = try program.writeSweep(seeds: "0..2", epochs: 1)
    #expect(try program.run("run", whole).status == 0)
    // The same points in another order, by another number of trainers, in two starts.
    for seeds in ["2", "0..2"] {
      let part = try program.writeSweep("part", seeds: seeds, epochs: 1)
      #expect(try program.run("run", part, "--store", "parts.sqlite", "--workers", "1").status == 0)
    }
    let first = try audit(
      program, "small.sqlite", "--sample", "50%", "--certificate", "certificate.md")
    #expect(first.status == 0, "\(first.errors)")
    #expect(verdicts(first.report) == ["equal", "equal", "equal"])
    let second = try audit(program, "parts.sqlite", "--sample", "1")
    #expect(second.status == 0, "\(second.errors)")
    #expect(verdicts(second.report) == ["equal"])
    let lines = try program.results("small.sqlite").sorted { $0.key < $1.key }
      .map { "\($0.key) \($0.value)\n" }
    let root = Digest(of: lines.joined()).hex
    #expect(first.report["root_hash"] as? String == root)
    #expect(second.report["root_hash"] as? String == root)
    let page = try String(contentsOfFile: program.folder["certificate.md"], encoding: .utf8)
    for fact in [
      "3 points of 6 trained again", "3 equal bit for bit", root, "digits:2000:500", "haswell",
      "# Audit of small.sqlite", "vaesweep audit small.sqlite --sample 0",
    ] {
      #expect(page.contains(fact), "\(fact): \(page)")
    }
    #expect(!page.contains("## Not equal"))
  }

  @Test("and its train again write over no store, device or folder, and leave a link what it is")
  func targets() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0", epochs: 1)
    #expect(try program.run("run", sweep).status == 0)
    let key = try #require(try program.results("small.sqlite").keys.min())
    let path = program.folder["small.sqlite"]
    let before = try Data(contentsOf: URL(filePath: path))
    try #require(mkfifo(program.folder["pipe"], 0o600) == 0)
    try FileManager.default.createDirectory(
      atPath: program.folder["folder"], withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: program.folder["link"], withDestinationPath: "small.sqlite")
    for (target, words) in [
      ("small.sqlite", "not overwritten"), ("./small.sqlite", "not overwritten"),
      ("link", "not overwritten"), ("small.yaml", "not overwritten"),
      ("pipe", "a device or a pipe"), ("folder", "it is a folder"),
      ("no/file", "does not exist"), ("/proc/file", "/proc"), ("", "name a file"),
    ] {
      for command in [
        ["audit", "small.sqlite", "--sample", "1", "--certificate", target],
        ["train", "--key", key, "--store", "small.sqlite", "--weights", target],
      ] {
        let run = try program.run(command)
        #expect(run.status == 2, "\(command): \(run.errors)")
        #expect(run.errors.contains(words), "\(command): \(run.errors)")
        #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        #expect(run.output.isEmpty)
      }
    }
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
    #expect(try String(contentsOfFile: sweep, encoding: .utf8).hasPrefix("name: small"))
    let weights = ["train", "--key", key, "--store", "small.sqlite", "--weights", "w.safetensors"]
    // Its own earlier output is replaced, the other's is not.
    for _ in 0..<2 {
      let again = try program.run(weights)
      #expect(again.status == 0, "\(again.errors)")
    }
    #expect(
      try program.run("audit", "small.sqlite", "--sample", "0", "--certificate", "w.safetensors")
        .errors.contains("not a certificate"))
    try program.folder.write([], to: "page.md")
    try FileManager.default.createSymbolicLink(
      atPath: program.folder["page"], withDestinationPath: "page.md")
    let linked = try program.run(
      "audit", "small.sqlite", "--sample", "0", "--sweep", "small", "--certificate", "page")
    #expect(linked.status == 0, "\(linked.errors)")
    let page = try String(contentsOfFile: program.folder["page.md"], encoding: .utf8)
    #expect(
      try program.run("audit", "small.sqlite", "--sample", "0", "--certificate", "page.md").status
        == 0)
    #expect(page.contains("vaesweep audit small.sqlite --sweep small --sample 0"), "\(page)")
    #expect(page.contains("vaesweep export small.sqlite --sweep small --format jsonl"), "\(page)")
  }

  @Test("tells a result that is another, and ends with 1")
  func other() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..1", epochs: 1)
    #expect(try program.run("run", sweep).status == 0)
    let victim = try #require(try program.results("small.sqlite").keys.min())
    try ForgedStore.make(
      program.folder["forged.sqlite"], from: program.folder["small.sqlite"]
    ) { outcome, _ in
      outcome.key.description == victim ? ForgedStore.shifted(outcome, by: 1e-9) : outcome
    }
    let forged = try audit(
      program, "forged.sqlite", "--sample", "100%", "--certificate", "certificate.md")
    #expect(forged.status == 1)
    #expect(
      forged.errors.contains(
        "forged.sqlite: of 4 points trained again 1 differ, the first is \(victim.prefix(12))"),
      "\(forged.errors)")
    #expect(verdicts(forged.report) == ["differs", "equal", "equal", "equal"])
    let page = try String(contentsOfFile: program.folder["certificate.md"], encoding: .utf8)
    #expect(page.contains("1 DIFFER"), "\(page)")
    #expect(page.contains("## Not equal"))
    let root = try audit(program, "small.sqlite", "--sample", "0").report["root_hash"] as? String
    #expect(forged.report["root_hash"] as? String != root)
  }

  @Test("tells results of another fingerprint as numbers")
  func numbers() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0", epochs: 1)
    #expect(try program.run("run", sweep).status == 0)
    try ForgedStore.make(
      program.folder["far.sqlite"], from: program.folder["small.sqlite"]
    ) { outcome, receipt in
      receipt.fingerprint = Digest(of: "another machine").hex
      return ForgedStore.shifted(outcome, by: -0.25)
    }
    let far = try audit(program, "far.sqlite", "--sample", "1")
    #expect(far.status == 0, "\(far.errors)")
    #expect(verdicts(far.report) == ["other_arithmetic"])
    let audited = try #require(far.report["audited"] as? [[String: Any]])
    let differences = try #require(audited[0]["differences"] as? [String: Double])
    #expect(abs((differences["test_total"] ?? 0) - 0.25) < 1e-9)
    #expect(differences["test_kl"] == 0)
  }

  @Test("takes runs that diverged, and leaves out and counts points that failed")
  func unusual() throws {
    let program = try Program()
    let sweep = try program.writeSweep(
      seeds: "0", epochs: 1, train: "  optimizer: sgd\n  learning_rate: 1e+30")
    #expect(try program.run("run", sweep).status == 0)
    let point = Point(
      configuration: try Configuration(architecture: Architecture(parsing: "784-16-2"), [:]),
      seeds: Seeds(77))
    _ = try ForgedStore.fail(point, in: program.folder["small.sqlite"], reason: "a fault")
    let audit = try audit(program, "small.sqlite", "--sample", "100%")
    #expect(audit.status == 0, "\(audit.errors)")
    #expect(verdicts(audit.report) == ["equal", "equal"])
    #expect(audit.report["diverged"] as? Int == 2)
    #expect(audit.report["failed"] as? Int == 1)
    #expect(audit.errors.contains("left out: 1 point that failed"), "\(audit.errors)")
    #expect(audit.report["missing"] as? Int == 0)
  }

  @Test("says of a sweep that is not complete that it is not")
  func incomplete() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..1", epochs: 1)
    #expect(try program.run("run", sweep).status == 0)
    let done = try StoreReader(path: program.folder["small.sqlite"]).outcomes(history: .full)
    let failed = try #require(done.first).outcome.point
    // The same sweep, of which one point of four is given up and none done.
    _ = try ForgedStore.fail(
      failed, in: program.folder["begun.sqlite"], like: program.folder["small.sqlite"],
      reason: "a fault")
    let audit = try audit(program, "begun.sqlite", "--sample", "0", "--certificate", "page.md")
    #expect(audit.status == 0, "\(audit.errors)")
    #expect(audit.report["missing"] as? Int == 3)
    #expect(audit.report["failed"] as? Int == 1)
    #expect(audit.errors.contains("not complete: 3 points have not ended;"), "\(audit.errors)")
    let page = try String(contentsOfFile: program.folder["page.md"], encoding: .utf8)
    #expect(page.contains("The store is not complete: 3 points have not ended."))
    // The file that took its place asks for one point of each net, and nothing more is to come.
    let fewer = try program.writeSweep(seeds: "0", epochs: 1)
    #expect(
      try program.run("run", fewer, "--store", "begun.sqlite", "--replace", "--retry-failed").status
        == 0)
    let replaced = try self.audit(program, "begun.sqlite", "--sample", "0")
    #expect(replaced.report["missing"] as? Int == 0, "\(replaced.errors)")
    #expect(!replaced.errors.contains("not complete"), "\(replaced.errors)")
    let part = try program.run("summary", "begun.sqlite", "--where", "seed=0..1")
    #expect(part.output.matches(of: /\s(\d+\/\d+)\s/).map { String($0.1) } == ["1/1", "1/1"])
  }

  @Test("counts as missing nothing that looks decided without, and of two sweeps each point once")
  func planned() throws {
    let program = try Program()
    let looks = "looks: {half_width: 500, at: [4, 16]}\n"
    let decided = try program.writeSweep(seeds: "0..15", epochs: 1, train: looks)
    #expect(try program.run("run", decided, "--workers", "1").status == 0)
    let first = try audit(program, "small.sqlite", "--sample", "0")
    #expect(first.report["missing"] as? Int == 0, "\(first.errors)")
    // Two sweeps that share two points of each net.
    let one = try program.writeSweep("one", seeds: "0..3", epochs: 1)
    let two = try program.writeSweep("two", seeds: "2..5", epochs: 1)
    for sweep in [one, two] {
      #expect(try program.run("run", sweep, "--store", "both.sqlite").status == 0)
    }
    let both = try audit(program, "both.sqlite", "--sample", "0")
    #expect(both.report["ok"] as? Int == 12)
    #expect(both.report["missing"] as? Int == 0)
    for (filter, counts) in [("seed=1..2", "2/2"), ("seed=3..5", "3/3")] {
      let part = try program.run("summary", "both.sqlite", "--where", filter)
      #expect(part.output.matches(of: /\s(\d+\/\d+)\s/).map { String($0.1) } == [counts, counts])
    }
    // Of the part that looks did not decide without.
    let part = try program.run("summary", "small.sqlite", "--where", "seed=2..9")
    #expect(part.output.matches(of: /\s(\d+\/\d+)\s/).map { String($0.1) } == ["2/2", "2/2"])
    #expect(!part.output.contains("look"), "\(part.output)")
  }

  @Test("of no point needs no dataset, and refuses what it cannot read")
  func refusals() throws {
    var program = try Program()
    let sweep = try program.writeSweep(seeds: "0", epochs: 1)
    #expect(try program.run("run", sweep).status == 0)
    program.environment["XDG_CACHE_HOME"] = program.folder["empty"]
    let root = try audit(program, "small.sqlite", "--sample", "0")
    #expect(root.status == 0, "\(root.errors)")
    #expect(!program.folder.names().contains("empty"))
    for (arguments, words) in [
      (["--sample", "200%"], "--sample"), (["--sample", "-1"], "--sample"),
      (["--sample", "some"], "such as 2%, or a whole number from 0 on"),
      (["--sweep", "smal"], "it has: small"),
      (["--certificate", "missing/page.md"], "the folder missing does not exist"),
      (["--dataset", "digits:400:100"], "name theirs with --dataset"),
    ] {
      let wrong = try program.run(["audit", "small.sqlite"] + arguments)
      #expect(wrong.status == 2, "\(arguments): \(wrong.errors)")
      #expect(wrong.errors.contains(words), "\(wrong.errors)")
    }
  }
}
