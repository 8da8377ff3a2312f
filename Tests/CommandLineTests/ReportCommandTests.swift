import Foundation
import TestSupport
import Testing

@Suite("What report writes")
struct ReportCommandTests {
  @Test("makes a page and its pictures of a store, and the same ones again")
  func report() throws {
    let program = try Program()
    #expect(try program.run("run", try program.writeSweep(seeds: "0..2")).status == 0)
    let first = try program.run("report", "small.sqlite", "--out", "out/first")
    #expect(first.status == 0)
    #expect(first.output.isEmpty)
    #expect(first.errors.contains("open out/first/index.html"))
    #expect(try program.run("report", "small.sqlite", "--out", "out/second").status == 0)
    let names = program.folder.names(in: "out/first")
    #expect(names.contains("index.html") && names.contains("errors.svg"))
    #expect(program.folder.names(in: "out/second") == names)
    for name in names {
      #expect(
        FileManager.default.contentsEqual(
          atPath: program.folder["out/first/\(name)"], andPath: program.folder["out/second/\(name)"]
        ),
        "\(name)")
    }
  }

  @Test("tells in one line why there is nothing to report, and writes nothing")
  func nothing() throws {
    let program = try Program()
    let missing = try program.run("report", "none.sqlite", "--out", "out")
    #expect(missing.status == 2)
    #expect(missing.errors.split(separator: "\n").last?.contains("none.sqlite") ?? false)
    #expect(program.folder.names(in: "out").isEmpty)
    let wrong = try program.run("report", "none.sqlite", "--out", "out", "--show", "all")
    #expect(wrong.status == 2)
  }

  @Test("refuses a reference without the runs for it in a line, before anything is written")
  func reference() throws {
    let program = try Program()
    let text = """
      name: refs
      dataset: digits:600:200
      grid:
        architecture: [784-16-2, 784-16-4-2]
        learning_rate: [0.001, 1000000]
        seed: 0..2
      train: {epochs: 2, optimizer: sgd}
      """
    let file = try program.folder.write(Array(text.utf8), to: "refs.yaml")
    #expect(try program.run("run", file).status == 0)
    func report(_ reference: String) throws -> (status: Int32, output: String, errors: String) {
      try program.run("report", "refs.sqlite", "--out", "out", "--reference", reference)
    }
    let refused = try report("784-16-2,learning_rate=1000000")
    #expect(refused.status == 2)
    let line = try #require(refused.errors.split(separator: "\n").last)
    #expect(line.contains("--reference: 784-16-2,learning_rate=1000000 can't be the reference: "))
    #expect(line.contains("its runs: 0/3 ok, 3 diverged; 3 independent ones are needed"))
    #expect(line.contains("784-16-2,learning_rate=0.001; 784-16-4-2,learning_rate=0.001"))
    #expect(program.folder.names(in: "out").isEmpty)
    let taken = try report("784-16-4-2,learning_rate=0.001")
    #expect(taken.status == 0, "\(taken.errors)")
    let page = try String(contentsOfFile: program.folder["out/index.html"], encoding: .utf8)
    #expect(page.contains("Less the final error of <b>784-16-4-2, learning_rate 0.001</b>."))
  }

  @Test("has one line for a store without outcomes")
  func empty() throws {
    let program = try Program()
    // A coordinator that nobody works for.
    let sweep = try program.writeSweep(seeds: "0..0")
    let coordinator = try program.start(
      "coordinator", sweep, "--store", "small.sqlite", "--bind", "tcp://127.0.0.1:*")
    _ = try program.endpoint(of: coordinator)
    coordinator.send(SIGINT)
    #expect(try coordinator.waitForEnd() == 130)
    let report = try program.run("report", "small.sqlite", "--out", "out")
    #expect(report.status == 2)
    #expect(report.errors.contains("small.sqlite has no outcome yet"))
    #expect(program.folder.names(in: "out").isEmpty)
  }
}
