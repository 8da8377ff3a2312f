import Dashboard
import Testing

@Suite("Histogram")
struct HistogramTests {
  @Test("A value counts at its bound and above, and beyond the last in the total alone")
  func bounds() {
    var histogram = Histogram([1, 5])
    for value in [0.5, 1, 1.5, 7] { histogram.observe(value) }
    #expect(histogram.cumulative.map(\.count) == [2, 3])
    #expect(histogram.count == 4)
    #expect(histogram.sum == 10)
  }

  @Test("What is no length of time is not counted", arguments: [-1, .nan, .infinity])
  func noNumber(value: Double) {
    var histogram = Histogram([1])
    histogram.observe(value)
    #expect(histogram.count == 0)
    #expect(histogram.sum == 0)
  }
}
