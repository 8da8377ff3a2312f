import StoredStudy
import Study
import Sweep
import TestSupport
import Testing
import VAE

@Suite("The configuration that a name means")
struct ChoiceTests {
  /// Of 784-256-2, a configuration for each number of epochs, with as many runs as are given.
  private func configurations(_ runs: [(epochs: Int, count: Int)]) throws -> [ConfigurationRuns] {
    try runs.map { epochs, count in
      let configuration = try Configuration(
        architecture: Architecture(parsing: "784-256-2"), [.epochs: .int(epochs)])
      return ConfigurationRuns(
        configuration: configuration, counts: PointCounts(planned: 20, ok: count),
        runs: (0..<count).map { seed in
          Run(
            RunFixture.outcome(
              Point(configuration: configuration, seeds: Seeds(UInt32(seed))), total: 100))
        })
    }
  }

  private func choose(
    _ text: String, _ runs: [(epochs: Int, count: Int)]
  ) throws -> Int {
    try StoredStudy.choose(text, from: configurations(runs)).configuration.epochs
  }

  @Test("is the one at the defaults where it has runs, and the one with no rival whatever it has")
  func chosen() throws {
    #expect(try choose("784-256-2", [(3, 20), (50, 4)]) == 50)
    #expect(try choose("784-256-2,epochs=3", [(3, 20), (50, 0)]) == 3)
    #expect(try choose("784-256-2", [(50, 0)]) == 50)
    #expect(try choose("784-256-2", [(3, 0), (50, 0)]) == 50)
  }

  @Test("is not guessed where the one at the defaults has no run, as after the file was edited")
  func withoutRuns() throws {
    let refused = #expect(throws: InvalidValue.self) {
      try choose("784-256-2", [(3, 20), (7, 1), (50, 0)])
    }
    #expect(
      refused?.description
        == "configuration: 784-256-2 is not accepted: it must be one with runs, and "
        + "784-256-2,epochs=50 has none; give one of this name that has: 784-256-2,epochs=3 "
        + "(20 runs); 784-256-2,epochs=7 (1 run)")
  }
}
