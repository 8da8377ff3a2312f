import Foundation
import Sweep
import TestSupport
import Testing
import VAE

/// What earlier programs printed of stores that earlier programs wrote: see
/// `Tests/ResultStoreTests/Goldens/make`.
@Suite("Of a golden store")
struct GoldenStoreTests {
  private static let goldens = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "ResultStoreTests/Goldens")

  private func store(_ version: String, in program: Program) throws -> String {
    let path = program.folder["\(version).sqlite"]
    try FileManager.default.copyItem(
      atPath: Self.goldens.appending(path: "\(version).sqlite").path, toPath: path)
    return path
  }

  private func golden(_ version: String, _ name: String) throws -> String {
    try String(contentsOf: Self.goldens.appending(path: "\(version)/\(name)"), encoding: .utf8)
  }

  @Test("summary prints every number that it printed then", arguments: ["v2", "v3", "v4"])
  func summary(version: String) throws {
    let program = try Program()
    let run = try program.run("summary", try store(version, in: program), "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    let now = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]])
    let then = try #require(
      try JSONSerialization.jsonObject(
        with: Data(try golden(version, "summary.json").utf8)) as? [[String: Any]])
    #expect(now.count == then.count)
    for (now, then) in zip(now, then) {
      // Later programs may say more.
      for (name, value) in then {
        #expect(try canonical(now[name] ?? "missing") == canonical(value), "\(name)")
      }
    }
  }

  /// What is printed of the train keys that were added since, each at its default.
  private static func later(_ text: (String, ParameterValue) -> String) -> String {
    TrainKey.allCases.filter { !$0.entersKeyAtDefault }.map { text($0.rawValue, $0.defaultValue) }
      .joined()
  }

  private func canonical(_ value: Any) throws -> String {
    let data = try JSONSerialization.data(withJSONObject: [value], options: [.sortedKeys])
    return String(decoding: data, as: UTF8.self)
  }

  @Test("export prints every outcome as it did then", arguments: ["v2", "v3", "v4"])
  func export(version: String) throws {
    let program = try Program()
    let run = try program.run(
      "export", try store(version, in: program), "--format", "jsonl", "--history")
    #expect(run.status == 0, "\(run.errors)")
    let now = run.output.replacing(Self.later { "\"\($0)\":\(JSONValue($1).compact)," }, with: "")
    #expect(now == (try golden(version, "export.jsonl")))
  }

  @Test(
    "the tables of export have the columns and rows that they had then",
    arguments: [
      ("export.csv", ["--format", "csv"]), ("epochs.csv", ["--table", "epochs"]),
      ("latents.csv", ["--table", "latents"]),
    ])
  func tables(name: String, options: [String]) throws {
    let program = try Program()
    let run = try RunningProgram(
      Program.path, ["export", try store("v3", in: program)] + options, in: program.folder,
      environment: program.environment)
    #expect(try run.waitForEnd() == 0, "\(run.errors)")
    let names = Self.later { name, _ in "\(name)," }
    let values = Self.later { _, value in
      (value == .null ? "" : JSONValue(value).compact.replacing("\"", with: "")) + ","
    }
    let now = run.output.replacing(names, with: "").replacing(values, with: "")
    #expect(now == (try golden("v3", name)))
  }
}
