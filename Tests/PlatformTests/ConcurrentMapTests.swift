import Platform
import Testing

@Suite("A map over several processors")
struct ConcurrentMapTests {
  @Test("keeps the order, nothing and a part of a list included", arguments: [0, 1, 2, 1_000])
  func order(count: Int) {
    let numbers = Array(0..<count)
    #expect(numbers.concurrentMap { $0 * 3 } == numbers.map { $0 * 3 })
    #expect(numbers.dropFirst(7).concurrentMap { "\($0)" } == numbers.dropFirst(7).map { "\($0)" })
    #expect(numbers.concurrentMap { $0 % 2 == 0 ? nil : $0 }.count == count)
  }

  @Test("may stand within another")
  func nested() {
    let rows = (0..<20).concurrentMap { row in (0..<row).concurrentMap { $0 + row } }
    #expect(rows == (0..<20).map { row in (0..<row).map { $0 + row } })
  }
}
