import Dispatch
import Foundation
import Synchronization
import Testing

/// `VAESWEEP_HISTORIES=1000000` runs that many (2,000 where nothing is said), `VAESWEEP_SEED=S` tells the
/// history of one seed.
@Suite("A simulated sweep")
struct SimulationTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let histories = environment["VAESWEEP_HISTORIES"].flatMap(UInt64.init) ?? 2_000

  @Test("ends with every point settled once, whatever happens on the way")
  func settles() throws {
    if let seed = Self.environment["VAESWEEP_SEED"].flatMap(UInt64.init) {
      return try Self.tell(seed)
    }
    let start = ContinuousClock.now
    let total = Mutex(Happenings())
    let failure = Mutex<(seed: UInt64, text: String)?>(nil)
    let lanes = UInt64(ProcessInfo.processInfo.activeProcessorCount)
    DispatchQueue.concurrentPerform(iterations: Int(lanes)) { lane in
      var happenings = Happenings()
      for seed in stride(from: UInt64(lane), to: Self.histories, by: Int(lanes)) {
        guard failure.withLock({ $0 == nil }) else { break }
        do {
          var world = try World(anyWith: seed)
          try world.run()
          happenings += world.happenings
        } catch {
          failure.withLock { $0 = (seed, "\(error)") }
        }
      }
      total.withLock { $0 += happenings }
    }
    if let (seed, text) = failure.withLock({ $0 }) {
      Issue.record(
        """
        seed \(seed): \(text)
        It is told again by VAESWEEP_SEED=\(seed) deploy/test --filter ProtocolTests.SimulationTests
        """)
      return
    }
    let seen = total.withLock { $0 }
    print("\(Self.histories) histories in \(ContinuousClock.now - start): \(seen)")
    // Nothing of what they are about was left out.
    for (name, count) in [
      ("coordinator restarts", seen.coordinatorRestarts), ("worker restarts", seen.workerRestarts),
      ("lost", seen.lost), ("doubled", seen.doubled), ("cut off", seen.cut),
      ("full disks", seen.stalls), ("granted again", seen.regrants), ("failed", seen.failed),
      ("taken over from the disk", seen.takenOver), ("gone on from a checkpoint", seen.resumed),
      ("left out", seen.leftOut), ("stores put back", seen.restored),
      ("workers with a time limit", seen.timeLimits),
      ("workers killed at their time limit", seen.overran), ("orders", seen.orders),
      ("cancelled", seen.cancelled), ("extended", seen.extended),
      ("hosts that could train nothing", seen.hostFaults),
      ("points trained again for an audit", seen.audited),
      ("audits that nobody looked after", seen.desertedAudits),
    ] {
      #expect(count > 0, "no history had any: \(name)")
    }
  }

  /// Prints every event of one history.
  private static func tell(_ seed: UInt64) throws {
    var world = try World(anyWith: seed)
    world.story = []
    print("seed \(seed): \(world.trouble)")
    let result = Result { try world.run() }
    print((world.story ?? []).joined(separator: "\n"))
    #expect(throws: Never.self, "seed \(seed)") { try result.get() }
  }

  @Test("does not pass where a rule is broken", arguments: BrokenRule.allCases)
  func bites(rule: BrokenRule) throws {
    var found = 0
    for seed in 0..<UInt64(4000) where found == 0 {
      var world = try World(anyWith: seed, broken: rule)
      do {
        try world.run()
      } catch {
        found += 1
        print("\(rule): seed \(seed): \(error)")
      }
    }
    #expect(found > 0, "no history shows that \(rule) is wrong")
  }

  @Test("trains each point exactly once when nothing goes wrong")
  func once() throws {
    for seed in 0..<100 {
      var world = try World(
        seed: UInt64(seed), points: 20, workers: 3, trouble: Trouble(seconds: 0))
      try world.run()
      #expect(world.trainings.values.allSatisfy { $0 == 1 })
    }
  }

  @Test("loses no attempt to time limits of which its workers know")
  func timeLimits() throws {
    var limits = 0
    for seed in 0..<200 {
      let trouble = Trouble(timeLimits: 20...60, seconds: 0)
      var world = try World(seed: UInt64(seed), points: 40, workers: 3, trouble: trouble)
      try world.run()
      #expect(world.happenings.overran == 0, "seed \(seed) replays it")
      #expect(world.store.losses.values.allSatisfy { $0 == 0 }, "seed \(seed) replays it")
      limits += world.happenings.timeLimits
    }
    // Workers did reach their limits.
    #expect(limits > 200 * 3)
  }

  @Test("repeats no work because of a coordinator's crash")
  func coordinatorCrash() throws {
    for seed in 0..<200 {
      let trouble = Trouble(coordinatorKills: 4, seconds: 30)
      var world = try World(seed: UInt64(seed), points: 20, workers: 3, trouble: trouble)
      try world.run()
      #expect(world.trainings.values.allSatisfy { $0 == 1 }, "seed \(seed) replays it")
    }
  }

  @Test("repeats at most one attempt of each slot because of a worker's crash")
  func workerCrash() throws {
    for seed in 0..<200 {
      let trouble = Trouble(workerKills: 1, seconds: 10)
      var world = try World(seed: UInt64(seed), points: 20, workers: 2, trouble: trouble)
      try world.run()
      let repeated = world.trainings.values.reduce(0) { $0 + $1 - 1 }
      #expect(repeated <= 2, "seed \(seed) replays it")
    }
  }
}
