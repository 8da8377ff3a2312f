import Foundation
import Launch
import Testing

/// `VAESWEEP_HISTORIES=100000` runs that many, `VAESWEEP_SEED=S` tells the lines of one.
@Suite("A simulated launch on Slurm")
struct SlurmHistoryTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let histories = environment["VAESWEEP_HISTORIES"].flatMap(UInt64.init) ?? 400

  @Test(
    "completes the sweep with never too many jobs, whatever the scheduler does, and says why it waits"
  )
  func completes() throws {
    if let seed = Self.environment["VAESWEEP_SEED"].flatMap(UInt64.init) {
      var history = SlurmHistory(seed: seed)
      let result = Result { try history.run() }
      print(history.lines.joined(separator: "\n"))
      return try result.get()
    }
    var happened: Set<String> = []
    var restarts = 0
    var endings: Set<SlurmEnding> = []
    for seed in 0..<min(Self.histories, 10_000) {
      var history = SlurmHistory(seed: seed)
      #expect(throws: Never.self, "seed \(seed)") { try history.run() }
      happened.formUnion(history.happened)
      restarts += history.restarts
      if let ending = history.ending { endings.insert(ending) }
    }
    #expect(restarts > 0)
    #expect(happened == ["squeue hung", "sbatch hung", "scancel failed", "paused"])
    #expect(endings.contains(.complete))
  }
}
