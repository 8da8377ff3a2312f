import Coordinator
import Sweep
import Testing
import Wire

@Suite("How the positions of a sweep stand")
struct PointBookTests {
  private func book(
    points: Int = 3, _ recovered: RecoveredSweep = RecoveredSweep()
  ) throws -> PointBook {
    PointBook(Sample.settings(try Sample.grid(points: points), epoch: 1), recovered)
  }

  @Test("a lost attempt lets its point wait again, and the third fails it with its reason")
  func losses() throws {
    var book = try book(points: 1)
    for lost in 1...3 {
      #expect(book.next()?.index == 0)
      let result = book.countLoss(at: 0, "power")
      #expect(result.lost == lost)
      #expect(result.isFailed == (lost == 3))
    }
    #expect(book.next() == nil)
    #expect(book.failed == [0: "3 lost attempts; the last: power"])
  }

  @Test("a loss that is excused reopens the point it failed, and only that")
  func excuse() throws {
    var recovered = RecoveredSweep()
    recovered.losses = [0: 3, 1: 1]
    recovered.failed = [0: "lost"]
    var book = try book(recovered)
    #expect(book.excuse(1) == false)
    #expect(book.excuse(2) == false)
    #expect(book.excuse(0) == true)
    #expect(book.failed.isEmpty)
  }

  @Test("what is left out is not counted, waits no more, and counts again with its outcome")
  func leftOut() throws {
    var book = try book()
    _ = book.next()
    book.leaveOut([0, 1])
    #expect(book.planned == 2)
    #expect(book.next()?.index == 2)
    // The one that was being trained is left out when its attempt comes to nothing.
    #expect(book.isLeftOut(0) == true)
    #expect(book.planned == 1)
    #expect(book.isLeftOut(2) == false)
    book.settle(0)
    #expect(book.planned == 2)
  }
}

@Suite("The workers that are here")
struct WorkerRosterTests {
  private func worker(_ number: UInt64, slots: Int = 2, at peer: UInt64? = nil) -> WorkerState {
    WorkerState(
      session: SessionID(number), hello: Sample.hello(number, slots: slots),
      peer: SchedulerHarness.peer(peer ?? number), heard: .zero)
  }

  @Test("count their slots from when they are admitted until they leave")
  func slots() {
    var roster = WorkerRoster()
    #expect(roster.introduce(worker(1)) == true)
    #expect(roster.slots == 0)
    roster.admit(SessionID(1), fingerprint: "f")
    roster.admit(SessionID(1), fingerprint: "g")
    #expect(roster.slots == 2)
    #expect(roster.fingerprints == ["f"])
    roster.remove(SessionID(1))
    roster.remove(SessionID(1))
    #expect(roster.slots == 0)
  }

  @Test("stand in line once while they have room, in the order they asked")
  func line() {
    var roster = WorkerRoster()
    for number in [2, 1] as [UInt64] {
      _ = roster.introduce(worker(number))
      roster.admit(SessionID(number), fingerprint: "f")
      #expect(roster.setRoom(1, of: SessionID(number)) == true)
      #expect(roster.setRoom(2, of: SessionID(number)) == true)
    }
    #expect(roster.line == [SessionID(2), SessionID(1)])
    #expect(roster.setRoom(0, of: SessionID(2)) == false)
    roster.clearLine()
    #expect(roster.line == [SessionID(1)])
    #expect(roster.setRoom(1, of: SessionID(2)) == true)
    #expect(roster.line == [SessionID(1), SessionID(2)])
    roster.remove(SessionID(1))
    roster.clearLine()
    #expect(roster.line == [SessionID(2)])
    #expect(roster.setRoom(1, of: SessionID(1)) == false)
  }

  @Test("a connection that says hello under another name has given up the one before")
  func renamed() {
    var roster = WorkerRoster()
    _ = roster.introduce(worker(1, at: 9))
    _ = roster.introduce(worker(2, at: 9))
    #expect(roster.count == 1)
    roster.admit(SessionID(2), fingerprint: "f")
    _ = roster.introduce(worker(3, at: 9))
    #expect(roster.count == 2)
  }

  @Test("are silent when they were not heard of for a lease")
  func silence() {
    var roster = WorkerRoster()
    for number in [3, 1] as [UInt64] { _ = roster.introduce(worker(number)) }
    roster.note(SessionID(3), at: SchedulerHarness.peer(4), heard: .seconds(5))
    #expect(roster[SessionID(3)]?.peer == SchedulerHarness.peer(4))
    #expect(roster.silent(for: .seconds(10), at: .seconds(10)).map(\.session) == [SessionID(1)])
    #expect(
      roster.silent(for: .seconds(10), at: .seconds(15)).map(\.session)
        == [SessionID(1), SessionID(3)])
  }
}

@Suite("Attempts in flight")
struct AttemptsInFlightTests {
  private let orphan = AttemptID(epoch: 1, counter: 7)

  private func flight() throws -> (AttemptsInFlight, AttemptState) {
    let grid = try Sample.grid(points: 2)
    var recovered = RecoveredSweep()
    recovered.open = [orphan: 1]
    recovered.holders = [orphan: SessionID(5)]
    let settings = Sample.settings(grid, epoch: 1)
    let point = try #require(grid.point(at: 1))
    var keys = KeyMaker(dataset: settings.dataset, trainerVersion: settings.trainerVersion)
    let state = AttemptState(
      index: 1, key: keys.key(of: point), point: point, session: SessionID(6),
      phase: .leased(listed: .zero))
    return (AttemptsInFlight(settings, recovered), state)
  }

  @Test("one of an earlier start is claimed by its worker or that one's successor alone")
  func claims() throws {
    var (flight, state) = try flight()
    #expect(flight.isHeld(1))
    #expect(flight.claimable(orphan, by: SessionID(6), []) == nil)
    #expect(flight.claimable(orphan, by: SessionID(5), []) == 1)
    #expect(flight.claimable(orphan, by: SessionID(6), [SessionID(5)]) == 1)
    flight.adopt(orphan, as: state)
    #expect(!flight.isOrphan(orphan))
    #expect(flight.holder(of: orphan) == SessionID(6))
    #expect(flight.remove(orphan)?.index == 1)
    #expect(flight.isSettled)
    state.phase = .closing
  }

  @Test("no more begin than the store has room for, and nothing is settled before its outcome is")
  func bounds() throws {
    var (flight, state) = try flight()
    flight.dropOrphan(at: 1)
    #expect(flight.isSettled)
    var ids: Set<AttemptID> = []
    while flight.mayBegin { ids.insert(flight.begin(state)) }
    #expect(ids.count == AttemptsInFlight.maxRecording)
    flight.noteRecorded()
    #expect(flight.mayBegin)
    for id in ids { _ = flight.remove(id) }
    #expect(flight.isSettled)
    #expect(flight.expectLate(orphan) == true)
    #expect(flight.expectLate(orphan) == false)
    #expect(!flight.isSettled)
    #expect(flight.noteLateRecorded(orphan) == true)
    #expect(flight.isSettled)
    state.phase = .closing
  }
}

@Suite("Which checkpoints are kept")
struct CheckpointExchangeTests {
  private func offered(_ counter: UInt64, step: Int, _ text: String) -> OfferedCheckpoint {
    OfferedCheckpoint(
      attempt: AttemptID(epoch: 1, counter: counter), key: PointKey(Digest(of: "key")),
      reference: CheckpointReference(
        digest: Digest(of: text), size: 10, step: step, fingerprint: "f"))
  }

  @Test("only one that is farther is wanted, and its predecessor's file goes")
  func farther() {
    var exchange = CheckpointExchange()
    let (first, second) = (offered(1, step: 5, "a"), offered(2, step: 9, "b"))
    #expect(exchange.judge(first, at: 0) == .wanted)
    exchange.beginWriting(first)
    #expect(exchange.judge(first, at: 0) == .busy)
    #expect(exchange.record(first, at: 0) == nil)
    #expect(exchange.judge(first, at: 0) == .passed(isOnRecord: true))
    #expect(exchange.judge(offered(2, step: 5, "b"), at: 0) == .passed(isOnRecord: false))
    #expect(exchange.judge(second, at: 0) == .wanted)
    exchange.beginWriting(second)
    #expect(exchange.record(second, at: 0) == first.reference.digest)
    #expect(!exchange.isFarther(first, at: 0))
    #expect(exchange.reference(at: 0, fingerprint: "f") == second.reference)
    #expect(exchange.reference(at: 0, fingerprint: "g") == nil)
    #expect(exchange.drop(at: 0) == second.reference.digest)
    #expect(exchange.drop(at: 0) == nil)
  }

  @Test("a file stays while another attempt refers to the same bytes")
  func shared() {
    var exchange = CheckpointExchange()
    let (first, second) = (offered(1, step: 5, "same"), offered(2, step: 5, "same"))
    exchange.beginWriting(first)
    exchange.beginWriting(second)
    #expect(exchange.discard(first) == nil)
    #expect(exchange.record(second, at: 3) == nil)
    #expect(exchange.drop(at: 3) == second.reference.digest)
  }
}
