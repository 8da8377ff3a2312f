import Foundation
import Study
import Sweep
import Tables
import TestSupport
import Testing
import VAE

@Suite("The export of comparisons")
struct ComparisonExportTests {
  private struct Line: Decodable, Hashable {
    let a: String
    let b: String
    let comparison: String
  }

  /// Three runs of each of two nets, with and without sampling.
  private func lines(_ format: ExportFormat) throws -> String {
    let grid = try RunFixture.grid(
      ["784-256-2", "784-32-2"], seeds: 3, axes: [.sampling: [.bool(true), .bool(false)]])
    var runs = RunCollection(planned: Grid.plannedOnce([grid]))
    for (index, point) in grid.points {
      runs.add(RunFixture.outcome(point, total: 100 + Double(index * 7 % 11)))
    }
    let family = ComparisonFamily(runs.all, resampling: Resampling(replicates: 99, seed: 1))
    return ComparisonExport(family, format).text
  }

  @Test("gives each pair a name of its own: both sides are told apart from every configuration")
  func names() throws {
    let lines = try lines(.jsonl).split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
    #expect(Set(lines).count == lines.count)
    let pairs = Set(lines.map { [$0.a, $0.b] })
    #expect(
      pairs == [
        ["784-256-2,sampling=true", "784-256-2,sampling=false"],
        ["784-256-2,sampling=true", "784-32-2,sampling=true"],
        ["784-256-2,sampling=false", "784-32-2,sampling=false"],
        ["784-32-2,sampling=true", "784-32-2,sampling=false"],
      ])
  }

  @Test("calls a side in the sentence as in its column")
  func sentences() throws {
    let text = try lines(.csv)
    #expect(text.contains("The mean test_total_last5 of 784-256-2,sampling=true is "))
    #expect(!text.contains(" of 784-256-2 is "))
  }
}
