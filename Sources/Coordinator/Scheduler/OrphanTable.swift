import Sweep
import Wire

/// Attempts of an earlier epoch that may still be claimed, found by their number and by the position
/// they work on.
struct OrphanTable: Sendable {
  private var byID: [AttemptID: Int]
  private var byIndex: [Int: AttemptID] = [:]
  private var holders: [AttemptID: SessionID]

  /// - Parameter holders: Whom they were granted to; whoever else names one does not get it.
  init(_ open: [AttemptID: Int], holders: [AttemptID: SessionID]) {
    byID = [:]
    self.holders = holders
    for (id, index) in open.sorted(by: { $0.key < $1.key }) {
      // Of a point only the youngest goes on. An older one is that of an outcome that came from
      // another attempt, and the younger one a replay for its artifacts.
      remove(at: index)
      byID[id] = index
      byIndex[index] = id
    }
  }

  var isEmpty: Bool { byID.isEmpty }

  /// Oldest first.
  var sorted: [(id: AttemptID, index: Int)] {
    byID.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  subscript(id: AttemptID) -> Int? { byID[id] }

  /// The positions that they work on.
  var indices: some Sequence<Int> { byIndex.keys }

  func contains(index: Int) -> Bool { byIndex[index] != nil }

  func holder(of id: AttemptID) -> SessionID? { holders[id] }

  mutating func remove(_ id: AttemptID) {
    guard let index = byID.removeValue(forKey: id) else { return }
    holders[id] = nil
    byIndex[index] = nil
  }

  mutating func remove(at index: Int) {
    if let id = byIndex[index] { remove(id) }
  }
}
