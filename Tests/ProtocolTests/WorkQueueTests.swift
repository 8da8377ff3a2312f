import Coordinator
import Sweep
import Testing

@Suite("The queue of points")
struct WorkQueueTests {
  private func queue(skipping skipped: PositionSet = []) throws -> WorkQueue {
    WorkQueue(grid: try Sample.grid(points: 4), skipping: skipped)
  }

  private func drain(_ queue: inout WorkQueue) -> [Int] {
    var indices: [Int] = []
    while queue.hasNext(), let next = queue.next() { indices.append(next.index) }
    return indices
  }

  @Test("gives back what was put back first, then the rest in order")
  func order() throws {
    var queue = try queue(skipping: [1])
    let first = queue.next()?.index
    #expect(first == 0)
    queue.putBack(1)
    queue.putBack(0)
    queue.putBack(0)
    #expect(queue.maxLeft == 4)
    #expect(drain(&queue) == [0, 1, 2, 3])
  }

  @Test("forgets what is removed, wherever it stood, and tells whether it waited")
  func removal() throws {
    var queue = try queue(skipping: [2])
    let first = queue.next()?.index
    #expect(first == 0)
    // Held: it waits nowhere.
    var waited = [0, 1, 1, 2].map { queue.remove($0) }
    #expect(waited == [false, true, false, false])
    // Held when the coordinator started and handed back since: ahead, and among the returned.
    queue.putBack(2)
    waited = [queue.remove(2)]
    #expect(waited == [true])
    #expect(drain(&queue) == [3])
  }
}
