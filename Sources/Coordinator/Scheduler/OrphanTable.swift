import Sweep

/// Attempts of an earlier epoch that may still be claimed, found by their number and by the position
/// they work on.
struct OrphanTable: Sendable {
  private var byID: [AttemptID: Int]
  private var byIndex: [Int: [AttemptID]] = [:]

  init(_ open: [AttemptID: Int]) {
    byID = open
    for (id, index) in open { byIndex[index, default: []].append(id) }
  }

  var isEmpty: Bool { byID.isEmpty }

  /// Oldest first.
  var sorted: [(id: AttemptID, index: Int)] {
    byID.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  subscript(id: AttemptID) -> Int? { byID[id] }

  func contains(index: Int) -> Bool { byIndex[index] != nil }

  mutating func remove(_ id: AttemptID) {
    guard let index = byID.removeValue(forKey: id) else { return }
    byIndex[index]?.removeAll { $0 == id }
    if byIndex[index]?.isEmpty == true { byIndex[index] = nil }
  }

  mutating func removeAll(at index: Int) {
    for id in byIndex.removeValue(forKey: index) ?? [] { byID[id] = nil }
  }
}
