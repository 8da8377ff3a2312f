package import Sweep
package import Wire

/// What has been handed out and is not settled: the attempts of this start, those of an earlier one that
/// may still be claimed, and outcomes on their way to the store whose attempt is not in memory.
package struct AttemptsInFlight: Sendable {
  /// Attempts on their way to the store at once; workers that ask for more wait for a commit.
  ///
  /// A thousand workers with room for a thousand points each would otherwise fill the memory with
  /// what the store cannot take for a minute.
  package static let maxRecording = 4096

  private let epoch: UInt64
  private let start: UInt64
  private var counter: UInt64 = 0
  private var table = AttemptTable()
  private var orphans: OrphanTable
  private var late: Set<AttemptID> = []
  /// Attempts on their way to the store, not granted yet.
  private var recording = 0

  package init(_ settings: SchedulerSettings, _ recovered: RecoveredSweep) {
    epoch = settings.coordinatorEpoch
    start = settings.coordinatorStart
    orphans = OrphanTable(recovered.open, holders: recovered.holders)
  }

  /// Whether nothing is under way, of any start.
  package var isSettled: Bool { table.isEmpty && orphans.isEmpty && late.isEmpty }

  /// Whether no attempt of this start, or adopted by it, is under way.
  package var isEmpty: Bool { table.isEmpty }

  /// Whether the store has room for the record of one more.
  package var mayBegin: Bool { recording < Self.maxRecording }

  /// Whether this start has granted it, and no earlier one.
  package func isOwn(_ id: AttemptID) -> Bool { id.epoch == epoch && id.start == start }

  package subscript(id: AttemptID) -> AttemptState? { table[id] }

  /// Oldest first.
  package var sorted: [(id: AttemptID, state: AttemptState)] { table.sorted }

  package func sorted(where condition: (AttemptState) -> Bool) -> [(
    id: AttemptID, state: AttemptState
  )] {
    table.sorted(where: condition)
  }

  package func ids(at index: Int) -> [AttemptID] { table.ids(at: index) }

  /// Whether some attempt that is not settled works on this position.
  package func isHeld(_ index: Int) -> Bool {
    table.contains(index: index) || orphans.contains(index: index)
  }

  /// Every position of which `isHeld` is true.
  package var heldPositions: PositionSet {
    var held = PositionSet(table.sorted.map(\.state.index))
    for index in orphans.indices { held.insert(index) }
    return held
  }

  /// The session that an attempt was granted to.
  package func holder(of id: AttemptID) -> SessionID? {
    table[id]?.session ?? orphans.holder(of: id)
  }

  /// Numbers a new attempt, whose record goes to the store now.
  package mutating func begin(_ state: AttemptState) -> AttemptID {
    counter += 1
    recording += 1
    let id = AttemptID(epoch: epoch, counter: counter, start: start)
    table.insert(state, as: id)
    return id
  }

  /// The store has the record of a new attempt.
  package mutating func noteRecorded() { recording -= 1 }

  /// Changes an attempt in place; nothing happens where it is gone.
  package mutating func update(_ id: AttemptID, _ change: (inout AttemptState) -> Void) {
    table.update(id, change)
  }

  package mutating func remove(_ id: AttemptID) -> AttemptState? { table.remove(id) }

  // MARK: of an earlier start

  package func isOrphan(_ id: AttemptID) -> Bool { orphans[id] != nil }

  /// The position of an attempt of an earlier start that this session may claim: it was granted to it, or
  /// to a worker whose place it has taken.
  package func claimable(_ id: AttemptID, by session: SessionID, _ predecessors: [SessionID])
    -> Int?
  {
    guard let index = orphans[id] else { return nil }
    let holder = orphans.holder(of: id)
    let mayClaim = holder.map { $0 == session || predecessors.contains($0) } ?? true
    return mayClaim ? index : nil
  }

  /// Takes over an attempt of an earlier start.
  package mutating func adopt(_ id: AttemptID, as state: AttemptState) {
    orphans.remove(id)
    table.insert(state, as: id)
  }

  /// Attempts of an earlier start that nobody has claimed, oldest first.
  package var unclaimed: [(id: AttemptID, index: Int)] { orphans.sorted }

  package mutating func dropOrphan(_ id: AttemptID) { orphans.remove(id) }

  package mutating func dropOrphan(at index: Int) { orphans.remove(at: index) }

  // MARK: outcomes whose attempt is not in memory

  /// Notes an outcome on its way to the store; false where it is there already.
  package mutating func expectLate(_ id: AttemptID) -> Bool { late.insert(id).inserted }

  package func isLate(_ id: AttemptID) -> Bool { late.contains(id) }

  /// The store has spoken about an outcome; whether it was one of these.
  package mutating func noteLateRecorded(_ id: AttemptID) -> Bool { late.remove(id) != nil }
}
