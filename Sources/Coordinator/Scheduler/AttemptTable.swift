import Sweep

/// The attempts that are not settled, found by their number and by the position they work on.
struct AttemptTable: Sendable {
  private var byID: [AttemptID: AttemptState] = [:]
  private var byIndex: [Int: Set<AttemptID>] = [:]

  var isEmpty: Bool { byID.isEmpty }

  subscript(id: AttemptID) -> AttemptState? { byID[id] }

  /// Every attempt, oldest first.
  var sorted: [(id: AttemptID, state: AttemptState)] {
    byID.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The attempts at one position, oldest first.
  func ids(at index: Int) -> [AttemptID] { (byIndex[index] ?? []).sorted() }

  mutating func insert(_ state: AttemptState, as id: AttemptID) {
    byID[id] = state
    byIndex[state.index, default: []].insert(id)
  }

  /// Changes an attempt in place; nothing happens where it is gone.
  mutating func update(_ id: AttemptID, _ change: (inout AttemptState) -> Void) {
    guard var state = byID[id] else { return }
    change(&state)
    byID[id] = state
  }

  mutating func remove(_ id: AttemptID) -> AttemptState? {
    guard let state = byID.removeValue(forKey: id) else { return nil }
    byIndex[state.index]?.remove(id)
    if byIndex[state.index]?.isEmpty == true { byIndex[state.index] = nil }
    return state
  }
}
