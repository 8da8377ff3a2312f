import Dashboard
import Study
import Sweep
import TestSupport
import Testing
import VAE
import Wire

@Suite("The summary as it fills in")
struct RunningSummaryTests {
  private func grid() throws -> Grid {
    try RunFixture.grid(
      ["784-16-2", "784-16-8-3"], seeds: 5, axes: [.sampling: [.bool(true), .bool(false)]])
  }

  private func outcomes(_ grid: Grid) -> [Outcome] {
    grid.points.enumerated().filter { $0.offset % 5 != 4 }.map { place, indexed in
      RunFixture.outcome(
        indexed.point, total: place % 7 == 5 ? nil : 150 + Double(place * place % 11) / 3,
        collapsed: place % 3)
    }
  }

  @Test("Its numbers are those of the summary that reads everything")
  func equal() throws {
    let grid = try grid()
    let outcomes = outcomes(grid)
    var running = RunningSummary([grid])
    for outcome in outcomes { #expect(running.add(outcome) == true) }
    let whole = summarise(outcomes, planned: Grid.plannedOnce([grid]))
    #expect(running.rows.count == 4 && whole.count == 4)
    for (row, summary) in zip(running.rows, whole) {
      #expect(row.planned == summary.counts.planned)
      #expect(row.ok == summary.counts.ok && row.diverged == summary.counts.diverged)
      let sample = try #require(summary.metrics[.testTotalLast5])
      #expect(abs((row.mean ?? 0) - (sample.mean ?? 1)) < 1e-9)
      #expect(abs((row.sd ?? 0) - (sample.sd ?? 1)) < 1e-9)
      #expect(row.collapsed == summary.collapsed?.mean)
    }
    #expect(
      running.rows.map(\.configuration) == [
        "784-16-2,sampling=true", "784-16-2,sampling=false", "784-16-8-3,sampling=true",
        "784-16-8-3,sampling=false",
      ])
  }

  @Test("An outcome that comes twice counts once, and what no grid asks for not at all")
  func twice() throws {
    let grid = try RunFixture.grid(["784-16-2"], seeds: 2)
    let other = try RunFixture.grid(["784-16-2"], seeds: 4)
    let outcomes = outcomes(other)
    var running = RunningSummary([grid])
    #expect(running.add(outcomes[0]) == true)
    #expect(running.add(outcomes[0]) == false)
    #expect(running.add(outcomes[2]) == false)
    #expect(running.rows[0].ok == 1 && running.missing == 1)
    // A point of two sweeps is one point.
    var both = RunningSummary([grid, other])
    #expect(both.add(outcomes[0]) == true)
    #expect(both.add(outcomes[0]) == false)
    #expect(both.rows.reduce(0) { $0 + $1.planned } == 4)
    #expect(both.missing == 3)
  }

  @Test("What is missing takes as long as its configurations do, or nobody knows how long")
  func time() throws {
    let grid = try grid()
    var running = RunningSummary([grid])
    for outcome in outcomes(grid) { _ = running.add(outcome) }
    let missing = running.missing
    #expect(missing == 4)
    #expect(running.secondsLeft { _ in 2...3 } == 8...12)
    #expect(running.secondsLeft { $0.sampling ? 1...1 : nil } == nil)
  }
}
