import Foundation
import TestSupport
import Testing

@Suite("Datasets")
struct DatasetCommandTests {
  private let program: Program

  init() throws { program = try Program() }

  /// Four IDX files of 40 and 20 images.
  private func writeImages(
    _ folder: String, rows: Int = 28, columns: Int = 28, classes: ClosedRange<Int> = 0...9,
    prefix: String = "", test: String = "t10k"
  ) throws {
    func word(_ value: Int) -> [UInt8] {
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
    for (split, count) in [("train", 40), (test, 20)] {
      let pixels = (0..<count * rows * columns).map { UInt8($0 % 251) }
      let labels = (0..<count).map { UInt8(classes.lowerBound + $0 % classes.count) }
      let name = "\(folder)/\(prefix)\(split)"
      try program.folder.write(
        word(0x803) + word(count) + word(rows) + word(columns) + pixels,
        to: "\(name)-images-idx3-ubyte")
      try program.folder.write(
        word(0x801) + word(count) + labels, to: "\(name)-labels-idx1-ubyte")
    }
  }

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
    try writeImages(
      "gzip", classes: 1...26, prefix: "emnist-letters-", test: "test")
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
    try writeImages("home/data")
    let sweep = try writeSweep(dataset: "~/data")
    let plan = try host.run("plan", sweep)
    #expect(plan.status == 0, "\(plan.errors)")
    let data = try host.run("data", "info", "mnist", "--data=~/data")
    #expect(data.output.contains(program.folder["home/data"]), "\(data.errors)")
  }

  @Test("Images of another size are shown, and refused for training in one line")
  func sizes() throws {
    try writeImages("wide", rows: 32, columns: 20)
    #expect(try program.run("data", "info", "./wide").status == 0)
    let train = ["train", "--architecture", "784-8-2", "--seed", "0", "--dataset", "./wide"]
    for arguments in [["run", try writeSweep(dataset: "./wide")], train] {
      let run = try RunningProgram(
        Program.path, arguments, in: program.folder, environment: program.environment)
      #expect(try run.waitForEnd() == 2, "\(run.errors)")
      #expect(run.errors.contains("32 × 20"), "\(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    }
  }
}
