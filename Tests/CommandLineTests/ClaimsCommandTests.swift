import Foundation
import GRDB
import TestSupport
import Testing

@Suite("Claims from file to verdict")
struct ClaimsCommandTests {
  private func claims(_ first: String) -> String {
    """
    claims:
      - {id: a, claim: Codes cost something, test: mean, of: 784-16-2, metric: test_kl, \(first)}
      - id: b
        claim: The nets do not differ by a thousand nats
        test: mean_difference
        a: 784-16-2
        b: 784-16-8-3
        metric: test_total
        expect: {within: 1000}
    """
  }

  private func judged(_ program: Program, _ arguments: String...) throws -> [[String: Any]] {
    let run = try program.run("claims", "small.sqlite", "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    let json = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    return try #require(json?["claims"] as? [[String: Any]])
  }

  @Test("are fixed before the first outcome, judged, and post hoc where they are edited later")
  func edited() throws {
    let program = try Program()
    let sweep = try program.writeSweep(
      seeds: "0..4", epochs: 1, train: claims("expect: {above: 0}"))
    let run = try program.run("run", sweep)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("recorded before the first outcome"))
    let first = try judged(program)
    #expect(first.map { $0["id"] as? String } == ["a", "b"])
    #expect(first.map { $0["verdict"] as? String } == ["borne out", "borne out"])
    #expect(first.map { $0["standing"] as? String } == ["registered", "registered"])
    // The same file again records nothing; an edited one is the same sweep, and post hoc.
    #expect(try program.run("run", sweep).status == 0)
    _ = try program.writeSweep(seeds: "0..4", epochs: 1, train: claims("expect: {above: 0.001}"))
    let again = try program.run("run", sweep)
    #expect(again.status == 0)
    #expect(again.errors.contains("recorded after 10 outcomes"))
    let second = try judged(program)
    #expect(second.map { $0["id"] as? String } == ["a", "b", "a"])
    #expect(
      second.map { $0["standing"] as? String } == ["post hoc", "registered", "withdrawn"])
    let words = second.compactMap { $0["verdict_in_words"] as? String }
    #expect(words[0] == "borne out; post hoc")
    #expect(words[2] == "borne out; as it was fixed beforehand, edited since")
    for format in ["table", "markdown", "csv"] {
      let text = try program.run("claims", "small.sqlite", "--format", format).output
      #expect(text.contains("post hoc"), "\(format)")
    }
    let rows = try DatabaseQueue(path: program.folder["small.sqlite"]).read { db in
      try Int.fetchAll(db, sql: "SELECT outcomes_before FROM claims ORDER BY id")
    }
    #expect(rows == [0, 10])
    let sweeps = try DatabaseQueue(path: program.folder["small.sqlite"]).read { db in
      try Int.fetchOne(db, sql: "SELECT count(*) FROM sweeps")
    }
    #expect(sweeps == 1)
  }

  @Test("of several sweeps in a store are told apart, each family adjusted by itself")
  func severalSweeps() throws {
    let program = try Program()
    let expectations = [("one", "expect: {above: 0}"), ("two", "expect: {below: 5}")]
    for (place, (name, expectation)) in expectations.enumerated() {
      let sweep = try program.writeSweep(
        name, seeds: "\(5 * place)..\(5 * place + 4)", epochs: 1, train: claims(expectation))
      #expect(try program.run("run", sweep, "--store", "small.sqlite").status == 0)
    }
    let run = try program.run("claims", "small.sqlite", "--format", "json")
    let json = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]]
    let judged = try #require(json)
    #expect(judged.map { $0["sweep"] as? String } == ["one", "two"])
    #expect(judged.map { $0["tests"] as? Int } == [2, 2])
    #expect(judged[0]["family"] as? String != judged[1]["family"] as? String)
    for sweep in judged {
      let claims = try #require(sweep["claims"] as? [[String: Any]])
      #expect(claims.map { $0["standing"] as? String } == ["registered", "registered"])
      #expect(
        claims.allSatisfy { ($0["parts"] as? [[String: Any]])?.first?["ok"] as? Int ?? 0 >= 5 })
    }
    let table = try program.run("claims", "small.sqlite").output
    #expect(table.contains("sweep one\n") && table.contains("sweep two\n"), "\(table)")
    let lines = try program.run("claims", "small.sqlite", "--format", "csv").output
      .split(separator: "\n")
    #expect(lines.count == 5)
    #expect(lines.first?.hasPrefix("sweep,id,") == true)
    #expect(try program.run("report", "small.sqlite", "--out", "page").status == 0)
    let page = try String(contentsOfFile: program.folder["page/index.html"], encoding: .utf8)
    #expect(page.contains("Claim a of one: ") && page.contains("Claim a of two: "))
  }

  @Test("count what looks left to be trained, and nothing that came after the look that decided")
  func looks() throws {
    let program = try Program()
    let looks = "looks: {half_width: 500, at: [4, 16]}\n"
    let sweep = try program.writeSweep(
      seeds: "0..15", epochs: 1, train: looks + claims("expect: {above: 0}"))
    let run = try program.run("run", sweep, "--workers", "1")
    #expect(run.status == 0, "\(run.errors)")
    let claims = try judged(program)
    let parts = claims.compactMap { ($0["parts"] as? [[String: Any]])?.first }
    // One side, then two: four seeds each, whatever a worker held ahead.
    #expect(parts.map { $0["planned"] as? Int } == [4, 8])
    #expect(parts.map { $0["ok"] as? Int } == [4, 8])
    #expect(parts.map { $0["missing"] as? Int } == [0, 0])
    #expect(claims.map { $0["interim"] as? Bool } == [false, false])
    let summary = try program.run("summary", "small.sqlite")
    #expect(summary.output.contains("4/4"))
  }

  @Test("are told to be missing where there are none, and a faulty file is bad input")
  func none() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0", epochs: 1)
    #expect(try program.run("run", sweep).status == 0)
    #expect(try program.run("claims", "small.sqlite").output.contains("this store has no claims"))
    let own = try program.run("claims", "small.sqlite", "--sweep", sweep)
    #expect(own.status == 0 && own.errors.isEmpty, "\(own.errors)")
    let other = try program.writeSweep("other", seeds: "0", epochs: 1)
    let elsewhere = try program.run("claims", "small.sqlite", "--sweep", other)
    #expect(elsewhere.status == 0)
    #expect(
      elsewhere.errors.contains("its sweep is named other, and small.sqlite has small"),
      "\(elsewhere.errors)")
    let file = try program.folder.write(Array("name: x\n".utf8), to: "bad.yaml")
    let bad = try program.run("claims", "small.sqlite", "--sweep", file)
    #expect(bad.status == 2)
    #expect(try program.run("claims", "absent.sqlite").status != 0)
  }
}
