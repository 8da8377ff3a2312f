import Sweep
import VAE
import Wire

/// A point that has its outcome and lacks artifacts that are wanted of it.
struct LackingPoint: Sendable {
  /// Where they are to come from.
  enum Phase: Sendable {
    /// A worker has them, or has said so at `named`; they come from its attempt.
    case held(SessionID, AttemptID, isReplay: Bool, named: Duration)
    /// After a restart: whoever has them may say so until the grace is over.
    case unclaimed
    /// It waits to be trained again.
    case waiting
    /// An attempt trains it again, or is about to.
    case replaying
  }

  let key: PointKey
  /// Of the stored outcome: data of another do not belong to it.
  let fingerprint: String
  var kinds: Set<ArtifactKind>
  /// Stored or on their way to the store, of all its artifacts.
  var bytes: Int
  var phase: Phase
}

/// Which points lack which artifacts, and how they will come by them.
///
/// Memory grows with the points that lack some, never with what a worker says.
struct ArtifactLedger: Sendable {
  private(set) var lacking: [Int: LackingPoint] = [:]
  private var byKey: [PointKey: Int] = [:]
  /// Positions in the phase `waiting`, descending, so that the first is taken from the end.
  private(set) var waiting: [Int] = []
  /// Positions in the phase `held`.
  private(set) var held: Set<Int> = []
  /// Positions in the phase `replaying`.
  private(set) var replaying: Set<Int> = []
  private var unclaimed: Set<Int> = []
  /// Replays of a position that gave nothing.
  var losses: [Int: Int] = [:]
  /// Positions whose artifacts are given up until a retry, and why.
  private(set) var givenUp: [Int: String] = [:]
  /// What those lacked.
  private var forgone: [Int: LackingPoint] = [:]
  /// Kinds of each position on their way to the store.
  var recording: [Int: Set<ArtifactKind>] = [:]
  /// Attempts whose outcome is not the stored one.
  var faulted: Set<AttemptID> = []
  /// Artifacts refused of each worker.
  var refusals: [SessionID: Int] = [:]
  /// When it was first seen that nobody here can train what is left.
  var strandedSince: Duration?

  var isSettled: Bool { lacking.isEmpty }

  func index(of key: PointKey) -> Int? { byKey[key] }

  mutating func add(_ point: LackingPoint, at index: Int) {
    lacking[index] = point
    byKey[point.key] = index
    move(index, to: point.phase)
  }

  mutating func move(_ index: Int, to phase: LackingPoint.Phase) {
    guard let old = lacking[index]?.phase else { return }
    switch old {
    case .waiting: waiting.removeAll { $0 == index }
    case .held: held.remove(index)
    case .replaying: replaying.remove(index)
    case .unclaimed: unclaimed.remove(index)
    }
    lacking[index]?.phase = phase
    switch phase {
    case .waiting: waiting.insert(index, at: place(of: index))
    case .held: held.insert(index)
    case .replaying: replaying.insert(index)
    case .unclaimed: unclaimed.insert(index)
    }
  }

  /// Where a position belongs among those that wait.
  private func place(of index: Int) -> Int {
    var (low, high) = (0, waiting.count)
    while low < high {
      let middle = (low + high) / 2
      if waiting[middle] > index { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// All that may be claimed no longer waits.
  mutating func endGrace() {
    for index in unclaimed.sorted(by: >) { move(index, to: .waiting) }
  }

  /// Takes the first waiting position whose outcome has this fingerprint.
  mutating func takeWaiting(fingerprint: String) -> Int? {
    guard let place = waiting.lastIndex(where: { lacking[$0]?.fingerprint == fingerprint })
    else { return nil }
    let index = waiting[place]
    move(index, to: .replaying)
    return index
  }

  /// An artifact is in the store.
  ///
  /// - Returns: Whether the position lacks nothing any more.
  mutating func supply(_ kind: ArtifactKind, at index: Int) -> Bool {
    guard lacking[index]?.kinds.remove(kind) != nil, lacking[index]?.kinds.isEmpty == true
    else { return false }
    remove(index)
    return true
  }

  mutating func giveUp(_ index: Int, _ reason: String) {
    guard let point = lacking[index] else { return }
    remove(index)
    givenUp[index] = reason
    forgone[index] = point
  }

  /// Artifacts that were given up are wanted again.
  mutating func reopen(_ index: Int) {
    guard givenUp.removeValue(forKey: index) != nil,
      var point = forgone.removeValue(forKey: index)
    else { return }
    point.phase = .waiting
    add(point, at: index)
  }

  /// Kinds that nobody has brought on their way yet.
  func missing(at index: Int) -> Set<ArtifactKind> {
    (lacking[index]?.kinds ?? []).subtracting(recording[index] ?? [])
  }

  mutating func reserve(_ bytes: Int, at index: Int) { lacking[index]?.bytes += bytes }

  private mutating func remove(_ index: Int) {
    move(index, to: .replaying)
    replaying.remove(index)
    if let point = lacking.removeValue(forKey: index) { byKey[point.key] = nil }
    losses[index] = nil
  }
}
