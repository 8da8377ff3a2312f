import Sweep
import Tables
import TestSupport
import Testing
import VAE

@Suite("An export")
struct OutcomeExportTests {
  private func outcome(diverged: Bool = false) throws -> Outcome {
    let grid = try RunFixture.grid(
      ["784-256-32-2"], seeds: 1, train: [.optimizer: .string("rmsprop")])
    let point = try #require(grid.point(at: 0))
    return RunFixture.outcome(point, total: diverged ? nil : 150)
  }

  @Test("gives one JSON object per line, with the history where it is asked for")
  func lines() throws {
    let line = OutcomeExport(.jsonl).line(try outcome(), receipt: RunFixture.receipt)
    #expect(
      line == (try outcome()).json(receipt: RunFixture.receipt, history: false).compact + "\n")
    #expect(!line.contains("\"history\""))
    #expect(
      OutcomeExport(.jsonl, history: true).line(try outcome(), receipt: nil).contains(
        "\"history\":[{"))
    #expect(OutcomeExport(.jsonl).header == "")
  }

  @Test("gives every member of the JSON a column in CSV", arguments: [false, true])
  func everyMember(history: Bool) throws {
    let export = OutcomeExport(.csv, history: history)
    let columns = Set(export.header.dropLast().split(separator: ",").map(String.init))
    let json = try outcome().json(receipt: RunFixture.receipt, history: history)
    for name in json.names where name != "receipt" { #expect(columns.contains(name), "\(name)") }
    for name in json["receipt"]?.names ?? [] { #expect(columns.contains("receipt_\(name)")) }
    for key in TrainKey.allCases { #expect(columns.contains(key.rawValue)) }
  }

  @Test("leaves empty in CSV what does not apply or was not measured")
  func row() throws {
    let export = OutcomeExport(.csv)
    let sound = export.line(try outcome(), receipt: RunFixture.receipt)
    #expect(sound.contains(#",784-256-32-2,"[256,32]",2,true,50,128,rmsprop,0.001,,,0.9,,1e-8,"#))
    #expect(sound.contains(#",ok,,152,150,145,5,150,150,145,5,144,,,,,,,,,0,"[{""var_mu"":1,"#))
    #expect(sound.hasSuffix(#",alpha,"a, ""b""",haswell,f,0.1.0,30000,12.5,1700000000"# + "\n"))
    let diverged = export.line(try outcome(diverged: true), receipt: nil)
    #expect(diverged.contains(",diverged,2,,,,,,,,,,,,,,"))
    #expect(diverged.hasSuffix(",,,,,,,,\n"))
  }
}

extension JSONValue {
  fileprivate var names: [String] {
    if case .object(let members) = self { members.map(\.name) } else { [] }
  }
}
