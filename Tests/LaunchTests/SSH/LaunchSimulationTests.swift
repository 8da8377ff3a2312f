import Testing

/// Random histories under a fake clock: whatever hosts do, connections and copies are bounded, a host has
/// one connection and one worker at most, nobody falls silent, and at the end nothing is left running.
@Suite("Simulated launches")
struct LaunchSimulationTests {
  @Test("keep to what must hold in every history")
  func histories() {
    for seed in 0..<500 {
      var history = LaunchHistory(seed: UInt64(seed))
      history.run()
    }
  }
}
