/// What will happen, in the order of time; what was added first comes first at equal times.
struct Agenda<Event> {
  private var heap: [(time: Duration, serial: Int, event: Event)] = []
  private var serial = 0

  mutating func add(_ event: Event, at time: Duration) {
    heap.append((time, serial, event))
    serial += 1
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard precedes(child, parent) else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  mutating func next() -> (time: Duration, event: Event)? {
    guard let first = heap.first else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      let left = 2 * parent + 1
      guard left < heap.count else { break }
      let right = left + 1
      let child = right < heap.count && precedes(right, left) ? right : left
      guard precedes(child, parent) else { break }
      heap.swapAt(child, parent)
      parent = child
    }
    return (first.time, first.event)
  }

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    (heap[left].time, heap[left].serial) < (heap[right].time, heap[right].serial)
  }
}
