import Foundation
import TestSupport
import Testing

@Suite("bench dispatch", .serialized)
struct BenchDispatchTests {
  private struct Figures: Decodable {
    let pointsPerSecond: [String: Double]
    let startSeconds: Double
    let recoverySeconds: Double
    let peakRSSMegabytes: Double
    let registeredSeconds: Double
    let missedLeases: Int

    private enum CodingKeys: String, CodingKey {
      case pointsPerSecond = "points_per_second"
      case startSeconds = "start_seconds"
      case recoverySeconds = "recovery_seconds"
      case peakRSSMegabytes = "peak_rss_mb"
      case registeredSeconds = "registered_seconds"
      case missedLeases = "missed_leases"
    }
  }

  /// Small enough for any machine; nothing here depends on its speed.
  private static let small = [
    "bench", "dispatch", "--seconds", "0.2", "--points", "200000", "--outcomes", "300",
    "--workers", "20", "--folder", ".",
  ]

  private func run(_ program: Program, _ arguments: [String]) throws
    -> (status: Int32, output: String, errors: String)
  {
    let running = try RunningProgram(
      Program.path, arguments, in: program.folder, environment: program.environment)
    return (try running.waitForEnd(), running.output, running.errors)
  }

  @Test("gives every figure, at every number of slots, and leaves nothing behind")
  func figures() throws {
    let program = try Program()
    let result = try run(program, Self.small + ["--format", "json"])
    try #require(result.status == 0, "\(result.errors)")
    let figures = try JSONDecoder().decode(Figures.self, from: Data(result.output.utf8))
    #expect(Set(figures.pointsPerSecond.keys) == ["1", "2", "16", "20"])
    #expect(figures.pointsPerSecond.values.allSatisfy { $0 > 0 })
    for seconds in [figures.startSeconds, figures.recoverySeconds, figures.registeredSeconds] {
      #expect(seconds > 0)
    }
    #expect(figures.peakRSSMegabytes > 1)
    #expect(figures.missedLeases >= 0)
    #expect(!program.folder.names().contains { $0.hasPrefix("vaesweep-bench") })
  }

  @Test("measures one part alone, and says in its table what the goals are")
  func part() throws {
    let program = try Program()
    let result = try run(program, Self.small + ["--only", "recovery"])
    try #require(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("seconds to recover 300 outcomes"))
    #expect(result.output.contains("≤ 2"))
    #expect(!result.output.contains("durable points"))
  }

  @Test(
    "refuses what cannot be measured",
    arguments: [["--seconds", "0"], ["--outcomes", "999999999"], ["--only", "everything"]])
  func refusals(arguments: [String]) throws {
    let program = try Program()
    let result = try run(program, ["bench", "dispatch"] + arguments)
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors.split(separator: "\n").count == 1)
  }
}
