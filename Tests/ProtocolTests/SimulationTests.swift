import Testing

@Suite("A simulated sweep")
struct SimulationTests {
  private static let histories: UInt64 = 400

  @Test(
    "ends with every point settled once, whatever happens on the way",
    arguments: [
      ("calm", World.Trouble(seconds: 1)),
      ("a bad network", World.Trouble(loss: 0.2, doubling: 0.2, delay: 1...3000)),
      ("coordinator kills", World.Trouble(coordinatorKills: 5)),
      ("worker kills", World.Trouble(workerKills: 8)),
      ("trainer deaths", World.Trouble(trainerDeaths: 0.2)),
      ("pauses", World.Trouble(pauses: 6)),
      (
        "everything",
        World.Trouble(
          loss: 0.1, doubling: 0.1, delay: 1...1000, coordinatorKills: 3, workerKills: 4,
          trainerDeaths: 0.1, pauses: 3)
      ),
    ] as [(String, World.Trouble)])
  func settles(name: String, trouble: World.Trouble) throws {
    for seed in 0..<Self.histories {
      var world = try World(seed: seed, points: 12, workers: 3, trouble: trouble)
      #expect(throws: Never.self, "seed \(seed) of '\(name)' replays it") { try world.run() }
    }
  }

  @Test("trains each point exactly once when nothing goes wrong")
  func once() throws {
    for seed in 0..<100 {
      var world = try World(
        seed: UInt64(seed), points: 20, workers: 3, trouble: World.Trouble(seconds: 0))
      try world.run()
      #expect(world.trainings.values.allSatisfy { $0 == 1 })
    }
  }

  @Test("repeats no work because of a coordinator's crash")
  func coordinatorCrash() throws {
    for seed in 0..<200 {
      let trouble = World.Trouble(coordinatorKills: 4, seconds: 30)
      var world = try World(seed: UInt64(seed), points: 20, workers: 3, trouble: trouble)
      try world.run()
      #expect(world.trainings.values.allSatisfy { $0 == 1 }, "seed \(seed) replays it")
    }
  }
}
