import Foundation
import TestSupport
import Testing

@Suite("A dataset that is changed or removed while a sweep runs", .serialized)
struct DatasetLossTests {
  private func cacheFile(_ program: Program) throws -> String {
    let names = program.folder.names(in: "cache/vaesweep").filter { $0.hasSuffix(".idx4") }
    return program.folder["cache/vaesweep/\(try #require(names.first))"]
  }

  private func undisturbed(_ sweep: String) throws -> [String: String] {
    let program = try Program()
    let copy = try program.folder.write(
      Array(try Data(contentsOf: URL(filePath: sweep))), to: "small.yaml")
    let run = try program.run("run", copy, "--workers", "2", "--store", "s.sqlite")
    #expect(run.status == 0, "\(run.errors)")
    return try program.results("s.sqlite")
  }

  @Test("changed in place, it changes no result, also of trainers that start later")
  func changed() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..5", epochs: 60)
    let run = try program.start("run", sweep, "--workers", "1", "--store", "s.sqlite")
    try run.waitForFirstResult()
    let path = try cacheFile(program)
    let file = try #require(FileHandle(forUpdatingAtPath: path))
    // Pixels, behind the header.
    try file.seek(toOffset: 100_000)
    try file.write(contentsOf: Data(repeating: 200, count: 500_000))
    try file.close()
    let worker = try #require(try program.children(of: run).first)
    for trainer in try program.children(of: worker) { kill(trainer, SIGKILL) }
    #expect(try run.waitForEnd() == 0, "\(run.errors)")
    #expect(try program.results("s.sqlite") == undisturbed(sweep))
  }

  @Test("removed, with the trainers killed, it fails no point")
  func removed() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..5", epochs: 60)
    let run = try program.start("run", sweep, "--workers", "1", "--store", "s.sqlite")
    try run.waitForFirstResult()
    try FileManager.default.removeItem(atPath: program.folder["cache"])
    let worker = try #require(try program.children(of: run).first)
    for trainer in try program.children(of: worker) { kill(trainer, SIGKILL) }
    #expect(try run.waitForEnd() == 0, "\(run.errors)")
    #expect(try program.results("s.sqlite") == undisturbed(sweep))
  }

  @Test("changed before a run of one point, it is made anew, and the result is the same")
  func train() throws {
    let program = try Program()
    let arguments = [
      "train", "--architecture", "784-4-2", "--seed", "1", "--dataset", "digits:500:100",
      "--epochs", "1", "--format", "json",
    ]
    func digest() throws -> String {
      let run = try RunningProgram(
        Program.path, arguments, in: program.folder, environment: program.environment)
      #expect(try run.waitForEnd() == 0, "\(run.errors)")
      let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
      return try #require(object?["result_digest"] as? String)
    }
    let first = try digest()
    let file = try #require(FileHandle(forUpdatingAtPath: try cacheFile(program)))
    try file.seek(toOffset: 5000)
    try file.write(contentsOf: Data(repeating: 200, count: 5000))
    try file.close()
    #expect(try digest() == first)
  }
}
