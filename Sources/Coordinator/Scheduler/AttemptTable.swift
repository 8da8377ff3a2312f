import Sweep

/// The attempts that are not settled, found by their number and by the position they work on.
struct AttemptTable: Sendable {
  private var byID: [AttemptID: AttemptState] = [:]
  /// The attempt at each position; nearly always it is the only one.
  private var byIndex: [Int: AttemptID] = [:]
  private var further: [Int: [AttemptID]] = [:]

  var isEmpty: Bool { byID.isEmpty }

  subscript(id: AttemptID) -> AttemptState? { byID[id] }

  /// Every attempt, oldest first.
  var sorted: [(id: AttemptID, state: AttemptState)] { sorted { _ in true } }

  /// The attempts of which `condition` holds, oldest first.
  func sorted(where condition: (AttemptState) -> Bool) -> [(id: AttemptID, state: AttemptState)] {
    byID.filter { condition($0.value) }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  func contains(index: Int) -> Bool { byIndex[index] != nil }

  /// The attempts at one position, oldest first.
  func ids(at index: Int) -> [AttemptID] {
    guard let id = byIndex[index] else { return [] }
    guard let others = further[index] else { return [id] }
    return ([id] + others).sorted()
  }

  mutating func insert(_ state: AttemptState, as id: AttemptID) {
    byID[id] = state
    guard let other = byIndex[state.index], other != id else {
      byIndex[state.index] = id
      return
    }
    if further[state.index]?.contains(id) != true { further[state.index, default: []].append(id) }
  }

  /// Changes an attempt in place; nothing happens where it is gone.
  mutating func update(_ id: AttemptID, _ change: (inout AttemptState) -> Void) {
    guard let place = byID.index(forKey: id) else { return }
    change(&byID.values[place])
  }

  mutating func remove(_ id: AttemptID) -> AttemptState? {
    guard let state = byID.removeValue(forKey: id) else { return nil }
    let index = state.index
    if byIndex[index] == id {
      byIndex[index] = further[index]?.popLast()
    } else {
      further[index]?.removeAll { $0 == id }
    }
    if further[index]?.isEmpty == true { further[index] = nil }
    return state
  }
}
