import Foundation
import TestSupport
import Testing

@Suite("Datasets")
struct DatasetCommandTests {
  private let program: Program

  init() throws { program = try Program() }

  private func writeSweep(dataset: String) throws -> String {
    let text = """
      name: own
      dataset: \(dataset)
      pictures: all
      grid: {architecture: 784-8-2, seed: 0}
      train: {epochs: 1, batch_size: 20}
      """
    return try program.folder.write(Array(text.utf8), to: "own.yaml")
  }

  @Test("A sweep trains on EMNIST's letters, pictures and all")
  func letters() throws {
    try program.writeImages(
      "gzip", classes: 1...26, prefix: "emnist-letters-", testName: "test")
    let info = try program.run("data", "info", "./gzip", "--format", "json")
    #expect(info.status == 0, "\(info.errors)")
    let facts = try #require(
      try JSONSerialization.jsonObject(with: Data(info.output.utf8)) as? [[String: Any]])
    #expect(facts.first?["classes"] as? Int == 26)
    #expect(facts.first?["rows"] as? Int == 28)
    let run = try program.run(
      "run", try writeSweep(dataset: "./gzip/emnist-letters"), "--workers", "1", "--report",
      "report")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("784-8-2"))
    #expect(program.folder.names(in: "report").contains("index.html"))
  }

  @Test("A dataset in the home folder is found behind ~, which follows $HOME")
  func home() throws {
    var host = program
    host.environment["HOME"] = program.folder["home"]
    try program.writeImages("home/data")
    let sweep = try writeSweep(dataset: "~/data")
    let plan = try host.run("plan", sweep)
    #expect(plan.status == 0, "\(plan.errors)")
    let data = try host.run("data", "info", "mnist", "--data=~/data")
    #expect(data.output.contains(program.folder["home/data"]), "\(data.errors)")
  }
}
