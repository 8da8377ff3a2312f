import Dashboard
import Testing
import Wire

@Suite("The timeline of hosts")
struct HostTimelineTests {
  private func worker(
    _ host: String, slots: Int = 4, running: Int = 0, silent: Duration = .zero
  ) throws -> WorkerStatus {
    var worker = WorkerStatus(
      host: host, process: 1, slots: slots, finished: 0,
      running: try (0..<running).map { try ViewFixture.running("784-16-2", epoch: 1, step: $0) })
    worker.silent = silent
    return worker
  }

  private func loads(_ timeline: HostTimeline, _ host: String) -> [Double?] {
    timeline.hosts.first { $0.name == host }?.bins.map(\.load) ?? []
  }

  @Test("Tells when a host was connected and how busy, over all its workers")
  func load() throws {
    var timeline = HostTimeline()
    timeline.look([], at: 0)
    timeline.look([try worker("a", running: 1), try worker("a", running: 3)], at: 1)
    timeline.look([try worker("a", running: 4), try worker("b", slots: 2)], at: 2.2)
    #expect(loads(timeline, "a") == [nil, 0.5, 1])
    #expect(loads(timeline, "b") == [nil, nil, 0])
    #expect(timeline.fleet.map(\.meanSlots) == [0, 8, 6])
    #expect(timeline.fleet.map(\.meanBusy) == [0, 4, 4])
    #expect(timeline.width == 1 && timeline.now == 2.2)
  }

  @Test("Between two looks that are near to each other nothing has changed; beyond, nobody knows")
  func gaps() throws {
    var timeline = HostTimeline()
    timeline.look([try worker("a", running: 2)], at: 0)
    timeline.look([try worker("a", running: 4), try worker("b", running: 1)], at: 3)
    #expect(loads(timeline, "a") == [0.5, 1, 1, 1])
    #expect(loads(timeline, "b") == [nil, nil, nil, 0.25])
    #expect(timeline.fleet.map(\.meanBusy) == [2, 5, 5, 5])
    timeline.look([try worker("a")], at: 30)
    #expect(Array(loads(timeline, "a").dropFirst(4)) == Array(repeating: nil, count: 26) + [0])
    #expect(timeline.fleet[4...29].allSatisfy { $0.looks == 0 })
  }

  @Test("Who says goodbye has left, who fell silent is lost, and either may come back")
  func gone() throws {
    var timeline = HostTimeline()
    timeline.look([try worker("calm"), try worker("mute"), try worker("here")], at: 0)
    timeline.look(
      [try worker("calm"), try worker("mute", silent: .seconds(14)), try worker("here")], at: 1)
    timeline.look([try worker("here")], at: 2)
    func state(_ name: String) -> HostTimeline.State? {
      timeline.hosts.first { $0.name == name }?.state
    }
    #expect(state("calm") == .left && state("mute") == .lost && state("here") == .connected)
    timeline.look([try worker("here")], at: 3)
    let mute = try #require(timeline.hosts.first { $0.name == "mute" })
    #expect(mute.bins.map(\.isLoss) == [false, false, true, false])
    #expect(mute.lastSeen == 1)
    timeline.look([try worker("mute")], at: 4)
    #expect(state("mute") == .connected)
    // What has been stays.
    #expect(timeline.hosts.first { $0.name == "mute" }?.bins[2].isLoss == true)
  }

  @Test("However long it goes on, it has so many bins and no more, and forgets no loss")
  func bins() throws {
    var timeline = HostTimeline()
    let busy = [try worker("a", slots: 2, running: 1)]
    timeline.look([try worker("a"), try worker("b", silent: .seconds(9))], at: 0)
    for second in 1..<1000 { timeline.look(busy, at: Double(second)) }
    #expect(timeline.width == 16 && timeline.fleet.count == 63)
    #expect(loads(timeline, "a").dropFirst().allSatisfy { $0 == 0.5 })
    #expect(timeline.hosts[1].bins.filter(\.isLoss).count == 1 && timeline.hosts[1].bins[0].isLoss)
    // A host that slept for a month.
    timeline.look(busy, at: 2_600_000)
    #expect(timeline.fleet.count <= HostTimeline.mostBins)
    #expect(timeline.fleet.last?.looks == 1)
    #expect(timeline.hosts.allSatisfy { $0.bins.count == timeline.fleet.count })
  }

  @Test("Of more hosts than there is room for those that went first are forgotten, and counted")
  func hosts() throws {
    var timeline = HostTimeline()
    let many = try (0..<HostTimeline.mostHosts).map { try worker("h\($0)") }
    timeline.look(many, at: 0)
    // Nobody has gone: there is no room.
    timeline.look(many + [try worker("late")], at: 1)
    #expect(timeline.hosts.count == HostTimeline.mostHosts && timeline.leftOut == 1)
    timeline.look(many + [try worker("late")], at: 2)
    #expect(timeline.leftOut == 1)
    timeline.look(Array(many.dropFirst()), at: 3)
    timeline.look(many.dropFirst() + [try worker("late")], at: 4)
    #expect(timeline.hosts.contains { $0.name == "late" })
    #expect(!timeline.hosts.contains { $0.name == "h0" })
    #expect(timeline.leftOut == 1)
    // All of them count, also those without a row.
    #expect(timeline.fleet[1].meanSlots == Double(4 * HostTimeline.mostHosts + 4))
  }

  @Test("Slots that nobody has do no harm")
  func overflow() throws {
    var timeline = HostTimeline()
    let many = try (0..<2000).map { try worker("h\($0)", slots: 1 << 20) }
    for second in 0..<20 { timeline.look(many, at: Double(second)) }
    #expect(timeline.fleet.last?.meanSlots == 2000 * Double(1 << 20))
  }
}
