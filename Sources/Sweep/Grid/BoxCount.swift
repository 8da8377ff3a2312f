/// Some of the positions of a product of axes: on each axis a set of places, or nil for all of them.
typealias GridBox = [IntervalSet?]

/// Counts positions of a product by arithmetic, however long its axes are.
///
/// Axis after axis, places that the same boxes name are taken together: the time is in the boxes,
/// not in the positions.
struct BoxCount {
  /// Positions that lie in one of `boxes` and in none of `except`.
  struct Taken {
    var boxes: [GridBox]
    var except: [GridBox]
  }

  private let counts: [Int]
  /// Positions of the axes from each one on.
  private let rest: [Int]
  private let boxes: [GridBox]
  /// Of each box: twice the number of its group, and one more where it is an exception.
  private let tags: [Int]
  /// Of each box, the axis from which on it names nothing.
  private let freeFrom: [Int]

  /// How many positions of the product `counts` none of `taken` takes.
  static func left(_ counts: [Int], after taken: [Taken]) -> Int {
    let count = BoxCount(counts, taken)
    return count.left(from: 0, Array(count.boxes.indices))
  }

  /// How many positions of the product `counts` lie in some of `boxes`.
  static func union(_ counts: [Int], _ boxes: [GridBox]) -> Int {
    guard !boxes.isEmpty else { return 0 }
    return counts.reduce(1, *) - left(counts, after: [Taken(boxes: boxes, except: [])])
  }

  /// The product `counts` without `boxes`.
  init(_ counts: [Int], outside boxes: [GridBox]) {
    self.init(counts, [Taken(boxes: boxes, except: [])])
  }

  /// Positions that none of the boxes takes.
  var left: Int { left(from: 0, Array(boxes.indices)) }

  /// The places of one of the positions that are left, which are numbered from 0 on axis after axis.
  func places(of number: Int) -> [Int] {
    var places: [Int] = []
    var rest = number
    var open = Array(boxes.indices)
    for axis in counts.indices {
      for (first, next) in ranges(of: axis, open) {
        let holding = held(open, on: axis, at: first)
        let each = left(from: axis + 1, holding)
        let all = (next - first) * each
        guard rest >= all else {
          places.append(first + rest / each)
          rest %= each
          open = holding
          break
        }
        rest -= all
      }
    }
    return places
  }

  private init(_ counts: [Int], _ taken: [Taken]) {
    self.counts = counts
    var rest = [1]
    for count in counts.reversed() { rest.append(count * rest[rest.count - 1]) }
    self.rest = rest.reversed()
    var boxes: [GridBox] = []
    var tags: [Int] = []
    for (group, taken) in taken.enumerated() where !taken.boxes.isEmpty {
      boxes += taken.boxes + taken.except
      tags += taken.boxes.map { _ in 2 * group } + taken.except.map { _ in 2 * group + 1 }
    }
    self.boxes = boxes
    self.tags = tags
    freeFrom = boxes.map { box in (box.lastIndex { $0 != nil } ?? -1) + 1 }
  }

  /// - Parameter open: The boxes that hold every place chosen so far, group by group.
  private func left(from axis: Int, _ open: [Int]) -> Int {
    var undecided: [Int] = []
    var start = 0
    while start < open.count {
      let group = tags[open[start]] / 2
      var end = start
      var (isFree, hasException, isException) = (false, false, false)
      var hasBox = false
      while end < open.count, tags[open[end]] / 2 == group {
        let box = open[end]
        let free = freeFrom[box] <= axis
        if tags[box] % 2 == 0 {
          hasBox = true
          if free { isFree = true }
        } else {
          hasException = true
          if free { isException = true }
        }
        end += 1
      }
      if hasBox, !isException {
        // What is taken whole, without exception, leaves nothing.
        if isFree, !hasException { return 0 }
        undecided += open[start..<end]
      }
      start = end
    }
    guard !undecided.isEmpty else { return rest[axis] }
    return sections(of: axis, undecided).reduce(0) { sum, section in
      sum + section.value * left(from: axis + 1, section.key)
    }
  }

  /// The places of an axis, counted by the boxes that hold them.
  private func sections(of axis: Int, _ open: [Int]) -> [[Int]: Int] {
    var sections: [[Int]: Int] = [:]
    for (first, next) in ranges(of: axis, open) {
      sections[held(open, on: axis, at: first), default: 0] += next - first
    }
    return sections
  }

  /// The places of an axis in runs, from one that is in to one that is not, that the same boxes hold.
  private func ranges(of axis: Int, _ open: [Int]) -> [(Int, Int)] {
    var bounds: Set<Int> = [0, counts[axis]]
    for box in open {
      for range in boxes[box][axis]?.ranges ?? [] {
        bounds.insert(range.lowerBound)
        bounds.insert(range.upperBound)
      }
    }
    let ends = bounds.sorted()
    return Array(zip(ends, ends.dropFirst()))
  }

  /// Those of some boxes that hold a place of an axis.
  private func held(_ open: [Int], on axis: Int, at place: Int) -> [Int] {
    open.filter { boxes[$0][axis]?.contains(place) ?? true }
  }
}
